//! Why there is no connection: from a missing kubeconfig to a certificate that is not trusted.
//!
//! A secret, a plugin's output and the contents of a file never get into these messages.

use crate::diag::{Code, Explain, Span, codes, did_you_mean};
use crate::world::WorldError;
use std::path::PathBuf;

/// What kept Rutter from connecting, or from knowing what to connect to.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// There is no kubeconfig, and this is no pod either.
    #[error("no cluster is configured: {}", looked_for(looked))]
    NoKubeconfig {
        /// The files that were looked for.
        looked: Vec<PathBuf>,
    },
    /// A kubeconfig could not be read.
    #[error("the kubeconfig could not be read: {source}")]
    KubeconfigFile {
        /// Why.
        source: WorldError,
    },
    /// A kubeconfig has something in it that cannot be.
    #[error("kubeconfig {}: {problem}", path.display())]
    Kubeconfig {
        /// The file.
        path: PathBuf,
        /// What is wrong where, without the value.
        problem: String,
        /// Line and column, if the text itself does not parse.
        place: Option<(u32, u32)>,
    },
    /// An address of a server or proxy is none.
    #[error("{subject}: {problem}")]
    Address {
        /// Whose address.
        subject: String,
        /// What is wrong with it, without the address: it may hold a password.
        problem: String,
    },
    /// A context, cluster or user is named that no kubeconfig has.
    #[error("no {what} {name:?} in {}{}", files.join(", "), named_by.as_ref().map(|by| format!(" ({by})")).unwrap_or_default())]
    UnknownName {
        /// `context`, `cluster` or `user`.
        what: &'static str,
        /// The name as it was given.
        name: String,
        /// Who named it: an option, or a context.
        named_by: Option<String>,
        /// The kubeconfigs that were read.
        files: Vec<String>,
        /// The names there are.
        candidates: Vec<String>,
    },
    /// No context is named, and the kubeconfig has no current one.
    #[error("no current context in {}", files.join(", "))]
    NoCurrentContext {
        /// The kubeconfigs that were read.
        files: Vec<String>,
        /// The contexts there are.
        candidates: Vec<String>,
    },
    /// A credential plugin may not run.
    #[error("user {user:?} gets its credential from {command:?}, which is not allowed to run")]
    PluginRefused {
        /// The user's name in the kubeconfig.
        user: String,
        /// The program.
        command: String,
    },
    /// A credential plugin gave no credential.
    #[error("credential plugin {command:?} failed: {problem}")]
    PluginFailed {
        /// The program.
        command: String,
        /// How.
        problem: PluginProblem,
        /// What the kubeconfig says about installing it.
        install_hint: Option<String>,
    },
    /// The connection would be open to anyone on the way.
    #[error("{server}: {problem}")]
    Insecure {
        /// The server's address.
        server: String,
        /// `plain http …` or `the certificate would not be verified …`.
        problem: &'static str,
        /// What would allow it.
        option: &'static str,
    },
    /// The TLS settings are unusable, or the handshake failed.
    #[error("{subject}: {problem}")]
    Tls {
        /// The server's address, or the setting.
        subject: String,
        /// Why.
        problem: String,
        /// What would help.
        hint: Option<&'static str>,
    },
    /// The server's certificate proves nothing: it is of another authority or for another name, or its time is over.
    #[error("{server}: {problem}")]
    Untrusted {
        /// The server's address.
        server: String,
        /// Why.
        problem: String,
        /// What would help.
        hint: Option<&'static str>,
    },
    /// A certificate, key or token could not be read.
    #[error("{what} could not be read: {source}")]
    CredentialFile {
        /// What was wanted.
        what: &'static str,
        /// Why.
        source: WorldError,
    },
    /// A credential is unusable.
    #[error("{subject}: {problem}")]
    Credential {
        /// Whose or which.
        subject: String,
        /// Why, without the value.
        problem: String,
        /// What would help.
        hint: Option<&'static str>,
    },
    /// The server, or the proxy before it, could not be reached.
    #[error("{server}: {problem}")]
    Unreachable {
        /// The server's address.
        server: String,
        /// Why.
        problem: String,
    },
}

