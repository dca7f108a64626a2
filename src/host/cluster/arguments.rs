//! What arguments of cluster calls mean: kinds, names, namespaces, selectors and references, parsed before anything is sent.

use super::Cluster;
use crate::cluster::read::{Content, GetOptions, ListOptions, Logs};
use crate::cluster::write::{PatchOptions, Propagation};
use crate::cluster::{Context, Error, Result as ClusterResult, Scope, Target};
use crate::diag::{Explain as _, codes, did_you_mean};
use crate::host::handle::Shape;
use crate::host::{Call, Closure, Failure, Thrown, from_node, learn_secrets};
use crate::object::{
    FieldSelector, GroupVersionKind, KindQuery, LabelSelector, Name, Namespace, ObjectRef, Subresource,
};
use crate::value::{Map, Node};
use rhai::Dynamic;

/// Connects the receiver and makes a call, within the run's deadline.
pub(super) fn reach<T>(
    call: &Call<'_, '_>,
    work: impl AsyncFnOnce(&Target, &Context) -> ClusterResult<T>,
) -> Result<T, Thrown> {
    let cluster = call.receiver::<Cluster>()?;
    reach_in(call, &cluster, work)
}

/// As [`reach`], for a call that gives an object of the cluster.
pub(super) fn reach_object(
    call: &Call<'_, '_>,
    work: impl AsyncFnOnce(&Target, &Context) -> ClusterResult<Node>,
) -> Result<Dynamic, Thrown> {
    reach(call, async |target, context| {
        let object = work(target, context).await?;
        Ok(handed(call, target, &object))
    })
}

/// As [`reach`], for a cluster that is not the receiver.
pub(in crate::host) fn reach_in<T>(
    call: &Call<'_, '_>,
    cluster: &Cluster,
    work: impl AsyncFnOnce(&Target, &Context) -> ClusterResult<T>,
) -> Result<T, Thrown> {
    call.wait(async {
        let target = cluster.target().await.map_err(failure)?;
        work(&target, &call.host().context).await.map_err(failure)
    })
}

/// An object of a cluster as a script's value. What a Secret holds is hidden from here on.
pub(super) fn handed(call: &Call<'_, '_>, target: &Target, object: &Node) -> Dynamic {
    learn_secrets(call.host(), object);
    Shape::of(target, object).value(object)
}

/// A cluster's error with the cluster, the object and the time it names.
#[expect(clippy::needless_pass_by_value, reason = "stands in `map_err`")]
pub(super) fn failure(error: Error) -> Failure {
    let object = error.call().map(|call| call.object.clone());
    let after = error.status().and_then(|status| status.retry_after);
    let cluster = error.cluster().map(str::to_owned);
    Failure::of(error.diagnostic()).about(cluster.as_deref(), object).retry_after(after)
}

pub(super) fn kind(call: &Call<'_, '_>, index: usize) -> Result<KindQuery, Failure> {
    Ok(KindQuery::parse(&call.text(index)?)?)
}

pub(super) fn name(call: &Call<'_, '_>, index: usize) -> Result<Name, Failure> {
    Ok(Name::parse(&call.text(index)?)?)
}

/// The `namespace` option: absent is the target's default, `*` is all.
pub(super) fn scope(call: &Call<'_, '_>) -> Result<Scope, Failure> {
    match call.text_option("namespace") {
        None => Ok(Scope::Default),
        Some("*") => Ok(Scope::All),
        Some(name) => Ok(Scope::Namespace(Namespace::parse(name)?)),
    }
}

/// The options `namespace`, `labels`, `fields`, `limit`, `metadata_only` and `timeout`.
pub(super) fn list_options(call: &Call<'_, '_>) -> Result<ListOptions, Failure> {
    let mut options = ListOptions::default();
    options.scope = scope(call)?;
    options.labels = call.option("labels").map(labels).transpose()?;
    options.fields = call.text_option("fields").map(FieldSelector::parse).transpose()?;
    options.limit = call.count_option("limit")?;
    options.timeout = call.duration_option("timeout")?;
    if call.flag("metadata_only") {
        options.content = Content::Metadata;
    }
    Ok(options)
}

