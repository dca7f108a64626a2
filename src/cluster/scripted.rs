//! A transport for unit tests that answers what it was told to and refuses everything else. Tests only.

use super::connect::ConnectError;
use super::{AnswerBody, Stage, Target, Transport, TransportError};
use crate::object::Namespace;
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::{Request, Response};
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};
use kube::client::Body;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tower::util::BoxCloneSyncService;

/// One answer.
#[derive(Clone)]
pub(crate) enum Reply {
    /// Status, headers, body in pieces.
    Answer(u16, Vec<(&'static str, String)>, Vec<Bytes>),
    /// The body breaks after these pieces.
    Broken(Vec<Bytes>),
    /// The body pauses for ever after these pieces.
    Stuck(Vec<Bytes>),
    /// The same piece for ever.
    Endless(Bytes),
    /// With that status: the piece, and a blank every second for ever.
    Dripping(u16, Bytes),
    /// No connection, or none any more.
    Fail(Stage),
    /// A server whose certificate proves nothing.
    Untrusted,
    /// That answer, after that time.
    Late(Duration, Box<Reply>),
    /// No answer ever.
    Silent,
}

impl Reply {
    pub(crate) fn json(code: u16, body: impl Into<String>) -> Self {
        Self::Answer(code, Vec::new(), vec![body.into().into()])
    }

    pub(crate) fn with(self, header: &'static str, value: &str) -> Self {
        match self {
            Self::Answer(code, mut headers, body) => {
                headers.push((header, value.to_owned()));
                Self::Answer(code, headers, body)
            }
            other => other,
        }
    }

    fn into_answer(self) -> Result<Response<AnswerBody>, TransportError> {
        let (code, headers, pieces, end) = match self {
            Self::Answer(code, headers, pieces) => (code, headers, pieces, stream::empty().boxed()),
            Self::Broken(pieces) => (200, Vec::new(), pieces, stream::iter([Err("reset".into())]).boxed()),
            Self::Stuck(pieces) => (200, Vec::new(), pieces, stream::pending().boxed()),
            Self::Endless(piece) => {
                (200, Vec::new(), Vec::new(), stream::repeat_with(move || Ok(Frame::data(piece.clone()))).boxed())
            }
            Self::Dripping(code, piece) => {
                let drop = stream::repeat(()).then(|()| async {
                    tokio::time::sleep(Duration::from_secs(1)).await;
                    Ok(Frame::data(Bytes::from_static(b" ")))
                });
                (code, Vec::new(), vec![piece], drop.boxed())
            }
            Self::Fail(stage) => return Err(TransportError::new(stage, "scripted failure")),
            Self::Untrusted => {
                let (server, problem) = ("test".to_owned(), "scripted failure".to_owned());
                let error = ConnectError::Untrusted { server, problem, hint: Some("scripted hint") };
                return Err(TransportError::new(Stage::Tls, error));
            }
            Self::Late(..) | Self::Silent => unreachable!("handled by the transport"),
        };
        let pieces = stream::iter(pieces.into_iter().map(|piece| Ok(Frame::data(piece))));
        let mut answer = Response::builder().status(code);
        for (key, value) in headers {
            answer = answer.header(key, value);
        }
        Ok(answer.body(StreamBody::new(pieces.chain(end)).boxed_unsync()).unwrap())
    }
}

/// What was sent, in order: `PATCH /path?query` and the body.
pub(crate) type Sent = (String, String);

/// A server that follows a script.
#[derive(Clone, Default)]
pub(crate) struct Scripted {
    replies: Arc<Mutex<Vec<(String, Reply)>>>,
    always: Arc<Mutex<Vec<(String, Reply)>>>,
    sent: Arc<Mutex<Vec<Sent>>>,
}

impl Scripted {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// A server with the discovery of a few kinds of Kubernetes 1.30, which does not stream lists.
    pub(crate) fn with_kinds() -> Self {
        Self::with_kinds_of("v1.30.0")
    }

    pub(crate) fn with_kinds_of(version: &str) -> Self {
        Self::new()
            .always("GET /api", Reply::json(200, CORE))
            .always("GET /apis", Reply::json(200, GROUPS))
            .always("GET /version", Reply::json(200, format!(r#"{{"gitVersion":"{version}"}}"#)))
    }

    /// Answers the next request of that line once. Several for one line are used in order.
    pub(crate) fn on(self, line: &str, reply: Reply) -> Self {
        self.replies.lock().unwrap().push((line.to_owned(), reply));
        self
    }

    /// Answers every request of that line.
    pub(crate) fn always(self, line: &str, reply: Reply) -> Self {
        self.always.lock().unwrap().push((line.to_owned(), reply));
        self
    }

    /// What was sent so far, discovery left out.
    pub(crate) fn sent(&self) -> Vec<Sent> {
        let plain = ["GET /api", "GET /apis", "GET /version"];
        self.sent.lock().unwrap().iter().filter(|(line, _)| !plain.contains(&line.as_str())).cloned().collect()
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        self.sent().into_iter().map(|(line, _)| line).collect()
    }

    pub(crate) fn all_lines(&self) -> Vec<String> {
        self.sent.lock().unwrap().iter().map(|(line, _)| line.clone()).collect()
    }

    pub(crate) fn target(&self) -> Target {
        Target::new("test", Namespace::parse("default").unwrap(), self.transport())
    }

    pub(crate) fn transport(&self) -> Transport {
        let server = self.clone();
        BoxCloneSyncService::new(tower::service_fn(move |request: Request<Body>| {
            let server = server.clone();
            async move {
                let line = format!("{} {}", request.method(), request.uri());
                let body = request.into_body().collect_bytes().await.unwrap();
                server.sent.lock().unwrap().push((line.clone(), String::from_utf8_lossy(&body).into_owned()));
                match server.reply(&line) {
                    Reply::Late(after, reply) => {
                        tokio::time::sleep(after).await;
                        reply.into_answer()
                    }
                    Reply::Silent => std::future::pending().await,
                    reply => reply.into_answer(),
                }
            }
        }))
    }

    fn reply(&self, line: &str) -> Reply {
        let mut replies = self.replies.lock().unwrap();
        if let Some(at) = replies.iter().position(|(known, _)| known == line) {
            return replies.remove(at).1;
        }
        let always = self.always.lock().unwrap();
        let known = always.iter().find(|(known, _)| known == line).map(|(_, reply)| reply.clone());
        known.unwrap_or_else(|| Reply::json(418, format!("unscripted: {line}")))
    }
}

/// `/api` of a small cluster.
pub(crate) const CORE: &str = r#"{"kind":"APIGroupDiscoveryList","apiVersion":"apidiscovery.k8s.io/v2","items":[{"metadata":{},"versions":[{"version":"v1","freshness":"Current","resources":[
{"resource":"pods","responseKind":{"group":"","version":"v1","kind":"Pod"},"scope":"Namespaced","singularResource":"pod","shortNames":["po"],"verbs":["create","delete","deletecollection","get","list","patch","update","watch"],"subresources":[{"subresource":"eviction","verbs":["create"]},{"subresource":"log","verbs":["get"]}]},
{"resource":"services","responseKind":{"kind":"Service"},"scope":"Namespaced","singularResource":"service","shortNames":["svc"],"verbs":["create","get","list","patch"]},
{"resource":"events","responseKind":{"kind":"Event"},"scope":"Namespaced","singularResource":"event","shortNames":["ev"],"verbs":["get","list","watch"]},
{"resource":"nodes","responseKind":{"kind":"Node"},"scope":"Cluster","singularResource":"node","shortNames":["no"],"verbs":["get","list","patch","watch"]},
{"resource":"configmaps","responseKind":{"kind":"ConfigMap"},"scope":"Namespaced","singularResource":"configmap","shortNames":["cm"],"verbs":["create","delete","get","list","patch","update"]}]}]}]}"#;

