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
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// A name that is not known may be a CRD that was created after the kinds were read; but not more often than this.
const FRESH: Duration = Duration::from_secs(5);

/// The kinds of one target as they were read last.
#[derive(Default)]
pub(crate) struct Cache {
    read: Mutex<Option<(Arc<Kinds>, Instant)>>,
}

impl Target {
    /// All kinds of the cluster.
    ///
    /// # Errors
    /// They cannot be read.
    pub async fn kinds(&self, run: &Context) -> Result<Arc<Kinds>> {
        self.kinds_not_older_than(run, None).await
    }

    /// The resource that a user's word for a kind means.
    ///
    /// A name that several groups have means the one of Kubernetes itself, in the server's order of groups, as with kubectl
    /// (`events` is core `v1`, `service` is not Knative's). Where only other groups have it, nothing is guessed.
    ///
    /// # Errors
    /// [`Error::UnknownKind`] with the most similar kind, [`Error::AmbiguousKind`] with all candidates.
    pub async fn resolve(&self, run: &Context, query: &KindQuery) -> Result<Arc<Resource>> {
        let kinds = self.kinds(run).await?;
        match kinds.resolve(self.name(), query) {
            Err(Error::UnknownKind { .. }) => {
                let kinds = self.kinds_not_older_than(run, Some(FRESH)).await?;
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

    async fn kinds_not_older_than(&self, run: &Context, age: Option<Duration>) -> Result<Arc<Kinds>> {
        // Held while the kinds are read: whoever comes meanwhile wants the same answer.
        let call = || self.call("discover", "the kinds");
        let mut read = tokio::select! {
            biased;
            () = run.cancel().cancelled() => return Err(Error::Cancelled { call: call() }),
            read = self.kinds_cache().read.lock() => read,
        };
        if let Some((kinds, when)) = &*read
            && age.is_none_or(|age| when.elapsed() < age)
        {
            return Ok(kinds.clone());
        }
        let kinds = Arc::new(fetch::fetch(self, run).await?);
        *read = Some((kinds.clone(), Instant::now()));
        Ok(kinds)
    }
}
