//! The kinds of a cluster: read once, kept per target, asked by whatever name a user has for a kind.
//!
//! Aggregated discovery (two requests) is asked for first; servers that do not have it are read group by group. One broken
//! aggregated API (an `APIService` whose server is away) costs its own kinds and a warning, nothing else.

mod fetch;
mod fields;
mod kinds;
#[cfg(test)]
mod tests;
mod wire;

pub(crate) use fields::{SchemaCache, Schemas};
pub use kinds::{Kinds, Resource, Subresource};

use super::error::Error;
use super::{Context, Result, Target};
use crate::object::{GroupVersionKind, KindQuery};
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// A name that is not known may be that of a CRD that was made a moment ago, so it is looked for in a new reading; but one begins
/// only so long after the last one has ended.
const PAUSE: Duration = Duration::from_millis(100);

/// The kinds of one target as they were read last.
#[derive(Default)]
pub(crate) struct Cache {
    last: std::sync::Mutex<Option<Reading>>,
    /// Held while the kinds are read: whoever comes meanwhile wants the same answer.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Clone)]
struct Reading {
    kinds: Arc<Kinds>,
    began: Instant,
    ended: Instant,
}

impl Cache {
    fn last(&self) -> std::sync::MutexGuard<'_, Option<Reading>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Target {
    /// All kinds of the cluster.
    ///
    /// # Errors
    /// They cannot be read.
    pub async fn kinds(&self, run: &Context) -> Result<Arc<Kinds>> {
        self.kinds_read_since(run, None).await
    }

    /// The resource that a user's word for a kind means.
    ///
    /// A name that several groups have means the one of Kubernetes itself, in the server's order of groups, as with kubectl
    /// (`events` is core `v1`, `service` is not Knative's). Where only other groups have it, nothing is guessed.
    ///
    /// # Errors
    /// [`Error::UnknownKind`] with the most similar kind, [`Error::AmbiguousKind`] with all candidates.
    pub async fn resolve(&self, run: &Context, query: &KindQuery) -> Result<Arc<Resource>> {
        let asked = Instant::now();
        let kinds = self.kinds(run).await?;
        match kinds.resolve(self.name(), query) {
            Err(Error::UnknownKind { .. }) => {
                let kinds = self.kinds_read_since(run, Some(asked)).await?;
                kinds.resolve(self.name(), query)
            }
            found => found,
        }
    }

    /// The resource of exactly that group, version and kind.
    ///
    /// # Errors
    /// [`Error::UnknownKind`].
    pub async fn resolve_exactly(&self, run: &Context, gvk: &GroupVersionKind) -> Result<Arc<Resource>> {
        self.resolve(run, &KindQuery::from(gvk)).await
    }

    /// The kinds as they were read since then, or ever.
    async fn kinds_read_since(&self, run: &Context, asked: Option<Instant>) -> Result<Arc<Kinds>> {
        let cache = self.kinds_cache();
        let last = || cache.last().clone();
        let is_new = |reading: &Reading| asked.is_none_or(|asked| reading.began >= asked);
        if let Some(reading) = last().filter(is_new) {
            return Ok(reading.kinds);
        }
        let turn = tokio::select! {
            biased;
            () = run.cancel().cancelled() => Err(Error::Cancelled { call: self.call("discover", "the kinds") }),
            turn = cache.turn.lock() => Ok(turn),
        };
        let _turn = turn?;
        if let Some(reading) = last().filter(is_new) {
            return Ok(reading.kinds);
        }
        if let Some(reading) = last() {
            // A run that is over meanwhile is told so by the reading.
            tokio::select! {
                () = run.over() => {}
                () = tokio::time::sleep_until(reading.ended + PAUSE) => {}
            }
        }
        let began = Instant::now();
        let kinds = Arc::new(fetch::fetch(self, run).await?);
        *cache.last() = Some(Reading { kinds: kinds.clone(), began, ended: Instant::now() });
        Ok(kinds)
    }
}
