//! HTTP calls to anything that is not a Kubernetes API server: one request, one bounded answer, redirects not followed.

use super::WorldError;
use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode, Uri};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use std::fmt;
use std::time::Duration;

/// A call to make. Its `Debug` form leaves out headers and body: they may hold secrets.
#[derive(Clone)]
pub struct HttpRequest {
    /// The method.
    pub method: Method,
    /// An absolute `http` or `https` address.
    pub url: Uri,
    /// Headers.
    pub headers: HeaderMap,
    /// The body, possibly empty.
    pub body: Bytes,
    /// How long the whole call may take, the answer's body included.
    pub timeout: Duration,
    /// The most bytes that the answer's body may have.
    pub body_limit: usize,
}

impl HttpRequest {
    /// A call without headers and body, limited to 30 s and 16 MiB.
    #[must_use]
    pub fn new(method: Method, url: Uri) -> Self {
        Self {
            method,
            url,
            headers: HeaderMap::new(),
            body: Bytes::new(),
            timeout: Duration::from_secs(30),
            body_limit: 16 << 20,
        }
    }
}

impl fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpRequest")
            .field("method", &self.method)
            .field("url", &shown(&self.url))
            .finish_non_exhaustive()
    }
}

/// An answer of any status.
#[derive(Clone)]
pub struct HttpAnswer {
    /// The status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Bytes,
}

impl fmt::Debug for HttpAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpAnswer")
            .field("status", &self.status)
            .field("body", &self.body.len())
            .finish_non_exhaustive()
    }
}

type BoxError = Box<dyn std::error::Error + Send + Sync>;

pub(super) type HttpClient = Client<HttpsConnector<HttpConnector>, Full<Bytes>>;

/// A client that trusts the system's roots.
pub(super) fn client() -> std::io::Result<HttpClient> {
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    let provider = rustls::crypto::ring::default_provider();
    let connector = HttpsConnectorBuilder::new()
        .with_provider_and_native_roots(provider)?
        .https_or_http()
        .enable_http1()
        .wrap_connector(tcp);
    Ok(Client::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(connector))
}

pub(super) async fn call(client: &HttpClient, request: HttpRequest) -> Result<HttpAnswer, WorldError> {
    let (method, url) = (request.method.to_string(), shown(&request.url));
    let limit = request.timeout;
    match tokio::time::timeout(limit, exchange(client, request)).await {
        Ok(answer) => answer,
        Err(_) => Err(WorldError::HttpTimeout { method, url, limit }),
    }
}

async fn exchange(client: &HttpClient, request: HttpRequest) -> Result<HttpAnswer, WorldError> {
    let (method, url, limit) = (request.method.to_string(), shown(&request.url), request.body_limit);
    let failed =
        |source: BoxError| WorldError::Http { method: method.clone(), url: url.clone(), source: source.into() };
    let mut outgoing = Request::new(Full::new(request.body));
    *outgoing.method_mut() = request.method;
    *outgoing.uri_mut() = request.url;
    *outgoing.headers_mut() = request.headers;
    let answer = client.request(outgoing).await.map_err(|error| failed(cause(error)))?;
    let (parts, body) = answer.into_parts();
    let body = match Limited::new(body, limit).collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) if error.is::<LengthLimitError>() => {
            return Err(WorldError::HttpTooLarge { method, url, limit });
        }
        Err(error) => return Err(failed(error)),
    };
    Ok(HttpAnswer { status: parts.status, headers: parts.headers, body })
}

/// The innermost cause: hyper's own words (`client error (Connect)`) say nothing to the user.
fn cause(error: hyper_util::client::legacy::Error) -> BoxError {
    let mut innermost: &dyn std::error::Error = &error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    let text = innermost.to_string();
    if text == error.to_string() { Box::new(error) } else { text.into() }
}

/// An address without credentials and query, which may hold secrets.
fn shown(url: &Uri) -> String {
    let scheme = url.scheme_str().map(|scheme| format!("{scheme}://")).unwrap_or_default();
    let port = url.port_u16().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{scheme}{}{port}{}", url.host().unwrap_or_default(), url.path())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_an_address_without_credentials_and_query() {
        let url = Uri::from_static("https://ada:geheim@example.org:8443/a/b?token=geheim");
        assert_eq!(shown(&url), "https://example.org:8443/a/b");
    }
}