/// `/apis` of a small cluster.
pub(crate) const GROUPS: &str = r#"{"kind":"APIGroupDiscoveryList","apiVersion":"apidiscovery.k8s.io/v2","items":[
{"metadata":{"name":"apps"},"versions":[{"version":"v1","freshness":"Current","resources":[{"resource":"deployments","responseKind":{"kind":"Deployment"},"scope":"Namespaced","singularResource":"deployment","shortNames":["deploy"],"verbs":["create","delete","get","list","patch","update","watch"],"subresources":[{"subresource":"scale","verbs":["get","patch","update"]},{"subresource":"status","verbs":["get","patch","update"]}]}]}]},
{"metadata":{"name":"events.k8s.io"},"versions":[{"version":"v1","freshness":"Current","resources":[{"resource":"events","responseKind":{"kind":"Event"},"scope":"Namespaced","singularResource":"event","shortNames":["ev"],"verbs":["get","list","watch"]}]}]},
{"metadata":{"name":"metrics.k8s.io"},"versions":[{"version":"v1beta1","freshness":"Stale","resources":[]}]},
{"metadata":{"name":"serving.knative.dev"},"versions":[{"version":"v1","freshness":"Current","resources":[{"resource":"services","responseKind":{"kind":"Service"},"scope":"Namespaced","singularResource":"service","shortNames":["kservice"],"verbs":["get","list"]}]}]},
{"metadata":{"name":"a.example.com"},"versions":[{"version":"v2","freshness":"Current","resources":[{"resource":"widgets","responseKind":{"kind":"Widget"},"scope":"Cluster","singularResource":"widget","verbs":["get","list"]}]},{"version":"v1","freshness":"Current","resources":[{"resource":"widgets","responseKind":{"kind":"Widget"},"scope":"Cluster","singularResource":"widget","verbs":["get","list"]}]}]},
{"metadata":{"name":"b.example.com"},"versions":[{"version":"v1","freshness":"Current","resources":[{"resource":"widgets","responseKind":{"kind":"Widget"},"scope":"Namespaced","singularResource":"widget","verbs":["get","list"]}]}]}]}"#;
