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

use super::{Context, Target};
use crate::value::Node;
use std::time::Duration;

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
}

impl Default for EvictionsOptions {
    fn default() -> Self {
        let timeout = Duration::from_secs(30 * 60);
        Self { timeout, on_blocked: OnBlocked::default(), grace_period: None, label: None }
    }
}

impl Target {
    /// Evicts pods and waits until they are gone.
    ///
    /// The very pods that are given are meant: one that has taken a name since is left alone.
    ///
    /// # Errors
    /// [`EvictionsError::Blocked`] before the first eviction, [`EvictionsError::Incomplete`] with the account after the last;
    /// [`EvictionsError::Cluster`] where pods or budgets cannot be watched.
    pub async fn evict_all(
        &self,
        run: &Context,
        pods: &[Node],
        options: &EvictionsOptions,
    ) -> Result<Account, EvictionsError> {
        if pods.is_empty() {
            return Ok(Account::default());
        }
        driver::Driver::begin(self, run, pods, options).await?.evict().await
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