/// A selector: a text in kubectl's form, a map of equalities, or a `LabelSelector` as objects have it.
pub(super) fn labels(value: &Node) -> Result<LabelSelector, Failure> {
    match value {
        Node::Str(text) => Ok(LabelSelector::parse(text)?),
        other => Ok(LabelSelector::from_node(other)?),
    }
}

/// The `subresource` option.
pub(super) fn subresource(call: &Call<'_, '_>) -> Result<Option<Subresource>, Failure> {
    Ok(call.text_option("subresource").map(Subresource::parse).transpose()?)
}

/// The `timeout` option, for the calls that are patches in the end.
pub(super) fn patch_options(call: &Call<'_, '_>) -> Result<PatchOptions, Failure> {
    let mut options = PatchOptions::default();
    options.timeout = call.duration_option("timeout")?;
    Ok(options)
}

/// The `grace_period` option in whole seconds.
pub(super) fn grace_period(call: &Call<'_, '_>) -> Result<Option<u32>, Failure> {
    let Some(time) = call.duration_option("grace_period")? else { return Ok(None) };
    u32::try_from(time.as_secs())
        .map(Some)
        .map_err(|_| call.invalid("option `grace_period`", "it is longer than a pod can be given", None))
}

/// The `propagation` option, in kubectl's words.
pub(super) fn propagation(call: &Call<'_, '_>) -> Result<Option<Propagation>, Failure> {
    match call.text_option("propagation") {
        None => Ok(None),
        Some("foreground") => Ok(Some(Propagation::Foreground)),
        Some("background") => Ok(Some(Propagation::Background)),
        Some("orphan") => Ok(Some(Propagation::Orphan)),
        Some(other) => {
            let hint = did_you_mean(other, ["foreground", "background", "orphan"]);
            let why = format!("`{other}` is none of foreground, background, orphan");
            Err(call.invalid("option `propagation`", &why, hint))
        }
    }
}

/// A map of labels or annotations: keys with texts, or with `()` for those to take away.
pub(super) fn entries(call: &Call<'_, '_>, index: usize) -> Result<Vec<(String, Option<String>)>, Failure> {
    let node = call.node(index)?;
    let entry = |(key, value): (&std::sync::Arc<str>, &Node)| match value {
        Node::Null => Ok((key.to_string(), None)),
        Node::Str(text) => Ok((key.to_string(), Some(text.to_string()))),
        other => Err(call.invalid(
            &format!("value of `{key}`"),
            &format!("it must be a text or `()`, not {}", other.description()),
            Some(format!("write it as a text: `\"{other}\"`")),
        )),
    };
    node.as_map().into_iter().flat_map(Map::iter).map(entry).collect()
}

/// Collects the lines of a log, or hands each to a closure until it gives `false`.
pub(super) fn each_line(
    call: &Call<'_, '_>,
    lines: &mut Logs,
    each: Option<&Closure<'_, '_>>,
) -> Result<Dynamic, Thrown> {
    let mut collected = Vec::new();
    while let Some(line) = call.wait(async { lines.next().await.map_err(failure) })? {
        let Some(each) = each else {
            collected.push(Node::from(line));
            continue;
        };
        if each.call((line,))?.as_bool() == Ok(false) {
            return Ok(Dynamic::UNIT);
        }
    }
    Ok(if each.is_some() { Dynamic::UNIT } else { from_node(&Node::list(collected)) })
}

/// A node: as any reference, or by its name alone.
pub(super) fn node_subject(call: &Call<'_, '_>, index: usize) -> Result<Subject, Failure> {
    match call.node(index)? {
        Node::Str(text) if !text.contains('/') => {
            Ok(Subject::Named { kind: KindQuery::parse("v1/Node")?, scope: Scope::Default, name: Name::parse(&text)? })
        }
        other => subject_of(&other),
    }
}

