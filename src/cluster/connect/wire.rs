//! The transport to a real cluster: adds address, identity and credential to a request and carries it.
//!
//! It repeats a request once and only once, with another credential after a 401. Redirects are handed back, not followed.

use super::credentials::{Credential, Credentials};
use super::dial::{self, Dialer, Undialled};
use super::proxy::Proxy;
use super::settings::Connection;
use super::tls::{self, TlsInputs};
use super::{ConnectError, proxy};
use crate::cluster::{AnswerBody, BoxError, Stage, Transport, TransportError};
use crate::world::World;
use futures_util::future::BoxFuture;
use http::header::{AUTHORIZATION, USER_AGENT};
use http::uri::{PathAndQuery, Scheme};
use http::{HeaderValue, Request, Response, StatusCode, Uri};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use kube::client::Body;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;
use tower::Service;
use tower::util::BoxCloneSyncService;

/// How often certificates are looked at again.
const CHECK_INTERVAL: Duration = Duration::from_secs(1);

type HttpClient = Client<Dialer, Body>;

impl Connection {
    /// What carries requests over this connection. Reads the certificates it needs; connects only when it is used.
    ///
    /// Its errors carry a [`ConnectError`] unless the request was on its way already.
    ///
    /// # Errors
    /// [`ConnectError::Tls`] and [`ConnectError::CredentialFile`] if a certificate is unusable, and
    /// [`ConnectError::Address`] if the environment names a proxy of an unsupported kind.
    pub fn transport(&self, world: Arc<dyn World>) -> Result<Transport, ConnectError> {
        let proxy = proxy::choose(&*world, self.proxy.as_ref(), &self.server)?;
        let inputs = TlsInputs::load(&*world, &self.tls, None)?;
        let client = client(self, &proxy, &inputs)?;
        let clients = Mutex::new(Clients { client, inputs, checked: world.monotonic() });
        let credentials = Credentials::new(world.clone(), self.credential.clone());
        let wire = Wire(Arc::new(Inner { connection: self.clone(), world, proxy, clients, credentials }));
        Ok(BoxCloneSyncService::new(wire))
    }
}

#[derive(Clone)]
struct Wire(Arc<Inner>);

struct Inner {
    connection: Connection,
    world: Arc<dyn World>,
    proxy: Option<Proxy>,
    clients: Mutex<Clients>,
    credentials: Credentials,
}

/// The HTTP client with its pool, and what its TLS was made of.
struct Clients {
    client: HttpClient,
    inputs: TlsInputs,
    checked: Duration,
}

/// When to look at the certificates' files.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Check {
    IfDue,
    Now,
}

impl Service<Request<Body>> for Wire {
    type Response = Response<AnswerBody>;
    type Error = TransportError;
    type Future = BoxFuture<'static, Result<Self::Response, TransportError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let inner = self.0.clone();
        Box::pin(async move { inner.carry(request).await })
    }
}

impl Inner {
    async fn carry(&self, request: Request<Body>) -> Result<Response<AnswerBody>, TransportError> {
        let request = self.addressed(request)?;
        let spare = copy(&request);
        let credential = self.credentials.current().await.map_err(no_credential)?;
        let (client, _) = self.client(&credential, Check::IfDue).map_err(no_credential)?;
        let answer = send(&client, request, &credential).await?;
        match spare {
            Some(spare) if answer.status() == StatusCode::UNAUTHORIZED => self.again(spare, &credential, answer).await,
            _ => Ok(answered(answer)),
        }
    }

    /// Sends a refused request once more if there is another credential or certificate, else hands back the refusal.
    async fn again(
        &self,
        request: Request<Body>,
        refused: &Credential,
        answer: Response<Incoming>,
    ) -> Result<Response<AnswerBody>, TransportError> {
        let other = self.credentials.instead_of(refused).await.map_err(no_credential)?;
        let credential = other.as_ref().unwrap_or(refused);
        let (client, is_new) = self.client(credential, Check::Now).map_err(no_credential)?;
        if other.is_none() && !is_new {
            return Ok(answered(answer));
        }
        drop(answer);
        send(&client, request, credential).await.map(answered)
    }

