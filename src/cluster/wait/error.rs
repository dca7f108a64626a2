//! Why a wait ended without what it waited for.

use super::condition::InvalidCondition;
use crate::cluster::Error;
use crate::diag::{Code, Explain, codes, printable};
use std::sync::Arc;

/// Why a wait ended without what it waited for.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WaitError {
    /// The cluster could not be asked.
    #[error(transparent)]
    Cluster(#[from] Error),
    /// The text names no condition.
    #[error("`{}` is no condition to wait for: {}", printable(&.0.given), .0.problem)]
    InvalidCondition(InvalidCondition),
    /// The time was over.
    #[error("{} {} after {}: {}", .0.object, .0.unmet, .0.after, .0.why)]
    NotMet(Box<Unmet>),
    /// It cannot come true any more.
    #[error("{} {}, and waiting does not help: {}", .0.object, .0.unmet, .0.why)]
    Hopeless(Box<Unmet>),
}

/// What was waited for, what was seen last, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unmet {
    /// The target.
    pub cluster: Arc<str>,
    /// The object, as in `Deployment/shop/web`.
    pub object: String,
    /// What it was not, as in `was not ready`.
    pub unmet: String,
    /// How long was waited, as in `5m0s`.
    pub after: String,
    /// Why, in short.
    pub why: String,
    /// What was waited for and seen last, and what was found out about the reasons.
    pub notes: Vec<String>,
    /// What would help.
    pub hint: Option<String>,
}

impl Explain for WaitError {
    fn code(&self) -> Code {
        match self {
            Self::Cluster(error) => error.code(),
            Self::InvalidCondition(_) => codes::INVALID_ARGUMENT,
            Self::NotMet(_) => codes::NOT_READY,
            Self::Hopeless(_) => codes::WAIT_FAILED,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::Cluster(error) => error.hint(),
            Self::InvalidCondition(invalid) => Some(invalid.hint.clone()),
            Self::NotMet(unmet) | Self::Hopeless(unmet) => {
                unmet.hint.as_ref().map(|hint| format!("{hint}; see `rutter doc {}`", self.code()))
            }
        }
    }

    fn notes(&self) -> Vec<String> {
        match self {
            Self::Cluster(error) => error.notes(),
            Self::InvalidCondition(_) => Vec::new(),
            Self::NotMet(unmet) | Self::Hopeless(unmet) => unmet.notes.clone(),
        }
    }
}
