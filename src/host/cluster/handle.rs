//! The values that stand for a cluster, and for objects of one that are read in one pass.

use crate::cluster::read::ListOptions;
use crate::cluster::{Error, Gateway, Target};
use crate::object::KindQuery;

/// A cluster, as scripts hold it. It connects with the first call.
#[derive(Debug, Clone)]
pub struct Cluster {
    gateway: Gateway,
    name: Option<String>,
}

impl Cluster {
    /// The gateway's default target.
    #[must_use]
    pub fn default_of(gateway: &Gateway) -> Self {
        Self { gateway: gateway.clone(), name: gateway.default_name().map(str::to_owned) }
    }

    /// The target's name; empty where the gateway has no target.
    #[must_use]
    pub fn name(&self) -> &str {
        self.name.as_deref().unwrap_or_default()
    }

    /// The target, connected.
    pub(super) async fn target(&self) -> Result<Target, Error> {
        match &self.name {
            Some(name) => self.gateway.target(name).await,
            None => self.gateway.default_target().await,
        }
    }
}

/// Objects of a cluster, read anew each time they are gone through.
#[derive(Debug, Clone)]
pub struct Stream {
    pub(super) cluster: Cluster,
    pub(super) kind: KindQuery,
    pub(super) options: ListOptions,
}
