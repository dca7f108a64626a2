//! Server-side apply: the object is as it is said to be, and what is not said belongs to others.

use super::{DryRun, strict};
use crate::cluster::context::CallClass;
use crate::cluster::error::Error;
use crate::cluster::request::{object_path, with_options};
use crate::cluster::target::Outgoing;
use crate::cluster::{Context, Resource, Result, Scope, Target};
use crate::object::{Namespace, ObjectRef};
use crate::value::Node;
use crate::value::json::{self, ManagedFields};
use http::Method;
use std::sync::Arc;
use std::time::Duration;

/// How to apply.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct ApplyOptions {
    /// Where objects go that name no namespace; the target's default unless said.
    pub scope: Scope,
    /// What to do about fields that another manager owns.
    pub conflicts: Conflicts,
    /// Whether it is done.
    pub dry_run: DryRun,
    /// How long the call may take.
    pub timeout: Option<Duration>,
}

/// What to do about fields that another manager owns.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Conflicts {
    /// They are an error that names the manager and the fields.
    #[default]
    Refuse,
    /// They are taken over.
    Force,
}

impl Target {
    /// Creates or changes an object by server-side apply, and gives back what it is then.
    ///
    /// `managedFields` is left out of what is sent, because the server refuses it, and so are the other fields that only the
    /// server writes: `uid`, `creationTimestamp`, `generation`, `status` stays. A `resourceVersion` is kept only where the
    /// caller set it: it makes the call fail when the object was changed meanwhile.
    ///
    /// # Errors
    /// [`crate::cluster::Problem::FieldConflict`] where another manager owns a field; see [`Error`] for the rest.
    pub async fn apply(&self, run: &Context, object: &Node, options: &ApplyOptions) -> Result<Node> {
        let (resource, reference) = self.manifest(run, "apply", object, &options.scope).await?;
        let call = self.call("apply", reference.to_string());
        let namespace = reference.namespace.as_ref().map(Namespace::as_str);
        let path = object_path(&resource, namespace, reference.name.as_str(), "");
        let path = with_options(
            &path,
            &[
                ("fieldManager", Some(run.field_manager().to_owned())),
                ("force", (options.conflicts == Conflicts::Force).then(|| "true".to_owned())),
                strict(),
                ("dryRun", options.dry_run.option()),
            ],
        );
        let body = json::write(&wanted(object, namespace));
        // JSON is YAML: the server's only name for this form says YAML.
        let mut outgoing =
            Outgoing::new(Method::PATCH, path, CallClass::Repeatable).body("application/apply-patch+yaml", body);
        outgoing.expects = object.text_at(&["metadata", "resourceVersion"]).map(str::to_owned);
        self.fetch_object(run, &call, outgoing.within(options.timeout), ManagedFields::Drop).await
    }

    /// What an object that is to be written is, and where it goes.
    pub(crate) async fn manifest(
        &self,
        run: &Context,
        verb: &'static str,
        object: &Node,
        scope: &Scope,
    ) -> Result<(Arc<Resource>, ObjectRef)> {
        let named = ObjectRef::of(object).map_err(|error| Error::InvalidObject { verb, why: error.to_string() })?;
        let resource = self.resolve_exactly(run, &named.gvk).await?;
        let scope = named.namespace.clone().map_or(scope.clone(), Scope::Namespace);
        let reference = ObjectRef { uid: named.uid, ..self.reference(&resource, &scope, &named.name)? };
        Ok((resource, reference))
    }
}

/// The object as it is sent: in its namespace, without what only the server writes.
pub(super) fn wanted(object: &Node, namespace: Option<&str>) -> Node {
    let mut wanted = object.clone();
    if let Some(metadata) = wanted.as_map_mut().and_then(|map| map.get_mut("metadata")).and_then(Node::as_map_mut) {
        for key in ["managedFields", "uid", "creationTimestamp", "generation", "selfLink"] {
            metadata.remove(key);
        }
        if let Some(namespace) = namespace {
            metadata.insert("namespace", namespace);
        }
    }
    wanted
}
