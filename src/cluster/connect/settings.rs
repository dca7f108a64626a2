//! From a kubeconfig or a pod's service account to a [`Connection`]: one cluster, one user, one namespace, checked.

use super::entry::{Cluster, Context, Impersonation, User};
use super::plugin::Plugin;
use super::secret::{Material, Secret};
use super::{ConnectError, Kubeconfig, impersonate, proxy};
use crate::world::{World, read_text};
use http::uri::Scheme;
use http::{HeaderMap, Uri};
use std::path::{Path, PathBuf};

/// What the command line or the embedder says over the kubeconfig, in kubectl's words.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Overrides {
    /// `--context`.
    pub context: Option<String>,
    /// `--cluster`.
    pub cluster: Option<String>,
    /// `--user`.
    pub user: Option<String>,
    /// `--namespace`.
    pub namespace: Option<String>,
    /// `--as`.
    pub act_as: Option<String>,
    /// `--as-group`.
    pub act_as_groups: Vec<String>,
    /// `--as-uid`.
    pub act_as_uid: Option<String>,
}

/// Which risks are taken. By default none.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct ConnectPolicy {
    /// Which credential plugins may run.
    pub plugins: PluginPolicy,
    /// Servers without TLS.
    pub plain_http: Risk,
    /// Servers whose certificate is not verified because the kubeconfig says so.
    pub unverified_tls: Risk,
}

/// Which programs a kubeconfig may have run as credential plugins.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PluginPolicy {
    /// Those at these absolute paths.
    Only(Vec<PathBuf>),
    /// Any. A kubeconfig from elsewhere can then run what it likes.
    Any,
}

impl Default for PluginPolicy {
    fn default() -> Self {
        Self::Only(Vec::new())
    }
}

/// Whether a risk is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Risk {
    /// No: it is an error.
    #[default]
    Refuse,
    /// Yes, because someone said so.
    Accept,
}

/// Everything that is needed to talk to one cluster as one user. Makes no connection by itself.
#[derive(Debug, Clone)]
pub struct Connection {
    name: String,
    cluster: Option<String>,
    user: Option<String>,
    namespace: String,
    pub(super) server: Uri,
    pub(super) tls: TlsSettings,
    pub(super) proxy: Option<Secret>,
    pub(super) credential: CredentialSource,
    pub(super) headers: HeaderMap,
}

/// How the server is known and how the client is.
#[derive(Debug, Clone, Default)]
pub(super) struct TlsSettings {
    /// The authorities to trust; the system's if `None`.
    pub(super) roots: Option<Material>,
    pub(super) server_name: Option<String>,
    pub(super) skip_verify: bool,
    pub(super) identity: Option<IdentitySource>,
}

/// A client certificate and its key.
#[derive(Debug, Clone)]
pub(super) struct IdentitySource {
    pub(super) certificate: Material,
    pub(super) key: Material,
}

/// Where the `Authorization` header comes from.
#[derive(Debug, Clone)]
pub(super) enum CredentialSource {
    None,
    Token(Secret),
    TokenFile(PathBuf),
    Basic { username: String, password: Secret },
    Plugin(Box<Plugin>),
}

impl Connection {
    /// The connection that the kubeconfigs of this world name or, where there are none, that of the pod it runs in.
    ///
    /// # Errors
    /// [`ConnectError::NoKubeconfig`] if there is neither; else why the one there is cannot be used.
    pub fn find(
        world: &dyn World,
        kubeconfig: Option<&Path>,
        overrides: &Overrides,
        policy: &ConnectPolicy,
    ) -> Result<Self, ConnectError> {
        match Kubeconfig::load(world, kubeconfig) {
            Ok(kubeconfig) => Self::from_kubeconfig(&kubeconfig, overrides, policy),
            Err(ConnectError::NoKubeconfig { looked }) => match Self::in_cluster(world) {
                Ok(connection) => connection.overridden(overrides),
                Err(ConnectError::NoKubeconfig { .. }) => Err(ConnectError::NoKubeconfig { looked }),
                Err(error) => Err(error),
            },
            Err(error) => Err(error),
        }
    }

