//! One connection: name, TCP, proxy, TLS, all within five seconds, and how far it came if it failed.

use super::proxy::Proxy;
use super::{ConnectError, tls};
use crate::cluster::Stage;
use futures_util::future::{BoxFuture, ready};
use http::Uri;
use http::uri::Scheme;
use hyper_rustls::MaybeHttpsStream;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::Name;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use std::convert::Infallible;
use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tower::Service;

const TIME_LIMIT: Duration = Duration::from_secs(5);
/// What keeps a quiet watch alive on the way through routers that forget, and finds out when its server is gone.
const KEEPALIVE: Duration = Duration::from_secs(30);

pub(super) type Stream = MaybeHttpsStream<TokioIo<TcpStream>>;

/// A connection that did not come about.
#[derive(Debug, thiserror::Error)]
#[error("{error}")]
pub(super) struct Undialled {
    pub(super) stage: Stage,
    pub(super) error: ConnectError,
}

/// Makes connections to one server.
#[derive(Clone)]
pub(super) struct Dialer {
    pub(super) tls: Option<(Arc<ClientConfig>, ServerName<'static>)>,
    pub(super) proxy: Option<Proxy>,
}

impl Service<Uri> for Dialer {
    type Response = Stream;
    type Error = Undialled;
    type Future = BoxFuture<'static, Result<Stream, Undialled>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Undialled>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, server: Uri) -> Self::Future {
        Box::pin(dial(self.clone(), server))
    }
}

async fn dial(dialer: Dialer, server: Uri) -> Result<Stream, Undialled> {
    let mut stage = Stage::Resolve;
    let ended = tokio::time::timeout(TIME_LIMIT, steps(&dialer, &server, &mut stage)).await;
    let error = match ended {
        Ok(Ok(stream)) => return Ok(stream),
        Ok(Err(error)) => error,
        Err(_) => unreachable(&server, &dialer.proxy, format!("{} within 5 s", unfinished(stage))),
    };
    Err(Undialled { stage, error })
}

fn unfinished(stage: Stage) -> &'static str {
    match stage {
        Stage::Resolve => "its name did not resolve",
        Stage::Tls => "the TLS handshake did not end",
        Stage::Connect | Stage::Credentials | Stage::Sent => "no connection came about",
    }
}

/// The steps, each noted in `stage` before it starts.
async fn steps(dialer: &Dialer, server: &Uri, stage: &mut Stage) -> Result<Stream, ConnectError> {
    let fail = |problem: String| unreachable(server, &dialer.proxy, problem);
    let first = dialer.proxy.as_ref().map_or(server, |proxy| &proxy.uri);
    let addresses = resolve(first).await.map_err(|error| fail(format!("its name does not resolve ({error})")))?;
    *stage = Stage::Connect;
    let known = move |_: Name| ready(Ok::<_, Infallible>(addresses.clone().into_iter()));
    let mut tcp = configured(HttpConnector::new_with_resolver(tower::service_fn(known)));
    let stream = match &dialer.proxy {
        None => tcp.call(server.clone()).await.map_err(|error| fail(innermost(&error)))?,
        Some(proxy) => {
            let mut tunnel = Tunnel::new(proxy.uri.clone(), tcp);
            if let Some(auth) = &proxy.auth {
                tunnel = tunnel.with_auth(auth.clone());
            }
            tunnel.call(with_port(server)).await.map_err(|error| fail(innermost(&error)))?
        }
    };
    let Some((config, name)) = &dialer.tls else { return Ok(MaybeHttpsStream::Http(stream)) };
    *stage = Stage::Tls;
    let shaken = TlsConnector::from(config.clone()).connect(name.clone(), TokioIo::new(stream)).await;
    let stream = shaken.map_err(|error| tls::explain(&server_name(server), &error))?;
    Ok(MaybeHttpsStream::Https(TokioIo::new(stream)))
}

async fn resolve(uri: &Uri) -> std::io::Result<Vec<SocketAddr>> {
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    let found: Vec<SocketAddr> = tokio::net::lookup_host((host, port(uri))).await?.collect();
    if found.is_empty() { Err(std::io::Error::other("no address")) } else { Ok(found) }
}

fn port(uri: &Uri) -> u16 {
    uri.port_u16().unwrap_or(if uri.scheme() == Some(&Scheme::HTTP) { 80 } else { 443 })
}

/// The address with its port spelt out: a tunnel takes 443 for one that is left out, also for plain http.
fn with_port(server: &Uri) -> Uri {
    let authority = format!("{}:{}", server.host().unwrap_or_default(), port(server));
    let mut parts = server.clone().into_parts();
    parts.authority = authority.parse().ok();
    Uri::from_parts(parts).unwrap_or_else(|_| server.clone())
}

/// How connections behave; `R` knows the addresses already, and the two families are tried side by side (RFC 8305).
fn configured<R>(mut tcp: HttpConnector<R>) -> HttpConnector<R> {
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_keepalive(Some(KEEPALIVE));
    tcp.set_connect_timeout(Some(TIME_LIMIT));
    tcp
}

fn unreachable(server: &Uri, proxy: &Option<Proxy>, problem: String) -> ConnectError {
    let server = match proxy {
        Some(proxy) => format!("{} through the proxy {}", server_name(server), server_name(&proxy.uri)),
        None => server_name(server),
    };
    ConnectError::Unreachable { server, problem }
}

/// Host and port, nothing else: a proxy's address may hold a password.
pub(super) fn server_name(uri: &Uri) -> String {
    format!("{}:{}", uri.host().unwrap_or_default(), port(uri))
}

/// The words of the cause; those of the layers above it (`tcp connect error`) say less.
pub(super) fn innermost(error: &(dyn Error + 'static)) -> String {
    let mut cause = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}
