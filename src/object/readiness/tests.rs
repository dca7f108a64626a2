//! Every rule of readiness as a table: object, verdict, part of the reason.

use super::{Readiness, readiness};
use crate::value::Node;

fn json(text: &str) -> Node {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn object(api_version: &str, kind: &str, fields: &str) -> Node {
    let comma = if fields.is_empty() { "" } else { "," };
    json(&format!(r#"{{"apiVersion":"{api_version}","kind":"{kind}"{comma}{fields}}}"#))
}

/// Checks cases of one kind: fields, the word of the verdict, what its reason and message hold.
fn check(api_version: &str, kind: &str, cases: &[(&str, &str, &str)]) {
    for (fields, word, part) in cases {
        let found = readiness(&object(api_version, kind, fields));
        assert_eq!(found.word(), *word, "{kind} {fields}: {found}");
        assert!(found.to_string().contains(part), "{kind} {fields}: {found}");
    }
}

#[test]
fn common_rules_come_first() {
    check(
        "example.com/v1",
        "Foo",
        &[
            ("", "ready", ""),
            (r#""metadata":{"deletionTimestamp":"2026-01-01T00:00:00Z"}"#, "progressing", "Terminating"),
            (r#""metadata":{"deletionTimestamp":"t","finalizers":["a/b"]}"#, "progressing", "held by a/b"),
            (
                r#""metadata":{"generation":2},"status":{"observedGeneration":1}"#,
                "progressing",
                "generation 1, not yet 2",
            ),
            (r#""metadata":{"generation":2},"status":{"observedGeneration":2}"#, "ready", ""),
            (r#""metadata":{"generation":2},"status":{"observedGeneration":"2"}"#, "ready", ""),
            (r#""metadata":{"generation":2},"status":{"observedGeneration":"1"}"#, "progressing", "not yet 2"),
            (r#""metadata":{"generation":2},"status":{"observedGeneration":"abc"}"#, "ready", ""),
            (r#""metadata":{"generation":2},"status":{"observedGeneration":1.5}"#, "ready", ""),
            (r#""metadata":{"generation":2},"status":{"observedGeneration":[1]}"#, "ready", ""),
            (
                r#""status":{"conditions":[{"type":"Reconciling","status":"True","reason":"R","message":"m"}]}"#,
                "progressing",
                "m (R)",
            ),
            (
                r#""status":{"conditions":[{"type":"Stalled","status":"True","reason":"S","message":"m"}]}"#,
                "failed",
                "m (S)",
            ),
            (r#""status":{"conditions":[{"type":"Stalled","status":"False"}]}"#, "ready", ""),
            (r#""status":{"conditions":[{"type":"Ready","status":"True"}]}"#, "ready", ""),
            (
                r#""status":{"conditions":[{"type":"Ready","status":"False","reason":"Why"}]}"#,
                "progressing",
                "condition Ready is False (Why)",
            ),
            (r#""status":{"conditions":[{"type":"Ready","status":"Unknown"}]}"#, "progressing", "Unknown"),
            (
                r#""metadata":{"generation":2},"status":{"conditions":[{"type":"Ready","status":"True","observedGeneration":1}]}"#,
                "progressing",
                "for generation 1, not yet for 2",
            ),
            (r#""status":{"conditions":"none"}"#, "ready", ""),
            (r#""status":3,"metadata":[]"#, "ready", ""),
        ],
    );
    assert_eq!(readiness(&Node::Int(1)).word(), "unknown");
    assert_eq!(readiness(&json("{}")).word(), "unknown");
}

#[test]
fn kinds_without_a_status_are_ready() {
    for (api_version, kind) in
        [("v1", "ConfigMap"), ("v1", "Secret"), ("batch/v1", "CronJob"), ("networking.k8s.io/v1", "Ingress")]
    {
        check(api_version, kind, &[("", "ready", "")]);
    }
}

#[test]
fn deployments() {
    let done = r#"{"type":"Progressing","status":"True","reason":"NewReplicaSetAvailable"}"#;
    let available = r#"{"type":"Available","status":"True"}"#;
    let deployment = |spec: &str, counts: &str, conditions: &str| {
        format!(r#""spec":{{{spec}}},"status":{{{counts},"conditions":[{conditions}]}}"#)
    };
    let all = r#""replicas":3,"updatedReplicas":3,"readyReplicas":3,"availableReplicas":3"#;
    let spec = r#""replicas":3,"progressDeadlineSeconds":600"#;
    let both = format!("{done},{available}");
    for (fields, word, part) in [
        (deployment(spec, all, &both), "ready", ""),
        (String::new(), "progressing", "0 of 1 replicas created (LessReplicas)"),
        (deployment(r#""replicas":0"#, r#""replicas":0"#, available), "ready", ""),
        (deployment(spec, r#""replicas":2"#, &both), "progressing", "2 of 3 replicas created"),
        (deployment(spec, r#""replicas":3,"updatedReplicas":1"#, &both), "progressing", "1 of 3 replicas updated"),
        (deployment(spec, r#""replicas":4,"updatedReplicas":3"#, &both), "progressing", "1 old replicas have to end"),
        (
            deployment(spec, r#""replicas":3,"updatedReplicas":3,"readyReplicas":3,"availableReplicas":2"#, &both),
            "progressing",
            "2 of 3 replicas available (LessAvailable)",
        ),
        (deployment(spec, all, available), "progressing", "replica set is not available"),
        (deployment(r#""replicas":3,"progressDeadlineSeconds":2147483647"#, all, available), "ready", ""),
        (deployment(spec, all, done), "progressing", "not reported"),
        (
            deployment(spec, all, &format!(r#"{done},{{"type":"Available","status":"False","reason":"Min"}}"#)),
            "progressing",
            "(Min)",
        ),
        (
            deployment(
                spec,
                all,
                r#"{"type":"Progressing","status":"False","reason":"ProgressDeadlineExceeded","message":"timed out"}"#,
            ),
            "failed",
            "timed out (ProgressDeadlineExceeded)",
        ),
        (
            deployment(
                spec,
                r#""replicas":0"#,
                r#"{"type":"ReplicaFailure","status":"True","reason":"FailedCreate","message":"exceeded quota"}"#,
            ),
            "progressing",
            "exceeded quota (FailedCreate)",
        ),
        (
            deployment(r#""replicas":3,"paused":true"#, r#""replicas":3,"updatedReplicas":1"#, &both),
            "progressing",
            "paused",
        ),
    ] {
        check("apps/v1", "Deployment", &[(&fields, word, part)]);
    }
}

#[test]
fn replica_sets() {
    check(
        "apps/v1",
        "ReplicaSet",
        &[
            (
                r#""spec":{"replicas":2},"status":{"replicas":2,"fullyLabeledReplicas":2,"availableReplicas":2,"readyReplicas":2}"#,
                "ready",
                "",
            ),
            (r#""spec":{"replicas":0},"status":{"replicas":0}"#, "ready", ""),
            (
                r#""spec":{"replicas":2},"status":{"replicas":2,"fullyLabeledReplicas":2,"availableReplicas":1}"#,
                "progressing",
                "1 of 2 replicas available",
            ),
            (r#""spec":{"replicas":0},"status":{"replicas":1}"#, "progressing", "have to end"),
            (
                r#""status":{"conditions":[{"type":"ReplicaFailure","status":"True","reason":"FailedCreate","message":"quota"}]}"#,
                "progressing",
                "quota",
            ),
        ],
    );
}

#[test]
fn stateful_sets() {
    let ready = r#""replicas":2,"readyReplicas":2,"currentReplicas":2,"updatedReplicas":2,"currentRevision":"a","updateRevision":"a""#;
    let mixed = r#""replicas":2,"readyReplicas":2,"currentReplicas":1,"updatedReplicas":1,"currentRevision":"a","updateRevision":"b""#;
    let with = |spec: &str, status: &str| format!(r#""spec":{{"replicas":2{spec}}},"status":{{{status}}}"#);
    let partition = |n: u8| format!(r#","updateStrategy":{{"rollingUpdate":{{"partition":{n}}}}}"#);
    for (fields, word, part) in [
        (with("", ready), "ready", ""),
        (with("", ""), "progressing", "0 of 2 replicas created"),
        (with("", r#""replicas":2,"readyReplicas":1"#), "progressing", "1 of 2 replicas ready"),
        (with("", r#""replicas":3,"readyReplicas":3"#), "progressing", "have to end"),
        (with("", mixed), "progressing", "1 of 2 replicas updated (RevisionMismatch)"),
        (with(&partition(1), mixed), "ready", ""),
        (with(&partition(1), r#""replicas":2,"readyReplicas":2"#), "progressing", "0 of 1 replicas updated"),
        // The API server writes a partition of 0 into every StatefulSet: that is none.
        (with(&partition(0), mixed), "progressing", "RevisionMismatch"),
        (with(r#","updateStrategy":{"type":"OnDelete"}"#, mixed), "ready", ""),
    ] {
        check("apps/v1", "StatefulSet", &[(&fields, word, part)]);
    }
}

#[test]
fn daemon_sets() {
    check(
        "apps/v1",
        "DaemonSet",
        &[
            ("", "progressing", "has not reported"),
            (r#""status":{"desiredNumberScheduled":0}"#, "progressing", "NoObservedGeneration"),
            (r#""status":{"observedGeneration":1,"desiredNumberScheduled":0}"#, "ready", ""),
            (
                r#""status":{"observedGeneration":1,"desiredNumberScheduled":2,"currentNumberScheduled":1}"#,
                "progressing",
                "1 of 2 replicas scheduled",
            ),
            (
                r#""status":{"observedGeneration":1,"desiredNumberScheduled":2,"currentNumberScheduled":2}"#,
                "progressing",
                "0 of 2 replicas updated",
            ),
            (
                r#""spec":{"updateStrategy":{"type":"OnDelete"}},"status":{"observedGeneration":1,"desiredNumberScheduled":1,"currentNumberScheduled":1,"numberAvailable":1,"numberReady":1}"#,
                "ready",
                "",
            ),
            (
                r#""status":{"observedGeneration":1,"desiredNumberScheduled":1,"currentNumberScheduled":1,"updatedNumberScheduled":1,"numberAvailable":1}"#,
                "progressing",
                "0 of 1 replicas ready",
            ),
        ],
    );
}

#[test]
fn jobs() {
    let with = |kind: &str| {
        format!(r#""status":{{"conditions":[{{"type":"{kind}","status":"True","reason":"R","message":"m"}}]}}"#)
    };
    for (fields, word, part) in [
        (String::new(), "progressing", "JobNotStarted"),
        (r#""status":{"startTime":"t","active":1}"#.to_owned(), "ready", ""),
        (with("Complete"), "ready", ""),
        (with("Suspended"), "ready", ""),
        (with("Failed"), "failed", "m (R)"),
    ] {
        check("batch/v1", "Job", &[(&fields, word, part)]);
    }
}

#[test]
fn pods() {
    let container = |state: &str| {
        format!(
            r#""status":{{"phase":"Running","containerStatuses":[{{"name":"app","restartCount":3,"state":{state}}}]}}"#
        )
    };
    for (fields, word, part) in [
        (String::new(), "progressing", "PodNotObserved"),
        (r#""status":{"phase":"Succeeded"}"#.to_owned(), "ready", ""),
        (r#""status":{"phase":"Failed","reason":"Evicted","message":"low on disk"}"#.to_owned(), "failed", "low on disk (Evicted)"),
        (r#""status":{"phase":"Failed"}"#.to_owned(), "failed", "ended in error"),
        (r#""status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}"#.to_owned(), "ready", ""),
        (r#""status":{"phase":"Running"}"#.to_owned(), "progressing", "PodRunningNotReady"),
        (container(r#"{"waiting":{"reason":"CrashLoopBackOff"}}"#), "progressing", "container app: CrashLoopBackOff, 3 restarts"),
        (container(r#"{"waiting":{"reason":"ErrImagePull"}}"#), "progressing", "ErrImagePull"),
        (r#""status":{"phase":"Pending"}"#.to_owned(), "progressing", "PodPending"),
        (
            r#""status":{"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"Unschedulable","message":"no nodes"}]}"#.to_owned(),
            "progressing",
            "no nodes (Unschedulable)",
        ),
        (r#""status":{"phase":"Dreaming"}"#.to_owned(), "unknown", "`Dreaming`"),
    ] {
        check("v1", "Pod", &[(&fields, word, part)]);
    }
}

#[test]
fn services_and_volumes() {
    check(
        "v1",
        "Service",
        &[
            ("", "ready", ""),
            (r#""spec":{"type":"LoadBalancer"}"#, "progressing", "NoIPAssigned"),
            (r#""spec":{"type":"LoadBalancer","clusterIP":"10.0.0.1"}"#, "progressing", "NoLoadBalancer"),
            (
                r#""spec":{"type":"LoadBalancer","clusterIP":"10.0.0.1"},"status":{"loadBalancer":{"ingress":[{"ip":"1.2.3.4"}]}}"#,
                "ready",
                "",
            ),
        ],
    );
    check(
        "v1",
        "PersistentVolumeClaim",
        &[
            (r#""status":{"phase":"Bound"}"#, "ready", ""),
            (r#""status":{"phase":"Pending"}"#, "progressing", "Pending"),
            ("", "progressing", "not observed"),
            (r#""status":{"phase":"Lost"}"#, "failed", "Lost"),
        ],
    );
    check(
        "v1",
        "PersistentVolume",
        &[
            (r#""status":{"phase":"Released"}"#, "ready", ""),
            (r#""status":{"phase":"Failed","message":"no"}"#, "failed", "no (Failed)"),
            (r#""status":{"phase":"Pending"}"#, "progressing", "Pending"),
        ],
    );
}

#[test]
fn namespaces_nodes_and_the_rest() {
    check(
        "v1",
        "Namespace",
        &[
            (r#""status":{"phase":"Active"}"#, "ready", ""),
            (r#""status":{"phase":"Terminating"}"#, "progressing", "Terminating"),
        ],
    );
    check(
        "v1",
        "Node",
        &[
            (
                r#""spec":{"unschedulable":true},"status":{"conditions":[{"type":"Ready","status":"True"}]}"#,
                "ready",
                "",
            ),
            (
                r#""status":{"conditions":[{"type":"Ready","status":"Unknown","reason":"NodeStatusUnknown"}]}"#,
                "progressing",
                "NodeStatusUnknown",
            ),
            ("", "progressing", "no kubelet"),
        ],
    );
    check(
        "policy/v1",
        "PodDisruptionBudget",
        &[
            (r#""status":{"disruptionsAllowed":0}"#, "ready", ""),
            (
                r#""status":{"conditions":[{"type":"DisruptionAllowed","status":"False","reason":"SyncFailed","message":"no scale"}]}"#,
                "progressing",
                "no scale",
            ),
        ],
    );
    check(
        "autoscaling/v2",
        "HorizontalPodAutoscaler",
        &[
            ("", "ready", ""),
            (
                r#""status":{"conditions":[{"type":"ScalingActive","status":"False","reason":"FailedGetResourceMetric","message":"no metrics"}]}"#,
                "progressing",
                "no metrics",
            ),
            (
                r#""status":{"conditions":[{"type":"ScalingActive","status":"False","reason":"ScalingDisabled"}]}"#,
                "ready",
                "",
            ),
        ],
    );
    check(
        "apiextensions.k8s.io/v1",
        "CustomResourceDefinition",
        &[
            ("", "progressing", "Installing"),
            (
                r#""status":{"conditions":[{"type":"NamesAccepted","status":"True"},{"type":"Established","status":"True"}]}"#,
                "ready",
                "",
            ),
            (
                r#""status":{"conditions":[{"type":"NamesAccepted","status":"False","reason":"ListKindConflict","message":"taken"}]}"#,
                "failed",
                "taken",
            ),
            (
                r#""status":{"conditions":[{"type":"Established","status":"False","reason":"Installing"}]}"#,
                "progressing",
                "Installing",
            ),
            (
                r#""status":{"conditions":[{"type":"Established","status":"False","reason":"NotAccepted"}]}"#,
                "failed",
                "NotAccepted",
            ),
        ],
    );
    check(
        "apiregistration.k8s.io/v1",
        "APIService",
        &[
            (r#""status":{"conditions":[{"type":"Available","status":"True"}]}"#, "ready", ""),
            (
                r#""status":{"conditions":[{"type":"Available","status":"False","reason":"ServiceNotFound"}]}"#,
                "progressing",
                "ServiceNotFound",
            ),
        ],
    );
}

#[test]
fn rules_hold_for_the_built_in_group_only() {
    check("example.com/v1", "Pod", &[("", "ready", "")]);
    assert_eq!(readiness(&object("v1", "Namespace", r#""status":{"phase":"Active"}"#)), Readiness::Ready);
}
