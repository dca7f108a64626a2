//! Deleting one object or many.

use super::DryRun;
use super::repeated::{doubt, is_repeated};
use crate::cluster::context::{CallClass, Shape};
use crate::cluster::error::{Call, Error};
use crate::cluster::read::{GetOptions, STREAM_BYTES};
use crate::cluster::request::{collection_path, object_path, with_options};
use crate::cluster::target::{Outgoing, read_object};
use crate::cluster::{Context, Problem, Result, Scope, Target};
use crate::object::{FieldSelector, KindQuery, LabelSelector, Namespace, ObjectRef};
use crate::value::json::{ListParser, ManagedFields, WireOptions};
use crate::value::{Map, Node};
use http::Method;
use http_body_util::BodyExt;
use kube::client::Body;
use std::sync::Arc;
use std::time::Duration;

/// How to delete.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct DeleteOptions {
    /// Where the object is if its reference names no namespace; the target's default unless said.
    pub scope: Scope,
    /// Seconds that a pod gets to end; the object's own unless said. 0 takes it from the API without asking the node.
    pub grace_period: Option<u32>,
    /// What becomes of the objects that it owns; the kind's own rule unless said.
    pub propagation: Option<Propagation>,
    /// Delete this very object and no later one of its name. The reference's own uid is used where it has one.
    pub uid: Option<Arc<str>>,
    /// Delete it only as it was in this version.
    pub resource_version: Option<Arc<str>>,
    /// Whether it is done.
    pub dry_run: DryRun,
    /// How long the call may take.
    pub timeout: Option<Duration>,
}

/// How to delete many.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct DeleteCollectionOptions {
    /// Where; the target's default namespace unless said.
    pub scope: Scope,
    /// Only objects with these labels.
    pub labels: Option<LabelSelector>,
    /// Only objects with these fields.
    pub fields: Option<FieldSelector>,
    /// Seconds that pods get to end.
    pub grace_period: Option<u32>,
    /// What becomes of the objects that they own.
    pub propagation: Option<Propagation>,
    /// Whether it is done.
    pub dry_run: DryRun,
    /// How long the call may take.
    pub timeout: Option<Duration>,
}

/// What becomes of the objects that a deleted object owns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Propagation {
    /// They are deleted first; the owner stays until they are gone.
    Foreground,
    /// They are deleted after it.
    Background,
    /// They stay, without an owner.
    Orphan,
}

impl Propagation {
    fn word(self) -> &'static str {
        match self {
            Self::Foreground => "Foreground",
            Self::Background => "Background",
            Self::Orphan => "Orphan",
        }
    }
}

/// What became of an object that was deleted.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Deletion {
    /// It is gone.
    Gone,
    /// It goes when its grace period, its finalizers or its dependents let it.
    Terminating(Node),
}

