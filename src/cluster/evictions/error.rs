//! Why pods that were to be evicted are still there.

use super::account::Account;
use super::forecast::Forecast;
use crate::cluster::Error;
use crate::diag::{Code, Explain, codes};
use std::sync::Arc;

/// Why pods that were to be evicted are still there.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EvictionsError {
    /// The cluster could not be asked, before the first eviction.
    #[error(transparent)]
    Cluster(#[from] Error),
    /// A value is no pod of a cluster.
    #[error("cannot evict this value: {why}")]
    NoPod {
        /// What is wrong with it.
        why: String,
    },
    /// Some pods may not go as things are. Nothing was evicted.
    #[error("{} of {} pods cannot be evicted as things are; none was", .forecast.blocked_pods(), .forecast.total)]
    Blocked {
        /// The target.
        cluster: Arc<str>,
        /// What it would come to, with the reasons.
        forecast: Box<Forecast>,
    },
    /// Not all pods went.
    #[error("{} of {} pods are still there: {}", .account.leftovers().count(), .account.entries.len(), .account.summary())]
    Incomplete {
        /// The target.
        cluster: Arc<str>,
        /// What became of each pod.
        account: Box<Account>,
        /// The error that ended the work early, if one did.
        cause: Option<Box<Error>>,
    },
}

/// Reasons and pods named in one message.
const SHOWN: usize = 8;

impl Explain for EvictionsError {
    fn code(&self) -> Code {
        match self {
            Self::Cluster(error) => error.code(),
            Self::NoPod { .. } => codes::INVALID_OBJECT,
            Self::Blocked { .. } => codes::EVICTION_BLOCKED,
            Self::Incomplete { .. } => codes::EVICTION_INCOMPLETE,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::Cluster(error) => error.hint(),
            Self::NoPod { .. } => Some("pass pods as `cluster.list(\"Pod\", …)` or `cluster.get` give them".to_owned()),
            Self::Blocked { forecast, .. } => {
                let help = forecast.blocked.first().map(|blocked| blocked.never.help.as_str()).unwrap_or_default();
                Some(format!("{help}; or leave them (`on_blocked: \"skip\"`) or wait (`on_blocked: \"wait\"`)"))
            }
            Self::Incomplete { .. } => None,
        }
    }

    fn notes(&self) -> Vec<String> {
        match self {
            Self::Cluster(error) => error.notes(),
            Self::NoPod { .. } => Vec::new(),
            Self::Blocked { forecast, .. } => forecast.reasons(SHOWN),
            Self::Incomplete { account, cause, .. } => {
                let early = cause.iter().map(|cause| format!("it ended early: {cause}"));
                early.chain(account.left_by_reason(SHOWN)).collect()
            }
        }
    }
}

impl Forecast {
    /// How many pods may not go.
    pub(super) fn blocked_pods(&self) -> usize {
        self.blocked.iter().map(|blocked| blocked.pods.len()).sum()
    }

    fn reasons(&self, most: usize) -> Vec<String> {
        let reasons = self.blocked.iter().take(most).map(|blocked| {
            let first = blocked.pods.first().map(ToString::to_string).unwrap_or_default();
            match blocked.pods.len() {
                1 => format!("{first}: {}", blocked.never.why),
                more => format!("{first} and {} more: {}", more - 1, blocked.never.why),
            }
        });
        reasons.collect()
    }
}
