//! The values that stand for a cluster, and for objects of one that are read in one pass.

use crate::cluster::Gateway;

/// A cluster, as scripts hold it. It connects with the first call.
#[derive(Debug, Clone)]
pub struct Cluster {
    gateway: Gateway,
    name: String,
}

impl Cluster {
    /// The gateway's default target.
    #[must_use]
    pub fn default_of(gateway: &Gateway) -> Self {
        Self { gateway: gateway.clone(), name: String::new() }
    }

    /// The target's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// Objects of a cluster, read when they are used.
#[derive(Debug, Clone)]
pub struct Stream {}
