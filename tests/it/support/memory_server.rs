//! An API server inside this process, as embedders can make one: a tower service. It knows a few kinds, answers what a
//! test told it, and notes everything else that reaches it.

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use kube::client::Body;
use rutter::cluster::{Stage, Target, Transport, TransportError};
use rutter::object::Namespace;
use std::sync::{Arc, Mutex};
use tower::util::BoxCloneSyncService;

/// A server; clones are the same one.
#[derive(Clone, Default)]
pub(crate) struct MemoryServer {
    answers: Arc<Mutex<Vec<(String, u16, String)>>>,
    calls: Arc<Mutex<Vec<String>>>,
}

impl MemoryServer {
    /// A server that knows pods, nodes, config maps and deployments, and answers 418 to everything else.
    pub(crate) fn with_kinds() -> Self {
        Self::default().answering("GET /api", 200, CORE).answering("GET /apis", 200, GROUPS).answering(
            "GET /version",
            200,
            r#"{"major":"1","minor":"37","gitVersion":"v1.37.2"}"#,
        )
    }

    /// Answers requests whose line (`GET /path?query`) is this.
    pub(crate) fn answering(self, line: &str, status: u16, body: impl Into<String>) -> Self {
        self.answers.lock().unwrap().push((line.to_owned(), status, body.into()));
        self
    }

    /// The requests so far, discovery left out.
    pub(crate) fn calls(&self) -> Vec<String> {
        let plain = ["GET /api", "GET /apis", "GET /version"];
        self.calls.lock().unwrap().iter().filter(|line| !plain.contains(&line.as_str())).cloned().collect()
    }

    /// The answer to a request of that line, if it is known.
    pub(crate) fn known(&self, line: &str) -> Option<(u16, String)> {
        let answers = self.answers.lock().unwrap();
        answers.iter().find(|(known, ..)| known == line).map(|(_, status, body)| (*status, body.clone()))
    }

    pub(crate) fn transport(&self) -> Transport {
        let server = self.clone();
        BoxCloneSyncService::new(tower::service_fn(move |request: Request<Body>| {
            let server = server.clone();
            async move { server.answer(&request) }
        }))
    }

    /// A target in namespace `default` by the name `memory`. Needs a runtime around it.
    pub(crate) fn target(&self) -> Target {
        Target::new("memory", Namespace::parse("default").unwrap(), self.transport())
    }

    fn answer(&self, request: &Request<Body>) -> Result<Response<rutter::cluster::AnswerBody>, TransportError> {
        let line = format!("{} {}", request.method(), request.uri());
        self.calls.lock().unwrap().push(line.clone());
        let (status, body) = self.known(&line).unwrap_or_else(|| (418, "{}".to_owned()));
        let body = Full::new(Bytes::from(body)).map_err(|never| match never {}).boxed_unsync();
        let answer = Response::builder().status(status).header("content-type", "application/json");
        answer.body(body).map_err(|error| TransportError::new(Stage::Sent, error))
    }
}

const CORE: &str = r#"{"kind":"APIGroupDiscoveryList","apiVersion":"apidiscovery.k8s.io/v2","items":[{"metadata":{},"versions":[{"version":"v1","freshness":"Current","resources":[
{"resource":"pods","responseKind":{"group":"","version":"v1","kind":"Pod"},"scope":"Namespaced","singularResource":"pod","shortNames":["po"],"verbs":["create","delete","deletecollection","get","list","patch","update","watch"],"subresources":[{"subresource":"eviction","verbs":["create"]},{"subresource":"log","verbs":["get"]},{"subresource":"exec","verbs":["create","get"]}]},
{"resource":"events","responseKind":{"group":"","version":"v1","kind":"Event"},"scope":"Namespaced","singularResource":"event","shortNames":["ev"],"verbs":["get","list","watch"]},
{"resource":"nodes","responseKind":{"group":"","version":"v1","kind":"Node"},"scope":"Cluster","singularResource":"node","shortNames":["no"],"verbs":["get","list","patch","update","watch"]},
{"resource":"configmaps","responseKind":{"group":"","version":"v1","kind":"ConfigMap"},"scope":"Namespaced","singularResource":"configmap","shortNames":["cm"],"verbs":["create","delete","deletecollection","get","list","patch","update","watch"]}]}]}]}"#;

const GROUPS: &str = r#"{"kind":"APIGroupDiscoveryList","apiVersion":"apidiscovery.k8s.io/v2","items":[
{"metadata":{"name":"apps"},"versions":[{"version":"v1","freshness":"Current","resources":[{"resource":"deployments","responseKind":{"group":"apps","version":"v1","kind":"Deployment"},"scope":"Namespaced","singularResource":"deployment","shortNames":["deploy"],"verbs":["create","delete","get","list","patch","update","watch"],"subresources":[{"subresource":"scale","verbs":["get","patch","update"]},{"subresource":"status","verbs":["get","patch","update"]}]}]}]}]}"#;
