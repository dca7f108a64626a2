//! Replacing an object as a whole.

use super::DryRun;
use super::body::{metadata_of, wanted, write_options};
use crate::cluster::context::CallClass;
use crate::cluster::read::GetOptions;
use crate::cluster::request::{object_path, with_options};
use crate::cluster::target::Outgoing;
use crate::cluster::{Context, Result, Scope, Target};
use crate::object::{Namespace, Subresource};
use crate::value::Node;
use crate::value::json::ManagedFields;
use http::Method;
use std::time::Duration;

/// How to replace.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct ReplaceOptions {
    /// Where the object is if it names no namespace; the target's default unless said.
    pub scope: Scope,
    /// A part that the server keeps beside the object, as in `status` or `finalize`.
    pub subresource: Option<Subresource>,
    /// Whether it is done.
    pub dry_run: DryRun,
    /// How long the call may take.
    pub timeout: Option<Duration>,
}

impl Target {
    /// Replaces an object by another value of it, and gives back what it is then. What is not said is gone.
    ///
    /// With `metadata.resourceVersion` the call fails where the object was changed meanwhile, and can be repeated; without it
    /// whatever is there is overwritten.
    ///
    /// # Errors
    /// [`crate::cluster::Problem::Conflict`] where it was changed, [`crate::cluster::Problem::NotFound`] where there is none.
    pub async fn replace(&self, run: &Context, object: &Node, options: &ReplaceOptions) -> Result<Node> {
        let (resource, reference) = self.manifest(run, "replace", object, &options.scope).await?;
        let call = self.call("replace", reference.to_string());
        let namespace = reference.namespace.as_ref().map(Namespace::as_str);
        let subresource = options.subresource.as_ref().map_or("", Subresource::as_str);
        let path = object_path(&resource, namespace, reference.name.as_str(), subresource);
        let path = with_options(&path, &write_options(run, options.dry_run)?);
        let mut sent = wanted(object, namespace);
        // The server checks a uid in a replacement: it must be the object that was read.
        if let (Some(uid), Some(metadata)) = (&reference.uid, metadata_of(&mut sent)) {
            metadata.insert("uid", Node::text(uid.clone()));
        }
        let has_version = sent.text_at(&["metadata", "resourceVersion"]).is_some();
        let class = if has_version { CallClass::Repeatable } else { CallClass::Once };
        let outgoing = Outgoing::new(Method::PUT, path, class).json(&sent).expecting(object).within(options.timeout);
        let answer = self.fetch_object(run, &call, outgoing, ManagedFields::Drop).await;
        let read = GetOptions { subresource: options.subresource.clone(), ..GetOptions::default() };
        self.unless_done(run, &call, &reference, &sent, &read, answer).await
    }
}
