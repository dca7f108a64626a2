//! What is known of a value that came from a cluster: of what kind the object is, and where in it the value stands. It is
//! asked only when a field is absent, to tell `()` from a mistyped name.

use super::{Failure, Host, Thrown};
use crate::cluster::{Schemas, Target};
use crate::diag::{codes, did_you_mean};
use crate::object::GroupVersionKind;
use crate::value::{FieldPath, Node, Step};
use rhai::ImmutableString;
use std::sync::{Arc, OnceLock};

/// Where a value stands in an object of a cluster. A list stands where its items do. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Live {
    origin: Arc<Origin>,
    place: Option<Arc<Place>>,
}

/// What all values of one answer share.
#[derive(Debug)]
struct Origin {
    target: Target,
    kind: GroupVersionKind,
    /// As they were when first needed.
    schemas: OnceLock<Option<Arc<Schemas>>>,
}

/// The fields that lead to a value, the last one first.
#[derive(Debug)]
struct Place {
    above: Option<Arc<Self>>,
    key: ImmutableString,
}

impl Live {
    /// An object that a cluster gave; `None` for one that does not say what it is.
    pub(crate) fn new(target: &Target, object: &Node) -> Option<Self> {
        let (version, kind) = (object.text_at(&["apiVersion"])?, object.text_at(&["kind"])?);
        let kind = GroupVersionKind::parse(version, kind).ok()?;
        let origin = Origin { target: target.clone(), kind, schemas: OnceLock::new() };
        Some(Self { origin: Arc::new(origin), place: None })
    }

    /// Whether both stand in the same place of the same kind in the same cluster.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        let (one, two) = (&self.origin, &other.origin);
        one.kind == two.kind && one.target.name() == two.target.name() && self.path() == other.path()
    }

    /// What stands in a field.
    pub(crate) fn below(&self, key: ImmutableString) -> Self {
        let place = Place { above: self.place.clone(), key };
        Self { origin: Arc::clone(&self.origin), place: Some(Arc::new(place)) }
    }

    /// What stands at the end of some steps; `None` where they do not say which fields they mean.
    pub(crate) fn along(&self, steps: &[Step]) -> Option<Self> {
        steps.iter().try_fold(self.clone(), |live, step| match step {
            Step::Key(key) => Some(live.below((&**key).into())),
            Step::Index(_) => Some(live),
            Step::All => None,
        })
    }

    /// Finds no fault with absent fields that the kind has, or may have.
    ///
    /// # Errors
    /// `E0217` for the first one that does not exist; the end of the run.
    pub(crate) fn check(&self, host: &Host, asked: &[&str]) -> Result<(), Thrown> {
        let Origin { target, kind, schemas } = &*self.origin;
        let (run, version) = (&host.context, &kind.group_version);
        let mut path = self.path();
        let present = path.len();
        path.extend(asked);
        if schemas.get().is_none() {
            let read = host.bridge().wait(infallible(target.schemas(run, version)))?;
            // Another thread may have been first, with the same answer.
            let _ = schemas.set(read);
        }
        let known = schemas.get().and_then(Option::as_ref);
        if known.and_then(|known| known.unknown(&kind.kind, &path, present)).is_none() {
            return Ok(());
        }
        let fresh = host.bridge().wait(infallible(target.fresh_schemas(run, version)))?;
        match fresh.as_ref().and_then(|fresh| fresh.unknown(&kind.kind, &path, present)) {
            Some(unknown) => Err(self.unknown(&path[..=unknown.at], &unknown.known).into()),
            None => Ok(()),
        }
    }

    /// The same for a path that leads nowhere in `node`, which stands here.
    pub(crate) fn check_path(&self, host: &Host, node: &Node, path: &FieldPath) -> Result<(), Thrown> {
        let (present, absent) = path.steps().split_at(node.reach(path).steps);
        let asked = absent.iter().take_while(|step| **step != Step::All).filter_map(|step| match step {
            Step::Key(key) => Some(&**key),
            _ => None,
        });
        let asked: Vec<&str> = asked.collect();
        match self.along(present) {
            Some(here) if !asked.is_empty() => here.check(host, &asked),
            _ => Ok(()),
        }
    }

    fn path(&self) -> Vec<&str> {
        let mut place = self.place.as_deref();
        let mut path: Vec<&str> = std::iter::from_fn(|| {
            let here = place?;
            place = here.above.as_deref();
            Some(here.key.as_str())
        })
        .collect();
        path.reverse();
        path
    }

    fn unknown(&self, path: &[&str], known: &[&str]) -> Failure {
        let Origin { target, kind, .. } = &*self.origin;
        let (name, above) = path.split_last().map_or(("", path), |(name, above)| (*name, above));
        let owner = [&[&*kind.kind], above].concat().join(".");
        let hint = did_you_mean(name, known.iter().copied())
            .unwrap_or_else(|| format!("the fields of {owner} are: {}", known.join(", ")));
        Failure::new(codes::UNKNOWN_FIELD, format!("{owner} has no field `{name}`"))
            .hint(hint)
            .about(Some(target.name()), None)
    }
}

async fn infallible<T>(read: impl Future<Output = T>) -> Result<T, Failure> {
    Ok(read.await)
}