    /// The connection that a kubeconfig describes.
    ///
    /// # Errors
    /// Unknown names with candidates, settings that cannot be, and risks that the policy does not take.
    pub fn from_kubeconfig(
        kubeconfig: &Kubeconfig,
        overrides: &Overrides,
        policy: &ConnectPolicy,
    ) -> Result<Self, ConnectError> {
        let choice = Choice::make(kubeconfig, overrides)?;
        let (server, tls) = endpoint(&choice, policy)?;
        let identity = choice.user.map(|user| identity(&choice, user)).transpose()?.flatten();
        let proxy = choice.cluster.proxy.clone();
        if let Some(url) = &proxy {
            proxy::check(url, &server)?;
        }
        let stored = choice.user.map(|user| user.impersonate.clone()).unwrap_or_default();
        Ok(Self {
            credential: credential(&choice, &server, policy)?,
            headers: impersonate::headers(&merged(stored, overrides))?,
            name: choice.name,
            cluster: Some(choice.cluster_name),
            user: choice.user_name,
            namespace: choice.namespace,
            server,
            tls: TlsSettings { identity, ..tls },
            proxy,
        })
    }

    /// The connection of a pod, with its service account.
    ///
    /// # Errors
    /// [`ConnectError::NoKubeconfig`] if this is no pod, [`ConnectError::CredentialFile`] if its account is unreadable.
    pub fn in_cluster(world: &dyn World) -> Result<Self, ConnectError> {
        const ACCOUNT: &str = "/var/run/secrets/kubernetes.io/serviceaccount";
        let variable = |name| world.env(name).map_err(|source| ConnectError::KubeconfigFile { source });
        let (Some(host), Some(port)) = (variable("KUBERNETES_SERVICE_HOST")?, variable("KUBERNETES_SERVICE_PORT")?)
        else {
            return Err(ConnectError::NoKubeconfig { looked: Vec::new() });
        };
        let host = if host.contains(':') { format!("[{host}]") } else { host };
        let unreadable = |what| move |source| ConnectError::CredentialFile { what, source };
        let file = |name: &str| Path::new(ACCOUNT).join(name);
        read_text(world, &file("token"), 1 << 20).map_err(unreadable("the service account's token"))?;
        let namespace = match read_text(world, &file("namespace"), 1 << 10) {
            Ok(text) => text.trim().to_owned(),
            Err(error) if error.is_not_found() => "default".to_owned(),
            Err(error) => return Err(unreadable("the service account's namespace")(error)),
        };
        Ok(Self {
            name: "in-cluster".to_owned(),
            cluster: None,
            user: None,
            namespace,
            server: server_uri(
                &format!("https://{host}:{port}"),
                "KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT",
            )?,
            tls: TlsSettings { roots: Some(Material::File(file("ca.crt"))), ..TlsSettings::default() },
            proxy: None,
            credential: CredentialSource::TokenFile(file("token")),
            headers: HeaderMap::new(),
        })
    }

    /// In a pod only `--namespace` and `--as…` mean something: there are no names to choose from.
    fn overridden(mut self, overrides: &Overrides) -> Result<Self, ConnectError> {
        let given = [("context", &overrides.context), ("cluster", &overrides.cluster), ("user", &overrides.user)];
        for (what, name) in given {
            if let Some(name) = name {
                return Err(ConnectError::UnknownName {
                    what,
                    name: name.clone(),
                    named_by: Some(format!("named by --{what}")),
                    files: vec!["the pod's service account, which is used for want of a kubeconfig".to_owned()],
                    candidates: Vec::new(),
                });
            }
        }
        if let Some(namespace) = &overrides.namespace {
            self.namespace.clone_from(namespace);
        }
        self.headers = impersonate::headers(&merged(Impersonation::default(), overrides))?;
        Ok(self)
    }

    /// The name people know it by: the context's.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The cluster's name in the kubeconfig.
    #[must_use]
    pub fn cluster(&self) -> Option<&str> {
        self.cluster.as_deref()
    }

    /// The user's name in the kubeconfig.
    #[must_use]
    pub fn user(&self) -> Option<&str> {
        self.user.as_deref()
    }

    /// The address of the API server.
    #[must_use]
    pub fn server(&self) -> &Uri {
        &self.server
    }

    /// The namespace to use when none is named.
    #[must_use]
    pub fn namespace(&self) -> &str {
        &self.namespace
    }
}

