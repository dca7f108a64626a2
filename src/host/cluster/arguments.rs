//! What arguments of cluster calls mean: kinds, names, namespaces, selectors and references, parsed before anything is sent.

use super::Cluster;
use crate::cluster::read::{Content, ListOptions};
use crate::cluster::{Context, Error, Result as ClusterResult, Scope, Target};
use crate::diag::Explain as _;
use crate::diag::codes;
use crate::host::{Call, Failure, Thrown};
use crate::object::{FieldSelector, GroupVersionKind, KindQuery, LabelSelector, Name, Namespace, ObjectRef};
use crate::value::Node;

/// Connects the receiver and makes a call, within the run's deadline.
pub(super) fn reach<T>(
    call: &Call<'_, '_>,
    work: impl AsyncFnOnce(&Target, &Context) -> ClusterResult<T>,
) -> Result<T, Thrown> {
    let cluster = call.receiver::<Cluster>()?;
    reach_in(call, &cluster, work)
}

/// As [`reach`], for a cluster that is not the receiver.
pub(super) fn reach_in<T>(
    call: &Call<'_, '_>,
    cluster: &Cluster,
    work: impl AsyncFnOnce(&Target, &Context) -> ClusterResult<T>,
) -> Result<T, Thrown> {
    call.wait(async {
        let target = cluster.target().await.map_err(failure)?;
        work(&target, &call.host().context).await.map_err(failure)
    })
}

/// A cluster's error with the cluster, the object and the time it names.
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
