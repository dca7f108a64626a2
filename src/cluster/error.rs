//! What can go wrong between a run and a cluster, typed: nothing above has to read a message to know what happened.

use super::connect::ConnectError;
use super::status::{Problem, Status};
use super::{BoxError, Stage};
use crate::diag::{Code, Explain, codes};
use crate::object::ObjectError;
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// A call in words: `apply Deployment/shop/web in cluster prod-eu`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Call {
    /// Name of the target.
    pub cluster: Arc<str>,
    /// What is done, as in `apply`.
    pub verb: Cow<'static, str>,
    /// To what, as in `Deployment/shop/web` or `Pods in namespace shop`.
    pub object: String,
}

impl Call {
    pub(crate) fn new(cluster: &Arc<str>, verb: impl Into<Cow<'static, str>>, object: impl Into<String>) -> Arc<Self> {
        Arc::new(Self { cluster: cluster.clone(), verb: verb.into(), object: object.into() })
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} in cluster {}", self.verb, self.object, self.cluster)
    }
}

/// What went wrong in a call to a cluster, or before it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Whoever made the gateway put no target into it.
    #[error("no cluster is configured: this program hands scripts none")]
    NoTarget,
    /// No target has that name.
    #[error("no target `{name}`")]
    UnknownTarget {
        /// The name asked for.
        name: String,
        /// The names there are.
        known: Vec<String>,
    },
    /// No transport for a target could be made, as when its kubeconfig is not valid.
    #[error("{source}")]
    NoTransport {
        /// Why.
        source: Arc<dyn Explain + Send + Sync>,
    },
    /// The cluster has no kind of that name.
    #[error("no kind `{kind}` in cluster {cluster}")]
    UnknownKind {
        /// The target.
        cluster: Arc<str>,
        /// The name asked for.
        kind: String,
        /// A kind with a similar name, as in ``Deployment` (apps/v1)``.
        similar: Option<String>,
    },
    /// Several groups have a kind of that name.
    #[error("`{kind}` is the name of several kinds in cluster {cluster}")]
    AmbiguousKind {
        /// The target.
        cluster: Arc<str>,
        /// The name asked for.
        kind: String,
        /// How to name each of them.
        candidates: Vec<String>,
    },
    /// The cluster does not offer that verb for a kind.
    #[error("cannot {call}: the API server does not offer `{verb}` for this kind")]
    UnsupportedVerb {
        /// The call.
        call: Arc<Call>,
        /// What it does not offer.
        verb: &'static str,
    },
    /// The cluster's kinds could not be read.
    #[error("cannot read the kinds of cluster {cluster}: {why}")]
    Discovery {
        /// The target.
        cluster: Arc<str>,
        /// Why.
        why: String,
    },
    /// A namespace is missing or not wanted.
    #[error("{kind} {why}")]
    Namespace {
        /// The kind.
        kind: String,
        /// What is wrong with the namespace, as in `objects have no namespace`.
        why: Cow<'static, str>,
    },
    /// The request would not be read by every server in the same way: it was not sent.
    #[error("cannot {call}: {source}")]
    InvalidRequest {
        /// The call.
        call: Arc<Call>,
        /// What is wrong.
        source: super::InvalidPath,
    },
    /// A name that the call needs is none.
    #[error("{source}")]
    InvalidName {
        /// What is wrong with it.
        source: ObjectError,
    },
    /// A value is no Kubernetes object, or not one that this call can use.
    #[error("cannot {verb} this value: {why}")]
    InvalidObject {
        /// What was to be done.
        verb: &'static str,
        /// What is wrong.
        why: String,
    },
    /// No connection came about, or no credential could be had: the server has not seen the call.
    #[error("cannot {call}: {cause}")]
    Unreachable {
        /// The call.
        call: Arc<Call>,
        /// How far it came.
        stage: Stage,
        /// Why.
        cause: String,
        /// The error of the connection's maker, where it has one of its own.
        connect: Option<Box<ConnectError>>,
    },
    /// The connection broke after the call was sent, and repeating it did not help.
    #[error("cannot {call}: {cause}")]
    Broken {
        /// The call.
        call: Arc<Call>,
        /// Why.
        cause: String,
    },
    /// The call took longer than it may.
    #[error("cannot {call}: no answer within {}", seconds(*.after))]
    Timeout {
        /// The call.
        call: Arc<Call>,
        /// How long it took.
        after: Duration,
        /// What went wrong last before the time was over.
        last: Option<String>,
    },
    /// The run was stopped.
    #[error("interrupted: {call}")]
    Cancelled {
        /// The call.
        call: Arc<Call>,
    },
    /// The server answered with an error.
    #[error("cannot {call}: {}", .status.message)]
    Api {
        /// The call.
        call: Arc<Call>,
        /// What it means.
        problem: Problem,
        /// The answer.
        status: Box<Status>,
    },
    /// A write may or may not have been done, and cannot be repeated or looked up.
    #[error("it is unknown whether this was done: {call}: {cause}")]
    InDoubt {
        /// The call.
        call: Arc<Call>,
        /// What happened to the answer.
        cause: String,
    },
    /// The server sent the call elsewhere. It was not followed: a credential would go to a host nobody named.
    #[error("cannot {call}: the server redirects to {host}")]
    Redirect {
        /// The call.
        call: Arc<Call>,
        /// The other host.
        host: String,
    },
    /// An answer was larger than it may be.
    #[error("cannot {call}: the answer is larger than {limit} bytes")]
    TooLarge {
        /// The call.
        call: Arc<Call>,
        /// The most bytes.
        limit: u64,
    },
    /// An answer could not be understood.
    #[error("cannot {call}: the answer cannot be understood: {why}")]
    Malformed {
        /// The call.
        call: Arc<Call>,
        /// What is wrong with it.
        why: String,
        /// How it begins.
        excerpt: String,
    },
    /// A watch fell silent or broke, and could not be taken up again.
    #[error("cannot {call}: {why}")]
    Watch {
        /// The call.
        call: Arc<Call>,
        /// What happened.
        why: String,
    },
    /// A command in a container could not be run.
    #[error("cannot {call}: {why}")]
    Exec {
        /// The call.
        call: Arc<Call>,
        /// What happened.
        why: String,
    },
}