/// The entries that a context and the overrides pick.
struct Choice<'a> {
    name: String,
    cluster_name: String,
    cluster: &'a Cluster,
    user_name: Option<String>,
    user: Option<&'a User>,
    namespace: String,
    path: PathBuf,
}

impl<'a> Choice<'a> {
    fn make(kubeconfig: &'a Kubeconfig, overrides: &Overrides) -> Result<Self, ConnectError> {
        let (name, context) = context(kubeconfig, overrides)?;
        let by_context = name.as_ref().map(|name| format!("named by context {name:?}"));
        let files = || kubeconfig.files().iter().map(|path| path.display().to_string()).collect();
        let unknown = |what, name: &str, given: &Option<String>, candidates: Vec<String>| ConnectError::UnknownName {
            what,
            name: name.to_owned(),
            named_by: if given.is_some() { Some(format!("named by --{what}")) } else { by_context.clone() },
            files: files(),
            candidates,
        };
        let path = kubeconfig.files().first().cloned().unwrap_or_default();
        let cluster_name = overrides.cluster.clone().or(context.cluster).ok_or_else(|| ConnectError::Kubeconfig {
            path: path.clone(),
            problem: format!("context {:?} names no cluster", name.clone().unwrap_or_default()),
            place: None,
        })?;
        let cluster = kubeconfig.clusters.get(&cluster_name).ok_or_else(|| {
            unknown("cluster", &cluster_name, &overrides.cluster, kubeconfig.clusters.keys().cloned().collect())
        })?;
        let user_name = overrides.user.clone().or(context.user);
        let user =
            match &user_name {
                None => None,
                Some(name) => Some(kubeconfig.users.get(name).ok_or_else(|| {
                    unknown("user", name, &overrides.user, kubeconfig.users.keys().cloned().collect())
                })?),
            };
        let namespace = overrides.namespace.clone().or(context.namespace).unwrap_or_else(|| "default".to_owned());
        let name = name.unwrap_or_else(|| cluster_name.clone());
        Ok(Self { name, cluster_name, cluster, user_name, user, namespace, path })
    }

    fn invalid(&self, problem: String) -> ConnectError {
        ConnectError::Kubeconfig { path: self.path.clone(), problem, place: None }
    }

    fn user_label(&self) -> String {
        format!("user {:?}", self.user_name.as_deref().unwrap_or_default())
    }
}

/// The context to use with its name; one without a name if `--cluster` alone says where to go.
fn context(kubeconfig: &Kubeconfig, overrides: &Overrides) -> Result<(Option<String>, Context), ConnectError> {
    let files = || kubeconfig.files().iter().map(|path| path.display().to_string()).collect();
    let candidates = || kubeconfig.contexts.keys().cloned().collect();
    let Some(name) = overrides.context.as_deref().or(kubeconfig.current_context()) else {
        if overrides.cluster.is_some() {
            return Ok((None, Context { cluster: None, user: None, namespace: None }));
        }
        return Err(ConnectError::NoCurrentContext { files: files(), candidates: candidates() });
    };
    match kubeconfig.contexts.get(name) {
        Some(context) => Ok((Some(name.to_owned()), context.clone())),
        None => Err(ConnectError::UnknownName {
            what: "context",
            name: name.to_owned(),
            named_by: overrides.context.is_none().then(|| "named by current-context".to_owned()),
            files: files(),
            candidates: candidates(),
        }),
    }
}

fn server_uri(server: &str, source: &str) -> Result<Uri, ConnectError> {
    let invalid = |problem: &str| ConnectError::Address { subject: source.to_owned(), problem: problem.to_owned() };
    // kubectl takes an address without a scheme as plain http; saying so beats guessing.
    let uri: Uri = server.parse().map_err(|_| invalid("the server's address is not valid"))?;
    match uri.scheme_str() {
        Some("https" | "http") => {}
        _ => return Err(invalid("the server's address must start with https://")),
    }
    if uri.host().is_none_or(str::is_empty)
        || uri.query().is_some()
        || uri.authority().is_some_and(|a| a.as_str().contains('@'))
    {
        return Err(invalid("the server's address must be a host, a port and a path, nothing else"));
    }
    Ok(uri)
}

