//! [`Target`]: one cluster as a run sees it. Its methods are in `read/`, `write/` and `discovery/`.

use super::context::{CALL_TIME, CallClass, CallContext, Context, Shape};
use super::discovery::{Cache, Resource, SchemaCache};
use super::error::{Call, Error};
use super::stack::{self, Grants, Mode, Repeated};
use super::status::Status;
use super::{Result, Transport};
use crate::object::{Name, Namespace, ObjectRef};
use crate::value::json::{self, ManagedFields};
use crate::value::{Budget, Node};
use bytes::Bytes;
use http::{Method, Request, Response, header};
use http_body_util::BodyExt;
use kube::client::Body;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::OnceCell;
use tokio::time::Instant;

/// One cluster: a name, a default namespace and the stack through which all calls go. Cheap to clone.
#[derive(Clone)]
pub struct Target {
    inner: Arc<Inner>,
}

struct Inner {
    name: Arc<str>,
    namespace: Namespace,
    client: kube::Client,
    kinds: Cache,
    schemas: SchemaCache,
    version: OnceCell<semver::Version>,
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Target").field("name", &self.inner.name).field("namespace", &self.inner.namespace).finish()
    }
}

/// Which namespaces a call is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Scope {
    /// The target's default namespace, for kinds that live in one.
    #[default]
    Default,
    /// That namespace.
    Namespace(Namespace),
    /// All of them; for lists and watches only.
    All,
}

impl From<Option<Namespace>> for Scope {
    fn from(namespace: Option<Namespace>) -> Self {
        namespace.map_or(Self::Default, Self::Namespace)
    }
}

/// A request in the making. What it leaves open is what most calls want.
pub(crate) struct Outgoing {
    pub(crate) method: Method,
    /// With its options.
    pub(crate) path: String,
    pub(crate) accept: &'static str,
    pub(crate) content_type: Option<&'static str>,
    pub(crate) body: Bytes,
    pub(crate) class: CallClass,
    pub(crate) shape: Shape,
    /// How long it may take if the call's options say so.
    pub(crate) time: Option<Duration>,
    /// How long it may take if nobody says.
    pub(crate) usual: Duration,
    pub(crate) expects: Option<String>,
}

pub(crate) const JSON: &str = "application/json";

impl Outgoing {
    pub(crate) fn new(method: Method, path: String, class: CallClass) -> Self {
        Self {
            method,
            path,
            accept: JSON,
            content_type: None,
            body: Bytes::new(),
            class,
            shape: Shape::Whole,
            time: None,
            usual: CALL_TIME,
            expects: None,
        }
    }

    pub(crate) fn get(path: String) -> Self {
        Self::new(Method::GET, path, CallClass::Read)
    }

    pub(crate) fn json(self, body: &Node) -> Self {
        self.body(JSON, json::write(body))
    }

    pub(crate) fn body(mut self, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        (self.content_type, self.body) = (Some(content_type), body.into());
        self
    }

    /// Says in the journal which version of the object the call expects to find.
    pub(crate) fn expecting(mut self, object: &Node) -> Self {
        self.expects = object.text_at(&["metadata", "resourceVersion"]).map(str::to_owned);
        self
    }

    pub(crate) fn within(mut self, time: Option<Duration>) -> Self {
        self.time = time;
        self
    }
}

impl Target {
    /// A target whose requests `transport` carries.
    ///
    /// Must be called inside a tokio runtime: the stack has a worker that queues requests.
    #[must_use]
    pub fn new(name: impl Into<Arc<str>>, namespace: Namespace, transport: Transport) -> Self {
        let name = name.into();
        let stack = stack::build(&name, Grants::All, Mode::Apply, transport);
        let client = kube::Client::new(stack, namespace.as_str());
        let (kinds, schemas) = (Cache::default(), SchemaCache::default());
        let inner = Inner { name, namespace, client, kinds, schemas, version: OnceCell::new() };
        Self { inner: Arc::new(inner) }
    }

    /// Its name, as the fleet or the kubeconfig has it.
    #[must_use]
    pub fn name(&self) -> &Arc<str> {
        &self.inner.name
    }

    /// The namespace of objects that name none.
    #[must_use]
    pub fn namespace(&self) -> &Namespace {
        &self.inner.namespace
    }

    /// A client of the `kube` crate on top of the same stack, for Rust code that has typed objects.
    ///
    /// The stack refuses requests that it cannot identify. It cannot see a `#` in a name: the part after it, options
    /// included, is gone before the request is made. Check names with [`Name::parse`] first.
    #[must_use]
    pub fn client(&self) -> kube::Client {
        self.inner.client.clone()
    }

    pub(crate) fn kinds_cache(&self) -> &Cache {
        &self.inner.kinds
    }

    pub(crate) fn schema_cache(&self) -> &SchemaCache {
        &self.inner.schemas
    }

