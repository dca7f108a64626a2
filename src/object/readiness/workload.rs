//! What runs pods: Deployments, ReplicaSets, StatefulSets, DaemonSets, Jobs.

use super::Readiness;
use crate::object::meta;
use crate::value::Node;

fn count(object: &Node, path: &[&str]) -> i64 {
    object.int_at(path).unwrap_or(0)
}

fn status(object: &Node, field: &str) -> i64 {
    count(object, &["status", field])
}

/// How many replicas are wanted. The controllers take 1 where nothing is said.
fn wanted(object: &Node) -> i64 {
    object.int_at(&["spec", "replicas"]).unwrap_or(1)
}

fn fewer(reason: &str, have: i64, want: i64, what: &str) -> Option<Readiness> {
    (have < want).then(|| Readiness::progressing(reason, format!("{have} of {want} replicas {what}")))
}

fn surplus(have: i64, want: i64) -> Option<Readiness> {
    (have > want).then(|| Readiness::progressing("ExtraPods", format!("{} old replicas have to end", have - want)))
}

pub(super) fn deployment(object: &Node) -> Readiness {
    let progressing = meta::condition(object, "Progressing");
    if let Some(condition) = progressing.filter(|one| one.reason == "ProgressDeadlineExceeded") {
        return Readiness::failed(condition.reason, condition.message);
    }
    // A quota or an admission rule that refuses the pods. It may be mended, so it is no failure yet.
    let refused = meta::condition(object, "ReplicaFailure").filter(meta::Condition::is_true);
    let want = wanted(object);
    let [all, updated, ready, available] =
        ["replicas", "updatedReplicas", "readyReplicas", "availableReplicas"].map(|field| status(object, field));
    let behind = fewer("LessReplicas", all, want, "created")
        .or_else(|| fewer("LessUpdated", updated, want, "updated"))
        .or_else(|| surplus(all, want))
        .or_else(|| fewer("LessAvailable", available, updated, "available"))
        .or_else(|| fewer("LessReady", ready, want, "ready"));
    match (behind, refused) {
        (Some(_), Some(refused)) => return Readiness::progressing(refused.reason, refused.message),
        (Some(Readiness::Progressing(why)), None) if is_paused(object) => {
            return Readiness::progressing("Paused", format!("{}; the rollout is paused", why.message));
        }
        (Some(behind), None) => return behind,
        (None, _) => {}
    }
    // Without a deadline the controller keeps no condition Progressing; i32::MAX is its word for none.
    let deadline =
        object.int_at(&["spec", "progressDeadlineSeconds"]).filter(|seconds| *seconds != i64::from(i32::MAX));
    let done = progressing.is_some_and(|one| one.is_true() && one.reason == "NewReplicaSetAvailable");
    if deadline.is_some() && !done && !is_paused(object) {
        return Readiness::progressing("ReplicaSetNotAvailable", "the new replica set is not available yet");
    }
    match meta::condition(object, "Available") {
        Some(available) if available.is_true() => Readiness::Ready,
        Some(available) => super::generic::not_true(&available),
        None => Readiness::progressing("DeploymentNotAvailable", "its controller has not reported on the deployment"),
    }
}

fn is_paused(object: &Node) -> bool {
    object.at(&["spec", "paused"]).and_then(Node::as_bool) == Some(true)
}

pub(super) fn replica_set(object: &Node) -> Readiness {
    let want = wanted(object);
    if let Some(refused) = meta::condition(object, "ReplicaFailure").filter(meta::Condition::is_true) {
        return Readiness::progressing(refused.reason, refused.message);
    }
    fewer("LessLabelled", status(object, "fullyLabeledReplicas"), want, "created")
        .or_else(|| fewer("LessAvailable", status(object, "availableReplicas"), want, "available"))
        .or_else(|| fewer("LessReady", status(object, "readyReplicas"), want, "ready"))
        .or_else(|| surplus(status(object, "replicas"), want))
        .unwrap_or(Readiness::Ready)
}

pub(super) fn replication_controller(object: &Node) -> Readiness {
    replica_set(object)
}

pub(super) fn stateful_set(object: &Node) -> Readiness {
    // With this strategy pods are replaced when somebody deletes them: there is no rollout to wait for.
    if object.text_at(&["spec", "updateStrategy", "type"]) == Some("OnDelete") {
        return Readiness::Ready;
    }
    let want = wanted(object);
    let [all, ready, current, updated] =
        ["replicas", "readyReplicas", "currentReplicas", "updatedReplicas"].map(|field| status(object, field));
    let behind = fewer("LessReplicas", all, want, "created")
        .or_else(|| fewer("LessReady", ready, want, "ready"))
        .or_else(|| surplus(all, want));
    if let Some(behind) = behind {
        return behind;
    }
    // Pods below the partition keep the old revision on purpose.
    if let Some(partition) = object.int_at(&["spec", "updateStrategy", "rollingUpdate", "partition"]).filter(|&p| p > 0)
    {
        return fewer("PartitionRollout", updated, want - partition, "updated").unwrap_or(Readiness::Ready);
    }
    let revision = |field: &str| object.text_at(&["status", field]).unwrap_or("");
    if revision("currentRevision") != revision("updateRevision") {
        return Readiness::progressing("RevisionMismatch", format!("{updated} of {want} replicas updated"));
    }
    fewer("LessCurrent", current, want, "of the current revision").unwrap_or(Readiness::Ready)
}

pub(super) fn daemon_set(object: &Node) -> Readiness {
    let Some(want) = object.int_at(&["status", "desiredNumberScheduled"]) else {
        return Readiness::progressing("NoDesiredNumber", "its controller has not reported on the daemon set");
    };
    // Unlike others this controller always reports the generation it has seen.
    if object.at(&["status", "observedGeneration"]).is_none() {
        return Readiness::progressing("NoObservedGeneration", "its controller has not reported on the daemon set");
    }
    let on_delete = object.text_at(&["spec", "updateStrategy", "type"]) == Some("OnDelete");
    let updated = if on_delete { want } else { status(object, "updatedNumberScheduled") };
    fewer("LessCurrent", status(object, "currentNumberScheduled"), want, "scheduled")
        .or_else(|| fewer("LessUpdated", updated, want, "updated"))
        .or_else(|| fewer("LessAvailable", status(object, "numberAvailable"), want, "available"))
        .or_else(|| fewer("LessReady", status(object, "numberReady"), want, "ready"))
        .unwrap_or(Readiness::Ready)
}

/// As kstatus has it a job is ready once it runs; to wait for its end, wait for `condition=Complete`.
pub(super) fn job(object: &Node) -> Readiness {
    for condition in meta::conditions(object).iter().filter(|condition| condition.is_true()) {
        match condition.name {
            "Failed" | "FailureTarget" => {
                return Readiness::failed(condition.reason, condition.message);
            }
            "Complete" | "Suspended" => return Readiness::Ready,
            _ => {}
        }
    }
    match object.text_at(&["status", "startTime"]) {
        Some(_) => Readiness::Ready,
        None => Readiness::progressing("JobNotStarted", "the job has not started"),
    }
}