/// How a credential plugin failed. Holds nothing of what it printed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PluginProblem {
    /// It could not be started.
    #[error("it could not be started ({0})")]
    Start(String),
    /// It ended with an exit status other than 0.
    #[error("it ended with exit status {0}")]
    Status(i32),
    /// A signal ended it.
    #[error("it was killed")]
    Killed,
    /// It did not end in time.
    #[error("it did not end within 30 s")]
    Timeout,
    /// It printed too much.
    #[error("it printed more than 1 MiB")]
    TooMuchOutput,
    /// It did not print an `ExecCredential`.
    #[error("what it printed is no ExecCredential: {0}")]
    Output(String),
    /// It wants to ask a person.
    #[error("it needs a terminal (interactiveMode: Always)")]
    Interactive,
    /// The call that waited for it was given up.
    #[error("it had not ended when the call that waited for it did, and runs at most once in 10 s")]
    Interrupted,
    /// This run has no programs.
    #[error("this run has no access to programs")]
    Closed,
}

fn looked_for(looked: &[PathBuf]) -> String {
    match looked {
        [] => "there is no kubeconfig".to_owned(),
        paths => {
            let names: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
            format!("no kubeconfig at {}", names.join(", "))
        }
    }
}

/// The start of a long list, for a hint.
fn listed(names: &[String]) -> Option<String> {
    const SHOWN: usize = 10;
    let first: Vec<&str> = names.iter().take(SHOWN).map(String::as_str).collect();
    let more = if names.len() > SHOWN { ", …" } else { "" };
    (!first.is_empty()).then(|| format!("{}{more}", first.join(", ")))
}

impl ConnectError {
    /// Whether trying again cannot help.
    pub(crate) fn is_lasting(&self) -> bool {
        matches!(self, Self::Untrusted { .. })
    }
}

impl Explain for ConnectError {
    fn code(&self) -> Code {
        match self {
            Self::NoKubeconfig { .. } => codes::NO_KUBECONFIG,
            Self::KubeconfigFile { .. } | Self::Kubeconfig { .. } | Self::Address { .. } => codes::KUBECONFIG,
            Self::UnknownName { .. } | Self::NoCurrentContext { .. } => codes::UNKNOWN_CONTEXT,
            Self::PluginRefused { .. } => codes::PLUGIN_REFUSED,
            Self::PluginFailed { .. } => codes::PLUGIN_FAILED,
            Self::Insecure { .. } => codes::INSECURE,
            Self::Tls { .. } | Self::Untrusted { .. } => codes::TLS,
            Self::CredentialFile { .. } | Self::Credential { .. } => codes::CREDENTIALS,
            Self::Unreachable { .. } => codes::UNREACHABLE,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::NoKubeconfig { .. } => Some(
                "name one with --kubeconfig FILE or KUBECONFIG, put it at ~/.kube/config, or run inside a cluster"
                    .to_owned(),
            ),
            Self::UnknownName { what, name, candidates, .. } => {
                did_you_mean(name, candidates.iter().map(String::as_str))
                    .or_else(|| listed(candidates).map(|names| format!("the kubeconfig has the {what}s {names}")))
                    .or_else(|| Some(format!("the kubeconfig has no {what}s")))
            }
            Self::NoCurrentContext { candidates, .. } => Some(match listed(candidates) {
                Some(names) => format!("choose one with --context: {names}"),
                None => "the kubeconfig has no contexts".to_owned(),
            }),
            Self::PluginRefused { command, .. } => Some(if std::path::Path::new(command).is_absolute() {
                format!("a kubeconfig can name any program: if you know this one, say --allow-exec-plugin={command}")
            } else {
                "a kubeconfig can name any program: if you know this one, write its absolute path there and allow \
                 that with --allow-exec-plugin"
                    .to_owned()
            }),
            Self::PluginFailed { install_hint: Some(hint), .. } => Some(hint.clone()),
            Self::PluginFailed { command, problem: PluginProblem::Status(_) | PluginProblem::Output(_), .. } => {
                Some(format!("run {command} by hand to see what it says"))
            }
            Self::Insecure { option, .. } => Some(format!("if that is what you want, say {option}")),
            Self::Tls { hint, .. } | Self::Untrusted { hint, .. } | Self::Credential { hint, .. } => {
                hint.map(str::to_owned)
            }
            Self::Address { .. } => Some("an address looks like https://example.org:6443".to_owned()),
            Self::Unreachable { .. } => Some("is the address right, and is the server up?".to_owned()),
            _ => None,
        }
    }

    fn span(&self) -> Option<Span> {
        match self {
            Self::Kubeconfig { path, place: Some((line, column)), .. } => {
                Some(Span::point(path.display().to_string(), *line, *column))
            }
            _ => None,
        }
    }
}