impl Target {
    /// Deletes an object.
    ///
    /// Where the answer is lost, a deletion with a uid is repeated. Without one it is looked up, since by now another object
    /// may have that name.
    ///
    /// # Errors
    /// [`crate::cluster::Problem::NotFound`], [`crate::cluster::Problem::Replaced`] where the uid is another one,
    /// [`Error::InDoubt`].
    pub async fn delete(&self, run: &Context, reference: &ObjectRef, options: &DeleteOptions) -> Result<Deletion> {
        let resource = self.resolve_exactly(run, &reference.gvk).await?;
        let uid = options.uid.clone().or_else(|| reference.uid.clone());
        let scope = reference.namespace.clone().map_or(options.scope.clone(), Scope::Namespace);
        let reference = self.reference(&resource, &scope, &reference.name)?;
        let call = self.call("delete", reference.to_string());
        let namespace = reference.namespace.as_ref().map(Namespace::as_str);
        let path = object_path(&resource, namespace, reference.name.as_str(), "");
        let path = with_options(&path, &[("dryRun", options.dry_run.option())]);
        let mut body = delete_body(options.grace_period, options.propagation, options.dry_run);
        let preconditions: Map = [("uid", &uid), ("resourceVersion", &options.resource_version)]
            .into_iter()
            .filter_map(|(key, value)| Some((key, Node::text(value.clone()?))))
            .collect();
        if !preconditions.is_empty() {
            body.insert("preconditions", preconditions);
        }
        let class = if uid.is_some() { CallClass::Repeatable } else { CallClass::Once };
        let mut outgoing = Outgoing::new(Method::DELETE, path, class).json(&body.into()).within(options.timeout);
        outgoing.expects = options.resource_version.as_deref().map(str::to_owned);
        match self.fetch(run, &call, outgoing).await {
            Ok(bytes) => Ok(deletion(read_object(&call, &bytes, ManagedFields::Drop)?)),
            // By an earlier attempt it is gone, or another one has its name by now.
            Err(error)
                if is_repeated(&error) && matches!(error.problem(), Some(Problem::NotFound | Problem::Replaced)) =>
            {
                Ok(Deletion::Gone)
            }
            // A deletion changes the version that it expects.
            Err(error) if is_repeated(&error) && error.problem() == Some(Problem::Conflict) => {
                self.look_for(run, &call, &ObjectRef { uid, ..reference }, error).await
            }
            Err(error @ Error::InDoubt { .. }) => self.look_for(run, &call, &reference, error).await,
            Err(error) => Err(error),
        }
    }

    /// What became of an object whose deletion may have been done.
    async fn look_for(&self, run: &Context, call: &Arc<Call>, reference: &ObjectRef, error: Error) -> Result<Deletion> {
        match self.find_ref(run, reference, &GetOptions::default()).await {
            Ok(None) => Ok(Deletion::Gone),
            Ok(Some(object)) if object.at(&["metadata", "deletionTimestamp"]).is_some() => {
                Ok(Deletion::Terminating(object))
            }
            Ok(Some(_)) => Err(error),
            Err(replaced) if replaced.problem() == Some(Problem::Replaced) => Ok(Deletion::Gone),
            Err(then) => Err(doubt(call, &error, &then)),
        }
    }

    /// Deletes all objects of a kind that the selectors choose, and says how many the server named in its answer.
    ///
    /// # Errors
    /// The kind cannot be deleted like this; [`Error::InDoubt`] where the answer was lost, in part or as a whole.
    pub async fn delete_collection(
        &self,
        run: &Context,
        kind: &KindQuery,
        options: &DeleteCollectionOptions,
    ) -> Result<usize> {
        let resource = self.resolve(run, kind).await?;
        let namespace = self.place(&resource, &options.scope)?;
        let call = self.call("delete", crate::cluster::read::describe(&resource, namespace.as_ref()));
        if !resource.offers("deletecollection") || (resource.namespaced && namespace.is_none()) {
            return Err(Error::UnsupportedVerb { call, verb: "deletecollection" });
        }
        let path = collection_path(&resource, namespace.as_ref().map(Namespace::as_str));
        let query = [
            ("labelSelector", options.labels.as_ref().map(ToString::to_string)),
            ("fieldSelector", options.fields.as_ref().map(ToString::to_string)),
            ("dryRun", options.dry_run.option()),
        ];
        let body = delete_body(options.grace_period, options.propagation, options.dry_run);
        let mut outgoing = Outgoing::new(Method::DELETE, with_options(&path, &query), CallClass::Once);
        outgoing = outgoing.json(&body.into()).within(options.timeout);
        outgoing.shape = Shape::Page { most: STREAM_BYTES };
        let answer = self.send(run, &call, outgoing).await?.into_body();
        count(&call, answer).await.map_err(|error| match error {
            Error::Cancelled { .. } => error,
            // The server answers when it has done it: only how much that was is not known.
            Error::Broken { cause, .. } => Error::InDoubt { call, cause },
            Error::Malformed { why, .. } => {
                Error::InDoubt { call, cause: format!("the answer cannot be understood: {why}") }
            }
            error => Error::InDoubt { call, cause: error.to_string() },
        })
    }
}

