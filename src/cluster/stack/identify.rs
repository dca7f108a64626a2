//! Says what a request is about, and refuses every request whose meaning is not certain.
//!
//! kube puts names into URLs as they are: `a?x=y` or `../x` as a name makes another request than the caller meant. A request
//! that does not parse never reaches the layers that decide by what it is about, nor the network.

use super::Inner;
use super::cap::PAGE_BYTES;
use crate::cluster::context::{CALL_TIME, CallClass, CallContext, Context, Shape};
use crate::cluster::error::{Call, Error};
use crate::cluster::request::Verb;
use crate::cluster::{InvalidPath, RequestInfo};
use futures_util::FutureExt;
use http::{Method, Request, header};
use kube::client::Body;
use std::sync::Arc;
use tokio::time::Instant;
use tower::ServiceExt;

pub(super) fn identify<S: Inner<Error>>(cluster: Arc<str>, inner: S) -> impl Inner<Error> {
    tower::service_fn(move |mut request: Request<Body>| {
        let (inner, cluster) = (inner.clone(), cluster.clone());
        async move {
            stamp(&cluster, &mut request)?;
            inner.oneshot(request).await
        }
    })
}

fn stamp(cluster: &Arc<str>, request: &mut Request<Body>) -> Result<(), Error> {
    let settings = request.extensions().get::<CallContext>().cloned();
    let info = RequestInfo::parse(request.method(), request.uri()).map_err(|source| {
        let call = settings.as_ref().map_or_else(
            || Call::new(cluster, request.method().as_str().to_lowercase(), request.uri().path()),
            |settings| settings.call.clone(),
        );
        Error::InvalidRequest { call, source }
    })?;
    if info.dry_run && request.method() == Method::DELETE && !body_is_dry_run(request) {
        let source = InvalidPath {
            why: "the body of a deletion goes before its options, and says nothing of",
            part: "dryRun".into(),
        };
        let call = Call::new(cluster, "delete", request.uri().path());
        return Err(Error::InvalidRequest { call, source });
    }
    if settings.is_none() {
        let settings = defaults(cluster, request, &info);
        request.extensions_mut().insert(settings);
    }
    request.extensions_mut().insert(info);
    Ok(())
}

/// The server reads the options of a deletion from its body and, only where there is none, from the query: a dry run that is
/// said in the query alone would delete.
fn body_is_dry_run(request: &Request<Body>) -> bool {
    #[derive(serde::Deserialize)]
    struct Options {
        #[serde(default, rename = "dryRun")]
        dry_run: Vec<String>,
    }
    let Some(body) = request.body().try_clone() else { return false };
    // A body that can be cloned is in memory: it is collected without waiting.
    match body.collect_bytes().now_or_never() {
        Some(Ok(bytes)) if bytes.is_empty() => true,
        Some(Ok(bytes)) => serde_json::from_slice(&bytes).is_ok_and(|options: Options| options.dry_run == ["All"]),
        _ => false,
    }
}

/// Settings for a request that an embedder sends through `kube::Client`: the careful ones, since its body is not looked at.
fn defaults(cluster: &Arc<str>, request: &Request<Body>, info: &RequestInfo) -> CallContext {
    let is_apply =
        request.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == "application/apply-patch+yaml");
    let class = match info.verb {
        Verb::Get | Verb::List | Verb::Watch => CallClass::Read,
        Verb::Create if info.is_review() => CallClass::Read,
        Verb::Patch if is_apply => CallClass::Repeatable,
        _ => CallClass::Once,
    };
    let shape = match info.verb {
        Verb::Watch | Verb::Connect => Shape::Stream,
        Verb::Get if info.subresource == "log" => Shape::Stream,
        Verb::List => Shape::Page { most: PAGE_BYTES },
        _ => Shape::Whole,
    };
    let object = [&info.resource, &info.namespace, &info.name].map(String::as_str);
    let object = object.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/");
    let object = if object.is_empty() { request.uri().path().to_owned() } else { object };
    CallContext {
        run: Context::default(),
        deadline: Instant::now() + CALL_TIME,
        started: Instant::now(),
        class,
        shape,
        call: Call::new(cluster, info.verb.to_string(), object),
        expects: None,
    }
}
