//! Who the caller is, and what it may do.

use crate::cluster::context::CallClass;
use crate::cluster::target::Outgoing;
use crate::cluster::{Context, Resource, Result, Scope, Target};
use crate::object::{Name, Namespace, Subresource};
use crate::value::json::ManagedFields;
use crate::value::{Map, Node};
use http::Method;
use std::time::Duration;

/// What exactly the caller wants to do.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct AccessOptions {
    /// Where; the target's default namespace unless said.
    pub scope: Scope,
    /// To which object; any unless said.
    pub name: Option<Name>,
    /// To which part of it.
    pub subresource: Option<Subresource>,
    /// How long the call may take.
    pub timeout: Option<Duration>,
}

/// The server's answer to a question about rights.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Access {
    /// Whether the caller may.
    pub is_allowed: bool,
    /// Why, if the server says; often empty.
    pub reason: String,
}

impl Target {
    /// Whether the caller may do that (a `SelfSubjectAccessReview`). Admission may refuse still.
    ///
    /// # Errors
    /// The question could not be asked; being forbidden is an answer, not an error.
    pub async fn can(&self, run: &Context, verb: &str, resource: &Resource, options: &AccessOptions) -> Result<Access> {
        let namespace = self.place(resource, &options.scope)?;
        let attributes: Map = [
            ("verb", Some(verb)),
            ("group", Some(&*resource.group)),
            ("version", Some(&*resource.version)),
            ("resource", Some(&*resource.plural)),
            ("subresource", options.subresource.as_ref().map(Subresource::as_str)),
            ("namespace", namespace.as_ref().map(Namespace::as_str)),
            ("name", options.name.as_ref().map(Name::as_str)),
        ]
        .into_iter()
        .filter_map(|(key, value)| Some((key, value?)))
        .collect();
        let review = Node::from([
            ("apiVersion", "authorization.k8s.io/v1".into()),
            ("kind", "SelfSubjectAccessReview".into()),
            ("spec", Node::from([("resourceAttributes", attributes.into())])),
        ]);
        let call = self.call("ask for the right to", format!("{verb} {}", resource.qualified()));
        let path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews".to_owned();
        let outgoing = Outgoing::new(Method::POST, path, CallClass::Read).json(&review).within(options.timeout);
        let answer = self.fetch_object(run, &call, outgoing, ManagedFields::Drop).await?;
        let is_allowed = answer.at(&["status", "allowed"]).and_then(Node::as_bool).unwrap_or_default();
        let reason = answer.text_at(&["status", "reason"]).unwrap_or_default().to_owned();
        Ok(Access { is_allowed, reason })
    }

    /// Who the caller is to the server: `username`, `uid`, `groups`, `extra` (a `SelfSubjectReview`).
    ///
    /// # Errors
    /// The question could not be asked.
    pub async fn whoami(&self, run: &Context) -> Result<Node> {
        let review =
            Node::from([("apiVersion", "authentication.k8s.io/v1".into()), ("kind", "SelfSubjectReview".into())]);
        let call = self.call("ask for", "the caller's name");
        let path = "/apis/authentication.k8s.io/v1/selfsubjectreviews".to_owned();
        let outgoing = Outgoing::new(Method::POST, path, CallClass::Read).json(&review);
        let answer = self.fetch_object(run, &call, outgoing, ManagedFields::Drop).await?;
        Ok(answer.at(&["status", "userInfo"]).cloned().unwrap_or_default())
    }
}
