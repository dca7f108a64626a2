//! [`Host`]: what one run has at hand. Functions find it through the engine's tag, so that the registered functions
//! themselves belong to no run and are shared by all.

use super::{Bridge, Failure};
use crate::cluster::{Context, Gateway};
use crate::diag::{SourceMap, codes};
use crate::journal::Sink;
use crate::object::Secrets;
use crate::world::World;
use rhai::Engine;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The doors and facts of one run. Cheap to clone.
#[derive(Clone)]
pub struct Host(Arc<Inner>);

struct Inner {
    parts: Parts,
    /// Threads that may still be started.
    threads: AtomicUsize,
}

/// Threads that a run may have beside its own, in all. Each can nest further calls, so without a bound in common a few
/// lines of script would start thousands, and a process that gets no more memory for stacks is aborted.
const THREADS: usize = 128;

/// Threads that were set aside for a call; given back when dropped.
pub(crate) struct Threads<'a> {
    left: &'a AtomicUsize,
    count: usize,
}

impl Threads<'_> {
    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.count
    }
}

impl Drop for Threads<'_> {
    fn drop(&mut self) {
        self.left.fetch_add(self.count, Ordering::Relaxed);
    }
}

/// What a [`Host`] is made of.
pub struct Parts {
    /// Where waiting happens.
    pub bridge: Bridge,
    /// Files, environment, programs, clock, network.
    pub world: Arc<dyn World>,
    /// Clusters.
    pub gateway: Gateway,
    /// Deadline, stop signal and field manager of calls to clusters.
    pub context: Context,
    /// Where events go; masks what [`secrets`](Self::secrets) knows.
    pub sink: Arc<dyn Sink>,
    /// What nobody outside the run may see: whoever reads a secret adds it here before anything else is done with it.
    pub secrets: Secrets,
    /// Texts of the scripts, for messages.
    pub sources: SourceMap,
}

impl std::fmt::Debug for Host {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Host").field("bridge", &self.bridge).finish_non_exhaustive()
    }
}

impl std::ops::Deref for Host {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0.parts
    }
}

impl Host {
    /// A host of these parts.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(Inner { parts, threads: AtomicUsize::new(THREADS) }))
    }

    /// Sets aside so many threads, or as many as the run has left: possibly none.
    pub(crate) fn threads(&self, wanted: usize) -> Threads<'_> {
        let left = &self.0.threads;
        let take = |left: usize| Some(left - wanted.min(left));
        // The closure always gives a value, so both arms are the number before.
        let before = left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).unwrap_or_else(|before| before);
        Threads { left, count: wanted.min(before) }
    }

    /// The host of the run that this engine executes.
    pub(crate) fn of(engine: &Engine) -> Result<Self, Failure> {
        engine
            .default_tag()
            .read_lock::<Self>()
            .map(|host| host.clone())
            .ok_or_else(|| Failure::new(codes::INTERNAL, "a host function was called outside a run"))
    }

    /// Where waiting happens.
    #[must_use]
    pub fn bridge(&self) -> &Bridge {
        &self.0.parts.bridge
    }
}