impl Error {
    /// What the server's answer means, if it was the server that refused.
    #[must_use]
    pub fn problem(&self) -> Option<Problem> {
        match self {
            Self::Api { problem, .. } => Some(*problem),
            _ => None,
        }
    }

    /// The server's answer, if there is one.
    #[must_use]
    pub fn status(&self) -> Option<&Status> {
        match self {
            Self::Api { status, .. } => Some(status),
            _ => None,
        }
    }

    /// Whether the object (not the resource or the path) does not exist.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.problem() == Some(Problem::NotFound)
    }

    /// The call that failed, if it came to one.
    #[must_use]
    pub fn call(&self) -> Option<&Call> {
        match self {
            Self::UnsupportedVerb { call, .. }
            | Self::InvalidRequest { call, .. }
            | Self::Unreachable { call, .. }
            | Self::Broken { call, .. }
            | Self::Timeout { call, .. }
            | Self::Cancelled { call }
            | Self::Api { call, .. }
            | Self::InDoubt { call, .. }
            | Self::Redirect { call, .. }
            | Self::TooLarge { call, .. }
            | Self::Malformed { call, .. }
            | Self::Watch { call, .. }
            | Self::Exec { call, .. } => Some(call),
            _ => None,
        }
    }

    /// The target that the error is about, if it is about one.
    #[must_use]
    pub fn cluster(&self) -> Option<&str> {
        match self {
            Self::UnknownKind { cluster, .. }
            | Self::AmbiguousKind { cluster, .. }
            | Self::Discovery { cluster, .. } => Some(cluster),
            _ => self.call().map(|call| &*call.cluster),
        }
    }

    /// The error of a layer, back from the box in which it came through tower and kube.
    pub(crate) fn unbox(error: BoxError, call: &Arc<Call>) -> Self {
        let error = match error.downcast::<Self>() {
            Ok(ours) => return *ours,
            Err(other) => other,
        };
        match error.downcast::<kube::Error>() {
            Ok(wrapped) => Self::from_kube(*wrapped, call),
            Err(other) => Self::Broken { call: call.clone(), cause: in_one_line(&*other) },
        }
    }

    pub(crate) fn from_kube(error: kube::Error, call: &Arc<Call>) -> Self {
        match error {
            kube::Error::Service(inner) => Self::unbox(inner, call),
            kube::Error::Api(status) => Status::from_kube(&status).into_error(call.clone()),
            other => Self::Broken { call: call.clone(), cause: in_one_line(&other) },
        }
    }

    /// The same refusal, as one of the call that the caller asked for.
    pub(crate) fn within_call(self, call: &Arc<Call>) -> Self {
        match self {
            Self::Api { problem, status, .. } => Self::Api { call: call.clone(), problem, status },
            other => other,
        }
    }

    pub(crate) fn malformed(call: &Arc<Call>, why: impl Into<String>, body: &[u8]) -> Self {
        Self::Malformed { call: call.clone(), why: why.into(), excerpt: excerpt(body) }
    }
}

