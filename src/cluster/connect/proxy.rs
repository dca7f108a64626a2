//! Which proxy stands between us and the server: the kubeconfig's `proxy-url`, else the environment's as curl and
//! kubectl read it (`HTTPS_PROXY`, `NO_PROXY`). Only HTTP CONNECT is spoken, so the proxy never sees what is said.

use super::ConnectError;
use super::secret::Secret;
use crate::world::World;
use http::uri::Scheme;
use http::{HeaderValue, Uri};
use hyper_util::client::proxy::matcher::{Intercept, Matcher};

/// A proxy to tunnel through. `Debug` leaves the password out.
#[derive(Debug, Clone)]
pub(super) struct Proxy {
    pub(super) uri: Uri,
    pub(super) auth: Option<HeaderValue>,
}

/// Refuses a `proxy-url` that cannot be used, before anything is sent.
pub(super) fn check(url: &Secret, server: &Uri) -> Result<(), ConnectError> {
    explicit(url, server).map(drop)
}

/// The proxy for `server`, if there is one.
pub(super) fn choose(world: &dyn World, url: Option<&Secret>, server: &Uri) -> Result<Option<Proxy>, ConnectError> {
    match url {
        Some(url) => explicit(url, server).map(Some),
        None => from_environment(world, server),
    }
}

fn explicit(url: &Secret, server: &Uri) -> Result<Proxy, ConnectError> {
    let parsed = url::Url::parse(url.reveal()).map_err(|_| invalid("proxy-url", "is not a valid address"))?;
    supported("proxy-url", parsed.scheme())?;
    let found = Matcher::builder().all(url.reveal()).build().intercept(server);
    found.as_ref().map(proxy).ok_or_else(|| invalid("proxy-url", "is not a valid address"))
}

fn from_environment(world: &dyn World, server: &Uri) -> Result<Option<Proxy>, ConnectError> {
    let name = if server.scheme() == Some(&Scheme::HTTP) { "HTTP_PROXY" } else { "HTTPS_PROXY" };
    let read = |name: &str| -> Result<String, ConnectError> {
        let failed = |source| ConnectError::CredentialFile { what: "the proxy's address", source };
        let upper = world.env(name).map_err(failed)?.filter(|value| !value.is_empty());
        match upper {
            Some(value) => Ok(value),
            None => Ok(world.env(&name.to_lowercase()).map_err(failed)?.unwrap_or_default()),
        }
    };
    if is_loopback(server) {
        return Ok(None);
    }
    let url = read(name)?;
    if url.is_empty() {
        return Ok(None);
    }
    let found = Matcher::builder().all(url).no(read("NO_PROXY")?).build().intercept(server);
    match found {
        Some(found) => {
            supported(name, found.uri().scheme_str().unwrap_or("http"))?;
            Ok(Some(proxy(&found)))
        }
        None => Ok(None),
    }
}

/// Go never sends these through the environment's proxy, and neither does anyone want it.
fn is_loopback(server: &Uri) -> bool {
    let host = server.host().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn proxy(found: &Intercept) -> Proxy {
    let auth = found.basic_auth().cloned().map(|mut auth| {
        auth.set_sensitive(true);
        auth
    });
    Proxy { uri: found.uri().clone(), auth }
}

fn supported(source: &str, scheme: &str) -> Result<(), ConnectError> {
    match scheme {
        "http" => Ok(()),
        other => {
            Err(invalid(source, &format!("names a proxy of scheme {other}, which is not supported: only http is")))
        }
    }
}

fn invalid(source: &str, problem: &str) -> ConnectError {
    ConnectError::Address { subject: source.to_owned(), problem: problem.to_owned() }
}
