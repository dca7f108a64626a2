//! Changing parts of an object.

use super::DryRun;
use super::body::{metadata_of, write_options};
use crate::cluster::context::CallClass;
use crate::cluster::read::GetOptions;
use crate::cluster::request::{object_path, with_options};
use crate::cluster::target::Outgoing;
use crate::cluster::{Context, Problem, Result, Scope, Target};
use crate::object::{Namespace, ObjectRef, Subresource};
use crate::value::Node;
use crate::value::json::{self, ManagedFields};
use http::Method;
use std::time::Duration;

/// A change to an object.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Patch {
    /// RFC 7386: maps are merged, everything else is replaced, `null` removes.
    Merge(Node),
    /// As merge, but the server merges lists by their keys. For kinds of Kubernetes itself only.
    Strategic(Node),
    /// RFC 6902: a list of operations.
    Json(Node),
}

impl Patch {
    fn content_type(&self) -> &'static str {
        match self {
            Self::Merge(_) => "application/merge-patch+json",
            Self::Strategic(_) => "application/strategic-merge-patch+json",
            Self::Json(_) => "application/json-patch+json",
        }
    }

    /// A merge done twice has the effect of one; operations may not.
    fn class(&self) -> CallClass {
        match self {
            Self::Merge(_) | Self::Strategic(_) => CallClass::Repeatable,
            Self::Json(_) => CallClass::Once,
        }
    }

    fn body(&self) -> &Node {
        match self {
            Self::Merge(body) | Self::Strategic(body) | Self::Json(body) => body,
        }
    }
}

/// How to patch.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct PatchOptions {
    /// Where the object is if its reference names no namespace; the target's default unless said.
    pub scope: Scope,
    /// A part that the server keeps beside the object, as in `status` or `scale`.
    pub subresource: Option<Subresource>,
    /// Whether it is done.
    pub dry_run: DryRun,
    /// How long the call may take.
    pub timeout: Option<Duration>,
}

impl Target {
    /// Changes parts of an object and gives back what it is then.
    ///
    /// A reference with a uid makes the call fail where the object was replaced ([`Problem::Replaced`]).
    ///
    /// # Errors
    /// [`crate::cluster::Problem::NotFound`], [`crate::cluster::Problem::Invalid`],
    /// [`crate::cluster::Problem::Conflict`] where the patch holds a resource version or uid that is not the object's.
    pub async fn patch(
        &self,
        run: &Context,
        reference: &ObjectRef,
        patch: &Patch,
        options: &PatchOptions,
    ) -> Result<Node> {
        self.patch_as("patch", run, reference, patch, options).await
    }

    /// The same, under the name of the verb that the caller asked for.
    pub(super) async fn patch_as(
        &self,
        verb: &'static str,
        run: &Context,
        reference: &ObjectRef,
        patch: &Patch,
        options: &PatchOptions,
    ) -> Result<Node> {
        let resource = self.resolve_exactly(run, &reference.gvk).await?;
        let uid = reference.uid.clone();
        let scope = reference.namespace.clone().map_or(options.scope.clone(), Scope::Namespace);
        let reference = self.reference(&resource, &scope, &reference.name)?;
        let call = self.call(verb, reference.to_string());
        let namespace = reference.namespace.as_ref().map(Namespace::as_str);
        let subresource = options.subresource.as_ref().map_or("", Subresource::as_str);
        let path = object_path(&resource, namespace, reference.name.as_str(), subresource);
        let path = with_options(&path, &write_options(run, options.dry_run)?);
        let mut body = patch.body().clone();
        if let (Some(uid), true) = (&uid, subresource.is_empty()) {
            expect_uid(patch, &mut body, uid);
        }
        let outgoing = Outgoing::new(Method::PATCH, path, patch.class())
            .body(patch.content_type(), json::write(&body))
            .expecting(&body)
            .within(options.timeout);
        let answer = self.fetch_object(run, &call, outgoing, ManagedFields::Drop).await;
        match answer {
            // The server calls another uid an invalid change of the object: is it that?
            Err(error) if uid.is_some() && matches!(error.problem(), Some(Problem::Invalid | Problem::Conflict)) => {
                match self.find_ref(run, &ObjectRef { uid, ..reference }, &GetOptions::default()).await {
                    Err(replaced) if replaced.problem() == Some(Problem::Replaced) => Err(replaced.within_call(&call)),
                    _ => Err(error),
                }
            }
            answer => answer,
        }
    }
}

/// Makes the patch fail where the object has another uid.
fn expect_uid(patch: &Patch, body: &mut Node, uid: &str) {
    if let (Patch::Json(_), Some(operations)) = (patch, body.as_list_mut()) {
        let test = [("op", "test".into()), ("path", "/metadata/uid".into()), ("value", uid.into())];
        operations.insert(0, Node::from(test));
        return;
    }
    let Some(map) = body.as_map_mut() else { return };
    if !map.contains("metadata") {
        map.insert("metadata", Node::from([]));
    }
    if let Some(metadata) = metadata_of(body) {
        metadata.insert("uid", uid);
    }
}
