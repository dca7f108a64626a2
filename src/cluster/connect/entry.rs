//! What the three kinds of kubeconfig entries hold, as far as Rutter uses it. Unknown fields are left alone, as kubectl does.

use super::ConnectError;
use super::fields::Fields;
use super::secret::{Material, Secret};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The name under which a cluster entry carries configuration for exec plugins.
const EXEC_EXTENSION: &str = "client.authentication.k8s.io/exec";

/// Which cluster as which user in which namespace.
#[derive(Debug, Clone)]
pub(super) struct Context {
    pub(super) cluster: Option<String>,
    pub(super) user: Option<String>,
    pub(super) namespace: Option<String>,
}

impl Context {
    pub(super) fn read(fields: &Fields<'_>) -> Result<Self, ConnectError> {
        Ok(Self { cluster: fields.text("cluster")?, user: fields.text("user")?, namespace: fields.text("namespace")? })
    }
}

/// Where a cluster is and how to know that it is the right one.
#[derive(Debug, Clone)]
pub(super) struct Cluster {
    pub(super) server: Option<String>,
    pub(super) roots: Option<Material>,
    pub(super) skip_verify: bool,
    pub(super) server_name: Option<String>,
    pub(super) proxy: Option<Secret>,
    pub(super) plugin_config: Option<serde_json::Value>,
}

impl Cluster {
    pub(super) fn read(fields: &Fields<'_>) -> Result<Self, ConnectError> {
        let mut plugin_config = None;
        for extension in fields.maps("extensions")? {
            if extension.text("name")?.as_deref() == Some(EXEC_EXTENSION) {
                plugin_config = extension.node("extension").and_then(|config| serde_json::to_value(config).ok());
            }
        }
        Ok(Self {
            server: fields.text("server")?,
            roots: material(fields, "certificate-authority")?,
            skip_verify: fields.flag("insecure-skip-tls-verify")?,
            server_name: fields.text("tls-server-name")?,
            // It may hold a password.
            proxy: fields.text("proxy-url")?.map(Secret::new),
            plugin_config,
        })
    }
}

/// Who asks, and how they prove it.
#[derive(Debug, Clone)]
pub(super) struct User {
    pub(super) certificate: Option<Material>,
    pub(super) key: Option<Material>,
    pub(super) token: Option<Secret>,
    pub(super) token_file: Option<PathBuf>,
    pub(super) username: Option<String>,
    pub(super) password: Option<Secret>,
    pub(super) impersonate: Impersonation,
    pub(super) exec: Option<Exec>,
    pub(super) auth_provider: Option<String>,
}

impl User {
    pub(super) fn read(fields: &Fields<'_>) -> Result<Self, ConnectError> {
        let auth_provider = match fields.inner("auth-provider")? {
            Some(provider) => Some(provider.text("name")?.unwrap_or_else(|| "without a name".to_owned())),
            None => None,
        };
        Ok(Self {
            certificate: material(fields, "client-certificate")?,
            key: material(fields, "client-key")?,
            token: fields.text("token")?.map(Secret::new),
            token_file: fields.file("tokenFile")?,
            username: fields.text("username")?,
            password: fields.text("password")?.map(Secret::new),
            impersonate: Impersonation {
                user: fields.text("as")?,
                uid: fields.text("as-uid")?,
                groups: fields.texts("as-groups")?,
                extra: match fields.inner("as-user-extra")? {
                    Some(extra) => extra.text_lists()?,
                    None => Vec::new(),
                },
            },
            exec: fields.inner("exec")?.map(|exec| Exec::read(&exec)).transpose()?,
            auth_provider,
        })
    }
}

/// As whom to act, for those who may act as others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Impersonation {
    pub(super) user: Option<String>,
    pub(super) uid: Option<String>,
    pub(super) groups: Vec<String>,
    pub(super) extra: Vec<(String, Vec<String>)>,
}

/// A program that prints a credential.
#[derive(Debug, Clone)]
pub(super) struct Exec {
    pub(super) api_version: String,
    /// As it stands, but a relative path with a separator is made relative to the kubeconfig, as client-go does.
    pub(super) command: String,
    pub(super) args: Vec<Secret>,
    pub(super) env: BTreeMap<String, Secret>,
    pub(super) install_hint: Option<String>,
    pub(super) provide_cluster_info: bool,
    pub(super) needs_terminal: bool,
}

impl Exec {
    const VERSIONS: [&str; 2] = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"];

    fn read(fields: &Fields<'_>) -> Result<Self, ConnectError> {
        let api_version = fields.required("apiVersion")?;
        if !Self::VERSIONS.contains(&api_version.as_str()) {
            return Err(
                fields.problem("apiVersion", &format!("must be {} or {}", Self::VERSIONS[0], Self::VERSIONS[1]))
            );
        }
        let mode = fields.text("interactiveMode")?;
        let needs_terminal = match mode.as_deref() {
            Some("Never" | "IfAvailable") => false,
            Some("Always") => true,
            None if api_version == Self::VERSIONS[1] => false,
            None => return Err(fields.problem("interactiveMode", "is missing")),
            Some(_) => return Err(fields.problem("interactiveMode", "must be Never, IfAvailable or Always")),
        };
        let mut env = BTreeMap::new();
        for variable in fields.maps("env")? {
            let value = variable.text("value")?.unwrap_or_default();
            env.insert(variable.required("name")?, Secret::new(value));
        }
        let command = fields.required("command")?;
        let command = if command.contains('/') { fields.resolve(&command).display().to_string() } else { command };
        Ok(Self {
            api_version,
            command,
            args: fields.texts("args")?.into_iter().map(Secret::new).collect(),
            env,
            install_hint: fields.text("installHint")?,
            provide_cluster_info: fields.flag("provideClusterInfo")?,
            needs_terminal,
        })
    }
}

/// `KEY-data` in base64, or else the file that `KEY` names.
fn material(fields: &Fields<'_>, key: &str) -> Result<Option<Material>, ConnectError> {
    match fields.bytes(&format!("{key}-data"))? {
        Some(bytes) => Ok(Some(Material::Inline(bytes))),
        None => Ok(fields.file(key)?.map(Material::File)),
    }
}
