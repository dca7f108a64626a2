//! What can go wrong at a door. Names the path, program, variable or address; never what it held.

use crate::diag::{Code, Explain, codes};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// A door that did not open, or not all the way.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum WorldError {
    /// A file or directory could not be read, written or listed.
    #[error("cannot {action} {}: {source}", path.display())]
    File {
        /// The verb: `read`, `write`, `list`, …
        action: &'static str,
        /// Which file.
        path: PathBuf,
        /// Why.
        source: Arc<std::io::Error>,
    },
    /// A file is longer than the reader allows.
    #[error("{} is larger than {limit} bytes", path.display())]
    FileTooLarge {
        /// Which file.
        path: PathBuf,
        /// The most it may have.
        limit: usize,
    },
    /// An environment variable has no form as text.
    #[error("environment variable {name} is not UTF-8")]
    Env {
        /// Which one.
        name: String,
    },
    /// A program could not be started or watched.
    #[error("cannot run {program}: {source}")]
    Program {
        /// Its path as it was given.
        program: String,
        /// Why.
        source: Arc<std::io::Error>,
    },
    /// A program ran longer than allowed and was killed.
    #[error("{program} did not end within {}", Seconds(*limit))]
    ProgramTimeout {
        /// Its path as it was given.
        program: String,
        /// How long it had.
        limit: Duration,
    },
    /// A program printed more than allowed and was killed.
    #[error("{program} printed more than {limit} bytes")]
    ProgramOutput {
        /// Its path as it was given.
        program: String,
        /// The most it may print to each stream.
        limit: usize,
    },
    /// An HTTP call got no complete answer.
    #[error("{method} {url}: {source}")]
    Http {
        /// The method.
        method: String,
        /// The address without credentials and query.
        url: String,
        /// Why.
        source: Arc<dyn std::error::Error + Send + Sync>,
    },
    /// An HTTP call took longer than allowed.
    #[error("{method} {url}: no complete answer within {}", Seconds(*limit))]
    HttpTimeout {
        /// The method.
        method: String,
        /// The address without credentials and query.
        url: String,
        /// How long it had.
        limit: Duration,
    },
    /// The body of an HTTP answer is larger than allowed.
    #[error("{method} {url}: the answer is larger than {limit} bytes")]
    HttpTooLarge {
        /// The method.
        method: String,
        /// The address without credentials and query.
        url: String,
        /// The most it may have.
        limit: usize,
    },
    /// The system has no random bytes.
    #[error("the system gives no random bytes")]
    Random,
    /// The embedder does not offer this.
    #[error("this run has no access to {door}")]
    Closed {
        /// What was asked for: `programs`, `the network`, …
        door: &'static str,
    },
}

impl WorldError {
    /// Whether a file is not there at all, as opposed to unreadable.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::File { source, .. } if source.kind() == std::io::ErrorKind::NotFound)
    }
}

impl Explain for WorldError {
    fn code(&self) -> Code {
        match self {
            Self::File { .. } | Self::FileTooLarge { .. } => codes::FILE,
            Self::Env { .. } => codes::ENV,
            Self::Program { .. } | Self::ProgramTimeout { .. } | Self::ProgramOutput { .. } => codes::PROCESS,
            Self::Http { .. } | Self::HttpTimeout { .. } | Self::HttpTooLarge { .. } => codes::HTTP,
            Self::Random | Self::Closed { .. } => codes::DOOR_CLOSED,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::Closed { .. } => Some("whoever embeds Rutter decides which doors a run has".to_owned()),
            Self::Program { source, .. } if source.kind() == std::io::ErrorKind::NotFound => {
                Some("is the program installed, and is its path right?".to_owned())
            }
            _ => None,
        }
    }
}

/// A duration as people write it: `30 s`, `1.5 s`.
struct Seconds(Duration);

impl std::fmt::Display for Seconds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} s", self.0.as_secs_f64())
    }
}
