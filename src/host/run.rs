//! [`Host`]: what one run has at hand. Functions find it through the engine's tag, so that the registered functions
//! themselves belong to no run and are shared by all.

use super::{Bridge, Failure};
use crate::cluster::{Context, Gateway};
use crate::diag::{SourceMap, codes};
use crate::journal::Sink;
use crate::world::World;
use rhai::Engine;
use std::sync::Arc;

/// The doors and facts of one run. Cheap to clone.
#[derive(Clone)]
pub struct Host(Arc<Parts>);

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
    /// Where events go.
    pub sink: Arc<dyn Sink>,
    /// Texts of the scripts, for messages.
    pub sources: SourceMap,
}

impl std::fmt::Debug for Host {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Host").field("bridge", &self.0.bridge).finish_non_exhaustive()
    }
}

impl std::ops::Deref for Host {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl Host {
    /// A host of these parts.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
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
        &self.0.bridge
    }
}