    pub(crate) fn version_cell(&self) -> &OnceCell<semver::Version> {
        &self.inner.version
    }

    pub(crate) fn call(&self, verb: &'static str, object: impl Into<String>) -> Arc<Call> {
        Call::new(&self.inner.name, verb, object)
    }

    /// Sends a request and gives back the answer if it is a good one.
    pub(crate) async fn send(&self, run: &Context, call: &Arc<Call>, outgoing: Outgoing) -> Result<Response<Body>> {
        let settings = CallContext {
            run: run.clone(),
            deadline: run.deadline_of(outgoing.time, outgoing.usual),
            started: Instant::now(),
            class: outgoing.class,
            shape: outgoing.shape,
            call: call.clone(),
            expects: outgoing.expects,
        };
        let mut request = Request::builder().method(outgoing.method).uri(outgoing.path);
        request = request.header(header::ACCEPT, outgoing.accept);
        if let Some(kind) = outgoing.content_type {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        let broken = |error: http::Error| Error::Broken { call: call.clone(), cause: error.to_string() };
        let request = request.extension(settings).body(Body::from(outgoing.body)).map_err(broken)?;
        let answer = self.inner.client.send(request).await.map_err(|error| Error::from_kube(error, call))?;
        if answer.status().is_success() {
            return Ok(answer);
        }
        Err(refusal(call, outgoing.class, answer).await)
    }

    /// Sends a request and gives back the whole answer.
    pub(crate) async fn fetch(&self, run: &Context, call: &Arc<Call>, outgoing: Outgoing) -> Result<Bytes> {
        let answer = self.send(run, call, outgoing).await?;
        let body = answer.into_body().collect().await.map_err(|error| Error::from_kube(error, call))?;
        Ok(body.to_bytes())
    }

    /// Sends a request whose answer is one object, or a `Status`.
    pub(crate) async fn fetch_object(
        &self,
        run: &Context,
        call: &Arc<Call>,
        outgoing: Outgoing,
        managed_fields: ManagedFields,
    ) -> Result<Node> {
        let bytes = self.fetch(run, call, outgoing).await?;
        read_object(call, &bytes, managed_fields)
    }

    /// The namespace in which objects of a kind are, of those that a call names; `None` for all or for no namespace.
    pub(crate) fn place(&self, resource: &Resource, scope: &Scope) -> Result<Option<Namespace>> {
        let refuse = |why| Error::Namespace { kind: resource.kind.to_string(), why };
        match scope {
            Scope::Default if resource.namespaced => Ok(Some(self.inner.namespace.clone())),
            Scope::Default | Scope::All => Ok(None),
            Scope::Namespace(namespace) if resource.namespaced => Ok(Some(namespace.clone())),
            Scope::Namespace(namespace) => {
                Err(refuse(format!("objects live in no namespace, `{namespace}` was given").into()))
            }
        }
    }

    /// The exact reference of an object that was given by kind and name.
    pub(crate) fn reference(&self, resource: &Resource, scope: &Scope, name: &Name) -> Result<ObjectRef> {
        if *scope == Scope::All && resource.namespaced {
            let why = "objects are in one namespace each: `*` names none".into();
            return Err(Error::Namespace { kind: resource.kind.to_string(), why });
        }
        let namespace = self.place(resource, scope)?;
        Ok(ObjectRef { gvk: resource.gvk(), namespace, name: name.clone(), uid: None })
    }
}

/// The one object in an answer.
pub(crate) fn read_object(call: &Arc<Call>, bytes: &[u8], managed_fields: ManagedFields) -> Result<Node> {
    let mut object = json::read(bytes, "the answer", &Budget::default())
        .map_err(|error| Error::malformed(call, error.to_string(), bytes))?;
    let Some(map) = object.as_map_mut() else {
        return Err(Error::malformed(call, "it is not one JSON object", bytes));
    };
    if managed_fields == ManagedFields::Drop
        && let Some(metadata) = map.get_mut("metadata").and_then(Node::as_map_mut)
    {
        metadata.remove("managedFields");
    }
    Ok(object)
}

/// The typed error of an answer that is none of success.
async fn refusal(call: &Arc<Call>, class: CallClass, answer: Response<Body>) -> Error {
    let code = answer.status().as_u16();
    let is_repeated = answer.extensions().get::<Repeated>().is_some();
    let after = answer.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse().ok());
    // *retry* has read error answers to their end.
    let bytes = answer.into_body().collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    let mut status = Status::parse(code, &bytes, after.map(Duration::from_secs));
    status.is_repeated = is_repeated;
    if class == CallClass::Once && matches!(code, 502..=504) {
        // It did not come from whoever does the work, or before the work was done.
        return Error::InDoubt { call: call.clone(), cause: status.message };
    }
    status.into_error(call.clone())
}
