//! Creating an object that must not exist yet.
//!
//! A creation whose answer was lost cannot be sent again blindly: the second one would be refused because of the first. It is
//! looked up instead: what is there is ours, or somebody else's, or nothing is there and it can be sent again.

use super::DryRun;
use super::body::{holds, is_managed_by, wanted, without_managed_fields, write_options};
use crate::cluster::context::CallClass;
use crate::cluster::error::{Call, Error};
use crate::cluster::read::GetOptions;
use crate::cluster::request::{collection_path, with_options};
use crate::cluster::target::Outgoing;
use crate::cluster::{Context, Problem, Resource, Result, Scope, Target};
use crate::object::{GroupVersionKind, Namespace, ObjectRef};
use crate::value::Node;
use crate::value::json::ManagedFields;
use http::Method;
use std::sync::Arc;
use std::time::Duration;

/// How to create.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct CreateOptions {
    /// Where objects go that name no namespace; the target's default unless said.
    pub scope: Scope,
    /// Whether it is done.
    pub dry_run: DryRun,
    /// How long the call may take.
    pub timeout: Option<Duration>,
}

/// How often a creation is sent that left no trace.
const ATTEMPTS: u32 = 3;

impl Target {
    /// Creates an object and gives back what it is then. An object with `metadata.generateName` and no name gets one.
    ///
    /// # Errors
    /// [`Problem::AlreadyExists`]; [`Error::InDoubt`] where the answer was lost and the object that is there cannot be told
    /// to be ours, or its name is not known.
    pub async fn create(&self, run: &Context, object: &Node, options: &CreateOptions) -> Result<Node> {
        let is_named = object.text_at(&["metadata", "name"]).is_some_and(|name| !name.is_empty());
        if !is_named && object.text_at(&["metadata", "generateName"]).is_some() {
            return self.create_unnamed(run, object, options).await;
        }
        let (resource, reference) = self.manifest(run, "create", object, &options.scope).await?;
        let call = self.call("create", reference.to_string());
        let namespace = reference.namespace.as_ref().map(Namespace::as_str);
        let sent = wanted(object, namespace);
        // What is only tried can be tried again.
        let class = if options.dry_run == DryRun::Server { CallClass::Repeatable } else { CallClass::Named };
        let mut attempt = 0;
        loop {
            attempt += 1;
            let error = match self.post(run, &call, &resource, namespace, &sent, class, options).await {
                Ok(created) => return Ok(created),
                Err(error) => error,
            };
            let was_lost = attempt > 1 && error.problem() == Some(Problem::AlreadyExists);
            if class != CallClass::Named || !(was_lost || is_doubtful(&error)) {
                return Err(error);
            }
            match self.look_up(run, &call, &reference, &sent, &error).await? {
                Some(created) => return Ok(created),
                None if attempt < ATTEMPTS => tokio::time::sleep(Duration::from_millis(500) * attempt).await,
                None => return Err(error),
            }
        }
    }

    async fn create_unnamed(&self, run: &Context, object: &Node, options: &CreateOptions) -> Result<Node> {
        let invalid =
            |error: crate::object::ObjectError| Error::InvalidObject { verb: "create", why: error.to_string() };
        let gvk = GroupVersionKind::of(object).map_err(invalid)?;
        let resource = self.resolve_exactly(run, &gvk).await?;
        let scope = match object.text_at(&["metadata", "namespace"]).filter(|namespace| !namespace.is_empty()) {
            Some(namespace) => Scope::Namespace(Namespace::parse(namespace).map_err(invalid)?),
            None => options.scope.clone(),
        };
        let namespace = self.place(&resource, &scope)?;
        let namespace = namespace.as_ref().map(Namespace::as_str);
        let prefix = object.text_at(&["metadata", "generateName"]).unwrap_or_default();
        let call = self.call("create", format!("{}/{prefix}…", resource.kind));
        let sent = wanted(object, namespace);
        self.post(run, &call, &resource, namespace, &sent, CallClass::Once, options).await
    }

    #[expect(clippy::too_many_arguments, reason = "one call's parts, each needed")]
    async fn post(
        &self,
        run: &Context,
        call: &Arc<Call>,
        resource: &Resource,
        namespace: Option<&str>,
        sent: &Node,
        class: CallClass,
        options: &CreateOptions,
    ) -> Result<Node> {
        let path = with_options(&collection_path(resource, namespace), &write_options(run, options.dry_run)?);
        let outgoing = Outgoing::new(Method::POST, path, class).json(sent).within(options.timeout);
        self.fetch_object(run, call, outgoing, ManagedFields::Drop).await
    }

    /// Looks for what a creation without an answer may have left. Nothing: it can be sent again.
    async fn look_up(
        &self,
        run: &Context,
        call: &Arc<Call>,
        reference: &ObjectRef,
        sent: &Node,
        error: &Error,
    ) -> Result<Option<Node>> {
        let reference = ObjectRef { uid: None, ..reference.clone() };
        let options = GetOptions { managed_fields: ManagedFields::Keep, ..GetOptions::default() };
        let doubt = |cause: String| Error::InDoubt { call: call.clone(), cause };
        let live = match self.find_ref(run, &reference, &options).await {
            Ok(Some(live)) => live,
            Ok(None) => return Ok(None),
            Err(other) => return Err(doubt(format!("{error}; then {other}"))),
        };
        if !is_managed_by(&live, run.field_manager()) {
            let message = "another object of that name exists, which this run did not create".to_owned();
            let status = crate::cluster::Status { code: 409, message, ..Default::default() };
            let (call, problem) = (call.clone(), Problem::AlreadyExists);
            return Err(Error::Api { call, problem, status: Box::new(status) });
        }
        if holds(&live, sent) {
            return Ok(Some(without_managed_fields(live)));
        }
        Err(doubt(format!("{error}; an object of that name exists, with other contents")))
    }
}

/// Whether the object may have been created although there was no good answer.
fn is_doubtful(error: &Error) -> bool {
    matches!(error, Error::InDoubt { .. } | Error::Broken { .. })
        || matches!(error.problem(), Some(Problem::ServerError | Problem::WebhookFailed))
}
