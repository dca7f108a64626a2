//! Whether an object is what it is meant to be: ready, on its way, failed, or not to be told.
//!
//! The rules are those of kstatus (`sigs.k8s.io/cli-utils`, `pkg/kstatus/status/{generic,core}.go`): first what all objects
//! have in common, then a rule per kind, then a condition `Ready`, and ready where nothing speaks against it. Pure: no clock,
//! so no rule counts time; a wait's deadline does.
//!
//! Where it differs from kstatus, on purpose:
//! - A crashing or unschedulable pod and an image that cannot be pulled are *progressing*, with the reason: a dependency that
//!   comes up, a node that is added, a registry that answers again mend them, and a wait has its own deadline. kstatus says
//!   failed. A pod that has ended in error has *failed*; kstatus calls it current.
//! - A `LoadBalancer` service is ready when it has an address, as Helm and Argo CD have it.
//! - An object that is being deleted is *progressing*: it will not get ready, but one of its name may follow.
//! - A lost volume claim has failed: its volume is gone.

mod cluster;
mod generic;
mod pod;
mod workload;

use super::meta;
use crate::value::Node;
use std::fmt;

/// Why an object is not ready: one word for machines, a sentence for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// One word: a condition's reason or our own.
    pub reason: String,
    /// What was seen: `2 of 3 replicas available`.
    pub message: String,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.message.as_str(), self.reason.as_str()) {
            ("", reason) => f.write_str(reason),
            (message, "") => f.write_str(message),
            (message, reason) => write!(f, "{message} ({reason})"),
        }
    }
}

/// How far an object is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Readiness {
    /// It is what it is meant to be.
    Ready,
    /// It is on its way, or may come round.
    Progressing(Why),
    /// It will not become ready by waiting.
    Failed(Why),
    /// It cannot be told.
    Unknown(Why),
}

impl Readiness {
    /// Whether it is ready.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        *self == Self::Ready
    }

    /// Why it is not ready, if it is not.
    #[must_use]
    pub fn why(&self) -> Option<&Why> {
        match self {
            Self::Ready => None,
            Self::Progressing(why) | Self::Failed(why) | Self::Unknown(why) => Some(why),
        }
    }

    /// One word: `ready`, `progressing`, `failed` or `unknown`.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Progressing(_) => "progressing",
            Self::Failed(_) => "failed",
            Self::Unknown(_) => "unknown",
        }
    }

    fn progressing(reason: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Progressing(Why { reason: reason.into(), message: message.into() })
    }

    fn failed(reason: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Failed(Why { reason: reason.into(), message: message.into() })
    }

    fn unknown(reason: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Unknown(Why { reason: reason.into(), message: message.into() })
    }
}

impl fmt::Display for Readiness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.why() {
            None => f.write_str(self.word()),
            Some(why) => write!(f, "{}: {why}", self.word()),
        }
    }
}

/// How far the object is, by all that can be read from it.
#[must_use]
pub fn readiness(object: &Node) -> Readiness {
    if !meta::is_object(object) {
        return Readiness::unknown("NotAnObject", "the value is not a Kubernetes object");
    }
    if let Some(decided) = generic::common(object) {
        return decided;
    }
    let group = meta::group(object).unwrap_or("");
    match (group, meta::kind(object).unwrap_or("")) {
        ("apps", "Deployment") => workload::deployment(object),
        ("apps", "ReplicaSet") => workload::replica_set(object),
        ("apps", "StatefulSet") => workload::stateful_set(object),
        ("apps", "DaemonSet") => workload::daemon_set(object),
        ("", "ReplicationController") => workload::replication_controller(object),
        ("batch", "Job") => workload::job(object),
        ("", "Pod") => pod::pod(object),
        ("", "Service") => cluster::service(object),
        ("", "PersistentVolumeClaim") => cluster::volume_claim(object),
        ("", "PersistentVolume") => cluster::volume(object),
        ("", "Namespace") => cluster::namespace(object),
        ("", "Node") => cluster::node(object),
        ("policy", "PodDisruptionBudget") => cluster::disruption_budget(object),
        ("autoscaling", "HorizontalPodAutoscaler") => cluster::autoscaler(object),
        ("apiextensions.k8s.io", "CustomResourceDefinition") => cluster::definition(object),
        ("apiregistration.k8s.io", "APIService") => cluster::api_service(object),
        _ => generic::ready_condition(object),
    }
}

#[cfg(test)]
mod tests;