impl Explain for Error {
    fn code(&self) -> Code {
        match self {
            Self::NoTarget => codes::NO_KUBECONFIG,
            Self::UnknownTarget { .. } => codes::UNKNOWN_TARGET,
            Self::NoTransport { source } => source.code(),
            Self::UnknownKind { .. } => codes::UNKNOWN_KIND,
            Self::AmbiguousKind { .. } => codes::AMBIGUOUS_KIND,
            Self::UnsupportedVerb { .. } => codes::UNSUPPORTED,
            Self::Discovery { .. } => codes::DISCOVERY,
            Self::Namespace { .. } => codes::NAMESPACE,
            Self::InvalidRequest { .. } => codes::INVALID_NAME,
            Self::InvalidObject { .. } => codes::INVALID_OBJECT,
            Self::InvalidName { source } => source.code(),
            Self::Unreachable { connect: Some(error), .. } => error.code(),
            Self::Unreachable { stage: Stage::Tls, .. } => codes::TLS,
            Self::Unreachable { stage: Stage::Credentials, .. } => codes::CREDENTIALS,
            Self::Unreachable { .. } | Self::Broken { .. } => codes::UNREACHABLE,
            Self::Timeout { .. } => codes::TIMEOUT,
            Self::Cancelled { .. } => codes::INTERRUPTED,
            Self::Api { problem, .. } => problem.code(),
            Self::InDoubt { .. } => codes::IN_DOUBT,
            Self::Redirect { .. } => codes::REDIRECT,
            Self::TooLarge { .. } => codes::RESPONSE_TOO_LARGE,
            Self::Malformed { .. } => codes::MALFORMED_RESPONSE,
            Self::Watch { .. } => codes::WATCH,
            Self::Exec { .. } => codes::EXEC,
        }
    }

    fn hint(&self) -> Option<String> {
        Some(match self {
            Self::UnknownTarget { name, known } => {
                return crate::diag::did_you_mean(name, known.iter().map(String::as_str))
                    .or_else(|| (!known.is_empty()).then(|| format!("known targets: {}", known.join(", "))));
            }
            Self::NoTarget => {
                "the program that embeds Rutter hands one in: `Session::builder(world).gateway(Gateway::to(target))`"
                    .into()
            }
            Self::NoTransport { source } => return source.hint(),
            Self::InvalidName { source } => return source.hint(),
            Self::UnknownKind { similar: Some(similar), .. } => format!("did you mean {similar}?"),
            Self::UnknownKind { similar: None, .. } => {
                "if the kind comes from a CRD, is the CRD installed and established?".into()
            }
            Self::AmbiguousKind { candidates, .. } => format!("say which: {}", candidates.join(", ")),
            Self::Namespace { .. } => "the option `namespace` is for kinds that live in one; `*` is for lists".into(),
            Self::Unreachable { connect: Some(error), .. } if error.hint().is_some() => return error.hint(),
            Self::Unreachable { stage: Stage::Resolve, .. } => {
                "check the server's name in the kubeconfig, and the DNS".into()
            }
            Self::Unreachable { stage: Stage::Connect, .. } => {
                "is the API server running, and reachable from here (VPN, proxy, firewall)?".into()
            }
            Self::Api { call, problem, status } => return problem.hint(call, status),
            Self::InDoubt { .. } => "look at the object before running this again".into(),
            Self::Redirect { .. } => "a kubeconfig names the API server itself, not a page in front of it".into(),
            Self::TooLarge { .. } => "ask for less: a namespace, labels, a limit, or `metadata_only`".into(),
            Self::Malformed { .. } => {
                "is this a Kubernetes API server? A proxy or a login page may answer in its place".into()
            }
            _ => return None,
        })
    }

    fn notes(&self) -> Vec<String> {
        match self {
            Self::NoTransport { source } => source.notes(),
            Self::Timeout { last: Some(last), .. } => vec![format!("before that: {last}")],
            Self::Malformed { excerpt, .. } if !excerpt.is_empty() => vec![format!("it begins: {excerpt}")],
            Self::Api { status, .. } => status.notes(),
            _ => Vec::new(),
        }
    }
}

/// The chain of causes in one line, each once.
pub(crate) fn in_one_line(error: &(dyn std::error::Error + 'static)) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        if !line.contains(&text) {
            line = format!("{line}: {text}");
        }
        cause = error.source();
    }
    line
}

/// The first 200 characters of a body, those that print.
fn excerpt(body: &[u8]) -> String {
    let start = &body[..body.len().min(800)];
    let text: String = String::from_utf8_lossy(start).split_whitespace().collect::<Vec<_>>().join(" ");
    crate::diag::printable(&text).chars().take(200).collect()
}

/// A length of time as people read it: `30s`, `1m30s`, `250ms`.
fn seconds(time: Duration) -> String {
    let whole = time.as_secs();
    match (whole, whole / 60, whole % 60) {
        (0, ..) => format!("{}ms", time.as_millis()),
        (1..60, ..) => format!("{whole}s"),
        (_, minutes, 0) => format!("{minutes}m"),
        (_, minutes, rest) => format!("{minutes}m{rest}s"),
    }
}