/// The server's address and how it is verified, if the policy allows that.
fn endpoint(choice: &Choice<'_>, policy: &ConnectPolicy) -> Result<(Uri, TlsSettings), ConnectError> {
    let cluster = choice.cluster;
    let label = format!("cluster {:?}", choice.cluster_name);
    let server = cluster.server.as_deref().ok_or_else(|| choice.invalid(format!("{label} has no server")))?;
    let server = server_uri(server, &label)?;
    let insecure = |problem, option| ConnectError::Insecure { server: server.to_string(), problem, option };
    if server.scheme() == Some(&Scheme::HTTP) && policy.plain_http == Risk::Refuse {
        return Err(insecure("plain http can be read and changed by anyone on the way", "--allow-insecure"));
    }
    if cluster.skip_verify && policy.unverified_tls == Risk::Refuse {
        let problem = "the kubeconfig says insecure-skip-tls-verify: anyone could answer for the server";
        return Err(insecure(problem, "--allow-insecure"));
    }
    if cluster.skip_verify && cluster.roots.is_some() {
        return Err(choice.invalid(format!("{label} has both a certificate-authority and insecure-skip-tls-verify")));
    }
    let tls = TlsSettings {
        roots: cluster.roots.clone(),
        server_name: cluster.server_name.clone(),
        skip_verify: cluster.skip_verify,
        identity: None,
    };
    Ok((server, tls))
}

fn identity(choice: &Choice<'_>, user: &User) -> Result<Option<IdentitySource>, ConnectError> {
    match (user.certificate.clone(), user.key.clone()) {
        (None, None) => Ok(None),
        (Some(certificate), Some(key)) => Ok(Some(IdentitySource { certificate, key })),
        (Some(_), None) => {
            Err(choice.invalid(format!("{} has a client-certificate but no client-key", choice.user_label())))
        }
        (None, Some(_)) => {
            Err(choice.invalid(format!("{} has a client-key but no client-certificate", choice.user_label())))
        }
    }
}

/// Where the user's credential comes from. A token or password wins over a plugin, as for kubectl.
fn credential(choice: &Choice<'_>, server: &Uri, policy: &ConnectPolicy) -> Result<CredentialSource, ConnectError> {
    let Some(user) = choice.user else { return Ok(CredentialSource::None) };
    if let Some(provider) = &user.auth_provider {
        return Err(ConnectError::Credential {
            subject: choice.user_label(),
            problem: format!("auth-provider {provider:?} is of a kind that Kubernetes 1.26 removed"),
            hint: Some("let your cloud's tool write a new kubeconfig: it will name an exec plugin"),
        });
    }
    let has_token = user.token.is_some() || user.token_file.is_some();
    if has_token && user.username.is_some() {
        return Err(choice.invalid(format!("{} has both a token and a username", choice.user_label())));
    }
    if let Some(file) = &user.token_file {
        return Ok(CredentialSource::TokenFile(file.clone()));
    }
    if let Some(token) = &user.token {
        return Ok(CredentialSource::Token(token.clone()));
    }
    if let Some(username) = &user.username {
        let password = user.password.clone().unwrap_or_else(|| Secret::new(""));
        return Ok(CredentialSource::Basic { username: username.clone(), password });
    }
    let Some(exec) = &user.exec else { return Ok(CredentialSource::None) };
    let allowed = match &policy.plugins {
        PluginPolicy::Any => true,
        PluginPolicy::Only(paths) => {
            Path::new(&exec.command).is_absolute() && paths.iter().any(|path| path == Path::new(&exec.command))
        }
    };
    if !allowed {
        let user = choice.user_name.clone().unwrap_or_default();
        return Err(ConnectError::PluginRefused { user, command: exec.command.clone() });
    }
    Ok(CredentialSource::Plugin(Box::new(Plugin::new(exec, choice.cluster, server))))
}

/// The kubeconfig's impersonation with the options over it, field by field.
fn merged(stored: Impersonation, overrides: &Overrides) -> Impersonation {
    Impersonation {
        user: overrides.act_as.clone().or(stored.user),
        uid: overrides.act_as_uid.clone().or(stored.uid),
        groups: if overrides.act_as_groups.is_empty() { stored.groups } else { overrides.act_as_groups.clone() },
        extra: stored.extra,
    }
}
