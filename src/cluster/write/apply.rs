//! Server-side apply: the object is as it is said to be, and what is not said belongs to others.

use super::DryRun;
use super::body::{metadata_of, wanted, write_options};
use crate::cluster::context::CallClass;
use crate::cluster::error::{Call, Error};
use crate::cluster::read::GetOptions;
use crate::cluster::request::{object_path, with_options};
use crate::cluster::target::Outgoing;
use crate::cluster::{Context, Problem, Resource, Result, Scope, Target};
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
    /// `managedFields` and the other fields of `metadata` that only the server writes are left out of what is sent: the
    /// server refuses the first and ignores the others, so that an object that was read can be applied again. A
    /// `resourceVersion` is sent where the object has one: it makes the call fail when the object was changed meanwhile.
    ///
    /// # Errors
    /// [`crate::cluster::Problem::FieldConflict`] where another manager owns a field; see [`Error`] for the rest.
    pub async fn apply(&self, run: &Context, object: &Node, options: &ApplyOptions) -> Result<Node> {
        let (resource, reference) = self.manifest(run, "apply", object, &options.scope).await?;
        let call = self.call("apply", reference.to_string());
        let namespace = reference.namespace.as_ref().map(Namespace::as_str);
        let path = object_path(&resource, namespace, reference.name.as_str(), "");
        let mut body = wanted(object, namespace);
        // A uid is not said in what is applied: it may be of an object that was deleted since.
        let reference = ObjectRef { uid: None, ..reference };
        let refused = match self.apply_once(run, &call, &reference, &path, &body, options).await {
            Err(error) if is_own_conflict(&error, run) => error,
            answer => return answer,
        };
        // `create` and `patch` own their fields under the same name, but as another operation. What is ours we may take over,
        // in the version in which nobody else owns it: the one that the caller has read, or else the one that is there.
        let force = ApplyOptions { conflicts: Conflicts::Force, ..options.clone() };
        if body.text_at(&["metadata", "resourceVersion"]).is_some_and(|version| !version.is_empty()) {
            return self.apply_once(run, &call, &reference, &path, &body, &force).await;
        }
        let Some(live) = self.find_ref(run, &reference, &GetOptions::default()).await? else {
            return Err(refused);
        };
        if let (Some(version), Some(metadata)) =
            (live.text_at(&["metadata", "resourceVersion"]), metadata_of(&mut body))
        {
            metadata.insert("resourceVersion", version);
        }
        match self.apply_once(run, &call, &reference, &path, &body, options).await {
            Err(error) if is_own_conflict(&error, run) => {
                self.apply_once(run, &call, &reference, &path, &body, &force).await
            }
            answer => answer,
        }
    }

    async fn apply_once(
        &self,
        run: &Context,
        call: &Arc<Call>,
        reference: &ObjectRef,
        path: &str,
        body: &Node,
        options: &ApplyOptions,
    ) -> Result<Node> {
        let mut query = write_options(run, options.dry_run)?;
        query.push(("force", (options.conflicts == Conflicts::Force).then(|| "true".to_owned())));
        // JSON is YAML: the server's only name for this form says YAML.
        let outgoing = Outgoing::new(Method::PATCH, with_options(path, &query), CallClass::Repeatable)
            .body("application/apply-patch+yaml", json::write(body))
            .expecting(body)
            .within(options.timeout);
        let answer = self.fetch_object(run, call, outgoing, ManagedFields::Drop).await;
        self.unless_done(run, call, reference, body, &GetOptions::default(), answer).await
    }

    /// What an object that is to be written is, and where it goes.
    pub(super) async fn manifest(
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

/// Whether all fields in conflict belong to the run's own manager, from writes that were no apply.
fn is_own_conflict(error: &Error, run: &Context) -> bool {
    error.problem() == Some(Problem::FieldConflict)
        && error.status().is_some_and(|status| status.conflicting_managers() == [run.field_manager()])
}
