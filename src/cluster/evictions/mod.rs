//! Evicting many pods within their disruption budgets: one scheduler over all of them, one watch on pods, one on budgets.
//!
//! Nothing is polled and no budget is asked for more than it allows. Budgets that can never be met are told before the first
//! eviction; what became of each pod is told after the last ([`Account`]). Pods of DaemonSets and mirrors of static pods are
//! left alone: they would be back at once.

mod account;
mod budget;
mod driver;
mod error;
mod forecast;
mod scheduler;
#[cfg(test)]
mod tests;

pub use account::{Account, Entry, Fate};
pub use budget::Never;
pub use error::EvictionsError;
pub use forecast::{Blocked, Forecast};
pub use scheduler::OnBlocked;

use super::{Context, Error, Target};
use crate::value::Node;
use std::time::Duration;

/// How long requests under way may still take after the end of their run, so that the account can tell what became of them.
pub const SETTLING: Duration = Duration::from_millis(800);

/// How to evict many pods.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct EvictionsOptions {
    /// How long it may take in all; 30 minutes unless said.
    pub timeout: Duration,
    /// What to do about pods that may not go as things are.
    pub on_blocked: OnBlocked,
    /// Seconds that each pod gets to end; its own unless said.
    pub grace_period: Option<u32>,
    /// What the work is called while it goes on, as in `draining 10 nodes`.
    pub label: Option<String>,
    /// Nodes that are emptied at the same time, in the order in which their pods are given; all of them unless said. A node
    /// begins when an earlier one is empty, and none begins after a pod was left over.
    pub nodes_at_once: Option<usize>,
}

impl Default for EvictionsOptions {
    fn default() -> Self {
        let timeout = Duration::from_secs(30 * 60);
        Self { timeout, on_blocked: OnBlocked::default(), grace_period: None, label: None, nodes_at_once: None }
    }
}

impl Target {
    /// Evicts pods and waits until they are gone.
    ///
    /// The very pods that are given are meant: one that has taken a name since is left alone. When the run is stopped or its
    /// deadline passes, no further pod is asked to go, and requests under way have [`SETTLING`] to be answered: the future
    /// ends a moment after the run does, with the account. Whoever drops it instead loses the account.
    ///
    /// # Errors
    /// [`EvictionsError::Blocked`] before the first eviction, [`EvictionsError::Incomplete`] with the account after the last;
    /// [`EvictionsError::Cluster`] where pods or budgets cannot be watched, or the run ended before they were.
    pub async fn evict_all(
        &self,
        run: &Context,
        pods: &[Node],
        options: &EvictionsOptions,
    ) -> Result<Account, EvictionsError> {
        if pods.is_empty() {
            return Ok(Account::default());
        }
        let driver = tokio::select! {
            biased;
            () = run.over() => return Err(Error::Cancelled { call: self.call("evict", "pods") }.into()),
            driver = driver::Driver::begin(self, run, pods, options) => driver?,
        };
        driver.evict().await
    }

    /// What evicting pods would come to. Evicts nothing.
    ///
    /// # Errors
    /// Pods or budgets cannot be watched.
    pub async fn forecast_evictions(&self, run: &Context, pods: &[Node]) -> Result<Forecast, EvictionsError> {
        if pods.is_empty() {
            return Ok(Forecast::default());
        }
        Ok(driver::Driver::begin(self, run, pods, &EvictionsOptions::default()).await?.forecast())
    }
}