/// How many items the list in an answer has. None of them is kept.
async fn count(call: &Arc<Call>, mut answer: Body) -> Result<usize> {
    let (mut parser, mut items, mut count) = (ListParser::new(&WireOptions::default()), Vec::new(), 0);
    while let Some(frame) = answer.frame().await {
        let Ok(data) = frame.map_err(|error| Error::from_kube(error, call))?.into_data() else { continue };
        parser.feed(&data, &mut items).map_err(|error| Error::malformed(call, error.to_string(), &data))?;
        count += items.drain(..).count();
    }
    parser.finish().map_err(|error| Error::malformed(call, error.to_string(), &[]))?;
    Ok(count)
}

/// `DeleteOptions`. The server reads a body instead of the query's options, so a dry run must be said here too.
fn delete_body(grace_period: Option<u32>, propagation: Option<Propagation>, dry_run: DryRun) -> Map {
    let mut body: Map = [("kind", "DeleteOptions"), ("apiVersion", "v1")].into_iter().collect();
    if let Some(seconds) = grace_period {
        body.insert("gracePeriodSeconds", i64::from(seconds));
    }
    if let Some(propagation) = propagation {
        body.insert("propagationPolicy", propagation.word());
    }
    if let Some(all) = dry_run.option() {
        body.insert("dryRun", Node::list(vec![all.into()]));
    }
    body
}

/// The server answers with a `Status` where the object is gone, and with the object where it is not yet. For some kinds it
/// answers with the object in both cases: what is marked as deleted is gone at once if it has no grace period and no
/// finalizers. A Namespace says nothing of a grace period, and is emptied first.
fn deletion(answer: Node) -> Deletion {
    let metadata = answer.get("metadata");
    let field = |key| metadata.and_then(|metadata| metadata.get(key)).filter(|value| !value.is_null());
    let is_marked = answer.text_at(&["kind"]) != Some("Status") && field("deletionTimestamp").is_some();
    let has_no_time = field("deletionGracePeriodSeconds").and_then(Node::as_i64) == Some(0);
    let is_held = !answer.items_at(&["metadata", "finalizers"]).is_empty();
    if is_marked && (is_held || !has_no_time) { Deletion::Terminating(answer) } else { Deletion::Gone }
}

#[cfg(test)]
mod tests {
    use super::{Deletion, deletion};

    /// Answers of Kubernetes 1.37, cut down.
    #[test]
    fn what_has_neither_grace_period_nor_finalizers_is_gone() {
        let marked = r#""deletionTimestamp":"2026-01-01T00:00:00Z""#;
        let cases = [
            ("a ConfigMap", r#"{"kind":"Status","metadata":{},"status":"Success"}"#.to_owned(), true),
            ("a Service", r#"{"kind":"Service","metadata":{"name":"s"}}"#.to_owned(), true),
            (
                "a Pod that no node has",
                format!(r#"{{"kind":"Pod","metadata":{{{marked},"deletionGracePeriodSeconds":0}}}}"#),
                true,
            ),
            (
                "a Pod on a node",
                format!(r#"{{"kind":"Pod","metadata":{{{marked},"deletionGracePeriodSeconds":30}}}}"#),
                false,
            ),
            (
                "a PersistentVolumeClaim",
                format!(
                    r#"{{"kind":"PersistentVolumeClaim","metadata":{{{marked},"deletionGracePeriodSeconds":0,"finalizers":["kubernetes.io/pvc-protection"]}}}}"#
                ),
                false,
            ),
            (
                "a Namespace",
                format!(r#"{{"kind":"Namespace","metadata":{{{marked}}},"spec":{{"finalizers":["kubernetes"]}}}}"#),
                false,
            ),
        ];
        for (what, answer, is_gone) in cases {
            assert_eq!(deletion(serde_json::from_str(&answer).unwrap()) == Deletion::Gone, is_gone, "{what}");
        }
    }
}
