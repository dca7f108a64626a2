//! Changing parts of an object.

use super::DryRun;
use super::body::{metadata_of, write_options};
use crate::cluster::context::CallClass;
use crate::cluster::error::{Call, Error};
use crate::cluster::read::GetOptions;
use crate::cluster::request::{object_path, with_options};
use crate::cluster::target::Outgoing;
use crate::cluster::{Context, Problem, Result, Scope, Target};
use crate::object::{Namespace, ObjectRef, Subresource};
use crate::value::Node;
use crate::value::json::{self, ManagedFields};
use http::Method;
use std::sync::Arc;
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

/// How often a patch is sent that is pinned to a version which is not the last one any more.
const ATTEMPTS: u32 = 5;

impl Target {
    /// Changes parts of an object and gives back what it is then.
    ///
    /// A reference with a uid makes the call fail where the object was replaced ([`Problem::Replaced`]). To make sure of that
    /// for a merge into a subresource, it is read first.
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
        let scope = reference.namespace.clone().map_or(options.scope.clone(), Scope::Namespace);
        let exact = ObjectRef { uid: reference.uid.clone(), ..self.reference(&resource, &scope, &reference.name)? };
        let call = self.call(verb, exact.to_string());
        let namespace = exact.namespace.as_ref().map(Namespace::as_str);
        let subresource = options.subresource.as_ref().map_or("", Subresource::as_str);
        let path = object_path(&resource, namespace, exact.name.as_str(), subresource);
        let path = with_options(&path, &write_options(run, options.dry_run)?);
        let (subresource, timeout) = (options.subresource.clone(), options.timeout);
        let read = GetOptions { subresource, timeout, ..GetOptions::default() };
        let mut attempt = 0;
        loop {
            attempt += 1;
            let (body, is_pinned) = self.aimed(run, &call, &exact, patch, &read).await?;
            let outgoing = Outgoing::new(Method::PATCH, path.clone(), patch.class())
                .body(patch.content_type(), json::write(&body))
                .expecting(&body)
                .within(options.timeout);
            let answer = self.fetch_object(run, &call, outgoing, ManagedFields::Drop).await;
            match self.unless_done(run, &call, &exact, &body, &read, answer).await {
                // It was changed since it was read for its version, as the status of a rollout is all the time.
                Err(error) if is_pinned && error.problem() == Some(Problem::Conflict) && attempt < ATTEMPTS => {}
                Err(error) => return Err(self.or_replaced(run, &call, &exact, &read, error).await),
                Ok(patched) => return Ok(patched),
            }
        }
    }

    /// The server calls another uid an invalid change of the object: is it that?
    async fn or_replaced(
        &self,
        run: &Context,
        call: &Arc<Call>,
        reference: &ObjectRef,
        read: &GetOptions,
        error: Error,
    ) -> Error {
        if reference.uid.is_none() || !matches!(error.problem(), Some(Problem::Invalid | Problem::Conflict)) {
            return error;
        }
        match self.find_ref(run, reference, read).await {
            Err(replaced) if replaced.problem() == Some(Problem::Replaced) => replaced.within_call(call),
            _ => error,
        }
    }

    /// The body of a patch, made to fail where the object has another uid than the reference; and whether it is pinned for
    /// that to the version that the object has now.
    async fn aimed(
        &self,
        run: &Context,
        call: &Arc<Call>,
        reference: &ObjectRef,
        patch: &Patch,
        read: &GetOptions,
    ) -> Result<(Node, bool)> {
        let mut body = patch.body().clone();
        let Some(uid) = &reference.uid else { return Ok((body, false)) };
        if let (Patch::Json(_), Some(operations)) = (patch, body.as_list_mut()) {
            let test = [("op", "test".into()), ("path", "/metadata/uid".into()), ("value", Node::text(uid.clone()))];
            operations.insert(0, Node::from(test));
            return Ok((body, false));
        }
        if read.subresource.is_none() {
            expect(&mut body, "uid", uid);
            return Ok((body, false));
        }
        // Merged into a `Scale` any uid is taken, but not any version.
        let live = self.get_ref(run, reference, read).await.map_err(|error| error.within_call(call))?;
        let has_version = body.at(&["metadata", "resourceVersion"]).is_some();
        match live.text_at(&["metadata", "resourceVersion"]) {
            Some(version) if !has_version => {
                expect(&mut body, "resourceVersion", version);
                Ok((body, true))
            }
            _ => Ok((body, false)),
        }
    }
}

/// Makes a merge fail where the object's `metadata` has another value there.
fn expect(body: &mut Node, key: &'static str, value: &str) {
    let Some(map) = body.as_map_mut() else { return };
    if !map.contains("metadata") {
        map.insert("metadata", Node::from([]));
    }
    if let Some(metadata) = metadata_of(body) {
        metadata.insert(key, value);
    }
}
