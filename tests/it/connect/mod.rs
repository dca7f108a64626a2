//! Connections to real TLS servers: credentials that change, plugins that misbehave, certificates that are wrong, servers
//! that are not there. The servers are stubs; what is tried here happens below HTTP.

mod certificates;
mod credentials;
mod faults;
mod plugins;
mod proxies;
mod reach;
mod real;
mod server;
mod steered;

use crate::support::pki::{Authority, Issued};
use crate::support::temp::TempDir;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http_body_util::BodyExt;
use kube::client::Body;
use rutter::cluster::connect::{ConnectError, ConnectPolicy, Connection, Kubeconfig, Overrides, PluginPolicy, Risk};
use rutter::cluster::{Stage, Transport, TransportError};
use rutter::world::SystemWorld;
use serde_json::{Value, json};
use std::sync::Arc;
use tower::ServiceExt;

/// A kubeconfig with one cluster and one user.
struct Config {
    cluster: Value,
    user: Value,
    policy: ConnectPolicy,
}

impl Config {
    fn new(server: &str, authority: &Authority) -> Self {
        let cluster = json!({ "server": server, "certificate-authority-data": STANDARD.encode(authority.pem()) });
        Self { cluster, user: json!({}), policy: ConnectPolicy::default() }
    }

    fn plain(server: &str) -> Self {
        let mut policy = ConnectPolicy::default();
        policy.plain_http = Risk::Accept;
        Self { cluster: json!({ "server": server }), user: json!({}), policy }
    }

    fn user(self, user: Value) -> Self {
        Self { user, ..self }
    }

    fn cluster(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.cluster[key] = value.into();
        self
    }

    fn any_plugin(mut self) -> Self {
        self.policy.plugins = PluginPolicy::Any;
        self
    }

    fn connection(&self) -> Result<Connection, ConnectError> {
        let config = json!({
            "current-context": "test",
            "clusters": [{"name": "test", "cluster": self.cluster}],
            "users": [{"name": "test", "user": self.user}],
            "contexts": [{"name": "test", "context": {"cluster": "test", "user": "test"}}],
        });
        let kubeconfig = Kubeconfig::parse("/nowhere/config".as_ref(), &config.to_string())?;
        Connection::from_kubeconfig(&kubeconfig, &Overrides::default(), &self.policy)
    }

    fn transport(&self) -> Transport {
        self.connection().unwrap().transport(Arc::new(SystemWorld::new())).unwrap()
    }
}

/// Client certificate and key as files in a directory.
fn identity_files(dir: &TempDir, issued: &Issued) -> Value {
    json!({
        "client-certificate": dir.file("client.crt", &issued.certificate),
        "client-key": dir.file("client.key", &issued.key),
    })
}

async fn get(transport: &Transport, path: &str) -> Result<(u16, String), TransportError> {
    let request = http::Request::get(path).body(Body::empty()).unwrap();
    let answer = transport.clone().oneshot(request).await?;
    let status = answer.status().as_u16();
    let body = answer.into_body().collect().await.map_err(|error| TransportError::new(Stage::Sent, error))?;
    Ok((status, String::from_utf8(body.to_bytes().to_vec()).unwrap()))
}

/// How far a request came, with the words and the code of its error.
async fn failure(transport: &Transport, path: &str) -> (Stage, String, Option<&'static str>) {
    use rutter::diag::Explain;
    let error = get(transport, path).await.unwrap_err();
    let code = error.source.downcast_ref::<ConnectError>().map(|error| error.code().name());
    (error.stage, error.to_string(), code)
}
