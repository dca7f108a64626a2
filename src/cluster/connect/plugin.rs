//! Exec credential plugins: a program that prints who we are.
//! <https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins>
//!
//! Nothing that a plugin was given or has printed gets into an error: both hold secrets, and kubeconfigs come from elsewhere.

use super::entry::{Cluster, Exec};
use super::secret::{Material, Secret};
use super::{ConnectError, PluginProblem};
use crate::world::{Program, World, WorldError};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::Uri;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;
use std::time::Duration;

const TIME_LIMIT: Duration = Duration::from_secs(30);
const OUTPUT_LIMIT: usize = 1 << 20;

/// A plugin with what it is told about the cluster.
#[derive(Debug, Clone)]
pub(super) struct Plugin {
    exec: Exec,
    server: String,
    server_name: Option<String>,
    skip_verify: bool,
    roots: Option<Material>,
    proxy: Option<Secret>,
    config: Option<serde_json::Value>,
}

/// What a plugin answered.
pub(super) struct PluginAnswer {
    pub(super) token: Option<Secret>,
    /// A certificate chain and its key, both PEM.
    pub(super) identity: Option<(Secret, Secret)>,
    /// Until when it holds; for good, or until a 401, if `None`.
    pub(super) expires: Option<Timestamp>,
}

impl Plugin {
    pub(super) fn new(exec: &Exec, cluster: &Cluster, server: &Uri) -> Self {
        Self {
            exec: exec.clone(),
            server: server.to_string(),
            server_name: cluster.server_name.clone(),
            skip_verify: cluster.skip_verify,
            roots: cluster.roots.clone(),
            proxy: cluster.proxy.clone(),
            config: cluster.plugin_config.clone(),
        }
    }

    /// The error that this problem is.
    pub(super) fn failed(&self, problem: PluginProblem) -> ConnectError {
        ConnectError::PluginFailed {
            command: self.exec.command.clone(),
            problem,
            install_hint: self.exec.install_hint.clone(),
        }
    }

    /// Runs the program once.
    pub(super) async fn run(&self, world: &dyn World) -> Result<PluginAnswer, PluginProblem> {
        if self.exec.needs_terminal {
            return Err(PluginProblem::Interactive);
        }
        let output = world.run_program(self.program(world)).await.map_err(|error| match error {
            WorldError::Program { source, .. } => PluginProblem::Start(source.kind().to_string()),
            WorldError::ProgramTimeout { .. } => PluginProblem::Timeout,
            WorldError::ProgramOutput { .. } => PluginProblem::TooMuchOutput,
            _ => PluginProblem::Closed,
        })?;
        match output.status {
            Some(0) => self.read(&output.stdout),
            Some(status) => Err(PluginProblem::Status(status)),
            None => Err(PluginProblem::Killed),
        }
    }

    fn program(&self, world: &dyn World) -> Program {
        let mut program = Program::new(&self.exec.command);
        program.args = self.exec.args.iter().map(|arg| arg.reveal().into()).collect();
        program.env = self.exec.env.iter().map(|(name, value)| (name.clone(), value.reveal().to_owned())).collect();
        program.env.insert("KUBERNETES_EXEC_INFO".to_owned(), self.exec_info(world).to_string());
        program.timeout = TIME_LIMIT;
        program.output_limit = OUTPUT_LIMIT;
        program
    }

    /// The `ExecCredential` that tells the plugin what is wanted.
    fn exec_info(&self, world: &dyn World) -> serde_json::Value {
        let mut spec = json!({ "interactive": false });
        if self.exec.provide_cluster_info {
            let mut cluster = json!({ "server": self.server });
            if let Some(name) = &self.server_name {
                cluster["tls-server-name"] = json!(name);
            }
            if self.skip_verify {
                cluster["insecure-skip-tls-verify"] = json!(true);
            }
            // If the file cannot be read the handshake says so; the plugin may not need it.
            if let Some(Ok(roots)) = self.roots.as_ref().map(|roots| roots.load(world, "the certificate authority")) {
                cluster["certificate-authority-data"] = json!(STANDARD.encode(roots));
            }
            if let Some(proxy) = &self.proxy {
                cluster["proxy-url"] = json!(proxy.reveal());
            }
            if let Some(config) = &self.config {
                cluster["config"] = config.clone();
            }
            spec["cluster"] = cluster;
        }
        json!({ "apiVersion": self.exec.api_version, "kind": "ExecCredential", "spec": spec })
    }

    fn read(&self, stdout: &[u8]) -> Result<PluginAnswer, PluginProblem> {
        let no_credential = |why: &str| PluginProblem::Output(why.to_owned());
        let printed: Printed = serde_json::from_slice(stdout).map_err(|error| {
            // The message may quote what was printed; the place does not.
            no_credential(&format!("line {}, column {}", error.line(), error.column()))
        })?;
        if printed.kind != "ExecCredential" {
            return Err(no_credential("its kind is another"));
        }
        if printed.api_version != self.exec.api_version {
            return Err(no_credential("its apiVersion is not the one that the kubeconfig asks for"));
        }
        let status = printed.status.ok_or_else(|| no_credential("it has no status"))?;
        let token = status.token.map(|token| token.trim().to_owned()).filter(|token| !token.is_empty());
        let identity = match (status.client_certificate_data, status.client_key_data) {
            (Some(certificate), Some(key)) => Some((Secret::new(certificate), Secret::new(key))),
            (None, None) => None,
            _ => return Err(no_credential("it has a certificate without a key, or a key without a certificate")),
        };
        if token.is_none() && identity.is_none() {
            return Err(no_credential("it has neither a token nor a client certificate"));
        }
        let expires = match status.expiration_timestamp {
            None => None,
            Some(text) => Some(text.parse().map_err(|_| no_credential("its expirationTimestamp is no RFC 3339 time"))?),
        };
        Ok(PluginAnswer { token: token.map(Secret::new), identity, expires })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Printed {
    api_version: String,
    kind: String,
    status: Option<PrintedStatus>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PrintedStatus {
    token: Option<String>,
    client_certificate_data: Option<String>,
    client_key_data: Option<String>,
    expiration_timestamp: Option<String>,
}
