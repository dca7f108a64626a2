//! The values that stand for a cluster, and for objects of one that are read in one pass.

use super::failure;
use crate::cluster::read::{ListOptions, Pager};
use crate::cluster::{Error, Gateway, Target};
use crate::host::handle::Shape;
use crate::host::{Failure, Host, Thrown, learn_secrets};
use crate::object::KindQuery;
use crate::value::Node;

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
    pub(super) host: Host,
    pub(super) cluster: Cluster,
    pub(super) kind: KindQuery,
    pub(super) options: ListOptions,
}

/// A stream in the course of being read.
pub(crate) struct Reading {
    host: Host,
    target: Target,
    pager: Pager,
    shape: Shape,
}

impl Stream {
    /// Begins to read.
    pub(crate) fn read(&self) -> Result<Reading, Thrown> {
        let (target, pager) = self.host.bridge().wait(async {
            let target = self.cluster.target().await.map_err(failure)?;
            let pager = target.stream(&self.host.context, &self.kind, &self.options).await.map_err(failure)?;
            Ok::<_, Failure>((target, pager))
        })?;
        Ok(Reading { host: self.host.clone(), target, pager, shape: Shape::Free })
    }
}

impl Reading {
    /// The next object; nothing after the last one.
    pub(crate) fn next(&mut self) -> Result<Option<Node>, Thrown> {
        let Self { host, pager, .. } = self;
        let object = host.bridge().wait(async { pager.next().await.map_err(failure) })?;
        object.iter().for_each(|object| learn_secrets(host, object));
        if let (Shape::Free, Some(object)) = (&self.shape, &object) {
            self.shape = Shape::of(&self.target, object);
        }
        Ok(object)
    }

    /// The shape of the objects; known with the first one.
    pub(crate) fn shape(&self) -> &Shape {
        &self.shape
    }
}
