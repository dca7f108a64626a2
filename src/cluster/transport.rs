//! The bottom of the request stack: a service that carries one HTTP request to an API server and brings its answer.
//!
//! A real cluster, an embedded API server and a replayed recording are three transports. Nothing here knows Kubernetes.

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::combinators::UnsyncBoxBody;
use tower::util::BoxCloneSyncService;

/// Any error, boxed, as tower has it.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The body of an answer: frames as they arrive.
pub type AnswerBody = UnsyncBoxBody<Bytes, BoxError>;

/// What carries requests. Its errors are [`TransportError`]s.
pub type Transport = BoxCloneSyncService<Request<kube::client::Body>, Response<AnswerBody>, TransportError>;

/// How far a request came before it failed: what may be repeated depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The name of the server did not resolve.
    Resolve,
    /// The connection was refused, or none came about in time.
    Connect,
    /// The TLS handshake failed.
    Tls,
    /// No credential could be had.
    Credentials,
    /// The request was on its way, at least in part: the server may have acted on it.
    Sent,
}

/// A request that got no answer.
#[derive(Debug, thiserror::Error)]
#[error("{source}")]
pub struct TransportError {
    /// How far it came.
    pub stage: Stage,
    /// Why.
    pub source: BoxError,
}

impl TransportError {
    /// An error at that stage.
    #[must_use]
    pub fn new(stage: Stage, source: impl Into<BoxError>) -> Self {
        Self { stage, source: source.into() }
    }

    /// Whether the server cannot have seen the request.
    #[must_use]
    pub fn is_before_send(&self) -> bool {
        self.stage != Stage::Sent
    }
}