    /// The client for this credential, and whether its certificates have just changed.
    ///
    /// While files are being swapped they may be missing, or not belong together: the last good ones stay in use.
    fn client(&self, credential: &Credential, check: Check) -> Result<(HttpClient, bool), ConnectError> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.world.monotonic();
        let is_due = check == Check::Now || now.saturating_sub(clients.checked) >= CHECK_INTERVAL;
        let given = credential.identity.as_ref();
        if !is_due && given.is_none() {
            return Ok((clients.client.clone(), false));
        }
        clients.checked = now;
        let made = TlsInputs::load(&*self.world, &self.connection.tls, given).and_then(|inputs| {
            if inputs == clients.inputs {
                return Ok(None);
            }
            Ok(Some((client(&self.connection, &self.proxy, &inputs)?, inputs)))
        });
        match made {
            Ok(None) => Ok((clients.client.clone(), false)),
            Ok(Some((client, inputs))) => {
                // The old pool's idle connections close with it: they are known to the server by the old certificate.
                clients.client = client;
                clients.inputs = inputs;
                Ok((clients.client.clone(), true))
            }
            Err(error) if given.is_some() => Err(error),
            Err(_) => Ok((clients.client.clone(), false)),
        }
    }

    /// The request with the server's address before its path, and the headers that every request has.
    fn addressed(&self, request: Request<Body>) -> Result<Request<Body>, TransportError> {
        let (mut parts, body) = request.into_parts();
        parts.uri =
            joined(&self.connection.server, &parts.uri).map_err(|error| TransportError::new(Stage::Resolve, error))?;
        let agent = HeaderValue::from_static(concat!("rutter/", env!("CARGO_PKG_VERSION")));
        parts.headers.entry(USER_AGENT).or_insert(agent);
        for (name, value) in &self.connection.headers {
            parts.headers.append(name, value.clone());
        }
        Ok(Request::from_parts(parts, body))
    }
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Wire").field(&self.0.connection.server).finish()
    }
}

/// The server's address, which may have a path of its own, with the request's path and query after it.
fn joined(server: &Uri, path: &Uri) -> Result<Uri, http::Error> {
    let prefix = server.path().trim_end_matches('/');
    let path = path.path_and_query().map_or("/", PathAndQuery::as_str);
    let mut parts = server.clone().into_parts();
    parts.path_and_query = Some(format!("{prefix}{path}").parse()?);
    Ok(Uri::from_parts(parts)?)
}

fn client(connection: &Connection, proxy: &Option<Proxy>, inputs: &TlsInputs) -> Result<HttpClient, ConnectError> {
    let server = &connection.server;
    let tls = if server.scheme() == Some(&Scheme::HTTP) {
        None
    } else {
        let name = tls::server_name(&connection.tls, server.host().unwrap_or_default())?;
        Some((Arc::new(tls::client_config(&connection.tls, inputs)?), name))
    };
    let dialer = Dialer { tls, proxy: proxy.clone() };
    Ok(Client::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).timer(TokioTimer::new()).build(dialer))
}

/// A second copy of a request, if its body is at hand; streams are not.
fn copy(request: &Request<Body>) -> Option<Request<Body>> {
    let mut copied = Request::new(request.body().try_clone()?);
    *copied.method_mut() = request.method().clone();
    *copied.uri_mut() = request.uri().clone();
    *copied.headers_mut() = request.headers().clone();
    Some(copied)
}

async fn send(
    client: &HttpClient,
    mut request: Request<Body>,
    credential: &Credential,
) -> Result<Response<Incoming>, TransportError> {
    if let Some(value) = &credential.authorization {
        request.headers_mut().insert(AUTHORIZATION, value.clone());
    }
    client.request(request).await.map_err(|error| {
        let mut cause = std::error::Error::source(&error);
        while let Some(inner) = cause {
            if let Some(Undialled { stage, error }) = inner.downcast_ref() {
                return TransportError::new(*stage, error.clone());
            }
            cause = inner.source();
        }
        TransportError::new(Stage::Sent, Broken(error))
    })
}

fn no_credential(error: ConnectError) -> TransportError {
    let stage = if matches!(error, ConnectError::Tls { .. }) { Stage::Tls } else { Stage::Credentials };
    TransportError::new(stage, error)
}

fn answered(answer: Response<Incoming>) -> Response<AnswerBody> {
    answer.map(|body| body.map_err(|error| Box::new(error) as BoxError).boxed_unsync())
}

/// A request that broke off: hyper's own words (`client error (SendRequest)`) say nothing, its cause's do.
#[derive(Debug)]
struct Broken(hyper_util::client::legacy::Error);

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&dial::innermost(&self.0))
    }
}

impl std::error::Error for Broken {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(&self.0)
    }
}