/// What a reference argument names.
#[derive(Debug, Clone)]
pub(super) enum Subject {
    /// An object or its `.ref`: nothing is left open.
    Exact(ObjectRef),
    /// `Kind/name` or `Kind/namespace/name`: the kind is looked up in the cluster.
    Named { kind: KindQuery, scope: Scope, name: Name },
}

impl Subject {
    /// The exact reference; asks the cluster for its kinds where needed.
    pub(super) async fn resolve(&self, target: &Target, context: &Context) -> ClusterResult<ObjectRef> {
        match self {
            Self::Exact(reference) => Ok(reference.clone()),
            Self::Named { kind, scope, name } => {
                let resource = target.resolve(context, kind).await?;
                target.reference(&resource, scope, name)
            }
        }
    }
}

/// The reference argument at `index`.
pub(super) fn subject(call: &Call<'_, '_>, index: usize) -> Result<Subject, Failure> {
    subject_of(&call.node(index)?)
}

/// One object to be read: a kind and a name, or a reference alone.
pub(super) fn one(call: &Call<'_, '_>) -> Result<Subject, Failure> {
    if call.is_given(1) {
        return Ok(Subject::Named { kind: kind(call, 0)?, scope: scope(call)?, name: name(call, 1)? });
    }
    if call.option("namespace").is_some() {
        let hint = "write `Kind/namespace/name`".to_owned();
        return Err(call.invalid("option `namespace`", "a reference names its namespace itself", Some(hint)));
    }
    subject(call, 0)
}

/// The `timeout` option, for the calls that read one object.
pub(super) fn get_options(call: &Call<'_, '_>) -> Result<GetOptions, Failure> {
    let mut options = GetOptions::default();
    options.timeout = call.duration_option("timeout")?;
    Ok(options)
}

/// A reference from an object, a `.ref`, or a text.
pub(super) fn subject_of(value: &Node) -> Result<Subject, Failure> {
    match value {
        Node::Str(text) => named(text),
        Node::Map(_) if value.get("metadata").is_some() => Ok(Subject::Exact(ObjectRef::of(value)?)),
        Node::Map(_) => from_parts(value),
        other => Err(malformed(&format!("a reference cannot be {}", other.description()))),
    }
}

fn named(text: &str) -> Result<Subject, Failure> {
    // The kind itself may contain slashes: `apps/v1/Deployment/shop/web` would be ambiguous, so it is not taken.
    let parts: Vec<&str> = text.split('/').collect();
    let (kind, namespace, name) = match parts.as_slice() {
        [kind, name] => (kind, None, name),
        [kind, namespace, name] => (kind, Some(namespace), name),
        _ => return Err(malformed(&format!("`{}` is no reference", crate::diag::printable(text)))),
    };
    let scope = match namespace {
        Some(namespace) => Scope::Namespace(Namespace::parse(namespace)?),
        None => Scope::Default,
    };
    Ok(Subject::Named { kind: KindQuery::parse(kind)?, scope, name: Name::parse(name)? })
}

fn from_parts(value: &Node) -> Result<Subject, Failure> {
    let (Some(kind), Some(name)) = (value.text_at(&["kind"]), value.text_at(&["name"])) else {
        return Err(malformed("a reference needs at least `kind` and `name`"));
    };
    let namespace = value.text_at(&["namespace"]).map(Namespace::parse).transpose()?;
    let Some(api_version) = value.text_at(&["apiVersion"]) else {
        return Ok(Subject::Named {
            kind: KindQuery::parse(kind)?,
            scope: namespace.map_or(Scope::Default, Scope::Namespace),
            name: Name::parse(name)?,
        });
    };
    Ok(Subject::Exact(ObjectRef {
        gvk: GroupVersionKind::parse(api_version, kind)?,
        namespace,
        name: Name::parse(name)?,
        uid: value.text_at(&["uid"]).map(Into::into),
    }))
}

fn malformed(message: &str) -> Failure {
    Failure::new(codes::INVALID_OBJECT, message)
        .hint("a reference is an object, its `.ref`, or a text `Kind/name` or `Kind/namespace/name`")
}
