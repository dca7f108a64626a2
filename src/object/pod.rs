//! Pods: how a drain has to treat them, whether they are ready, and what is wrong with their containers.

use super::meta;
use crate::value::Node;
use std::fmt;

/// How an eviction has to treat a pod. The first that fits, in the order of this list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PodClass {
    /// The mirror of a static pod: only the kubelet's files can remove it.
    Mirror,
    /// Somebody has deleted it already: there is nothing to do but wait.
    Deleting,
    /// It has ended (`Succeeded` or `Failed`): no budget counts it.
    Finished,
    /// Its DaemonSet would put it back on the same node at once.
    DaemonSet,
    /// Nothing manages it: once gone it does not come back.
    Unmanaged,
    /// A controller replaces it elsewhere.
    Managed,
}

impl PodClass {
    /// The class as scripts and reports name it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Mirror => "mirror",
            Self::Deleting => "deleting",
            Self::Finished => "finished",
            Self::DaemonSet => "daemon_set",
            Self::Unmanaged => "unmanaged",
            Self::Managed => "managed",
        }
    }
}

impl fmt::Display for PodClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// The class of a pod.
#[must_use]
pub fn class(pod: &Node) -> PodClass {
    if is_mirror(pod) {
        PodClass::Mirror
    } else if meta::is_being_deleted(pod) {
        PodClass::Deleting
    } else if is_finished(pod) {
        PodClass::Finished
    } else {
        match meta::controller_of(pod) {
            Some(owner) if owner.kind == "DaemonSet" && owner.group() == "apps" => PodClass::DaemonSet,
            Some(_) => PodClass::Managed,
            None => PodClass::Unmanaged,
        }
    }
}

/// Whether it mirrors a static pod of a kubelet.
#[must_use]
pub fn is_mirror(pod: &Node) -> bool {
    meta::annotations(pod).is_some_and(|annotations| annotations.contains("kubernetes.io/config.mirror"))
}

/// Whether all its containers have ended for good.
#[must_use]
pub fn is_finished(pod: &Node) -> bool {
    matches!(phase(pod), Some("Succeeded" | "Failed"))
}

/// Whether it keeps data in an `emptyDir`, which goes with it.
#[must_use]
pub fn has_empty_dir(pod: &Node) -> bool {
    pod.items_at(&["spec", "volumes"]).iter().any(|volume| volume.get("emptyDir").is_some())
}

/// `status.phase`.
#[must_use]
pub fn phase(pod: &Node) -> Option<&str> {
    pod.text_at(&["status", "phase"])
}

/// The node it runs on; none while it is not scheduled.
#[must_use]
pub fn node_name(pod: &Node) -> Option<&str> {
    pod.text_at(&["spec", "nodeName"]).filter(|name| !name.is_empty())
}

/// Whether it takes traffic: its condition `Ready` is true and nobody has deleted it.
#[must_use]
pub fn is_ready(pod: &Node) -> bool {
    !meta::is_being_deleted(pod) && meta::condition(pod, "Ready").is_some_and(|ready| ready.is_true())
}

/// Restarts of all its containers, as kubectl counts them: init containers count only where they are sidecars.
#[must_use]
pub fn restarts(pod: &Node) -> i64 {
    let sidecars: Vec<&str> = pod
        .items_at(&["spec", "initContainers"])
        .iter()
        .filter(|container| container.text_at(&["restartPolicy"]) == Some("Always"))
        .filter_map(|container| container.text_at(&["name"]))
        .collect();
    let counted = |status: &&Node| status.text_at(&["name"]).is_some_and(|name| sidecars.contains(&name));
    let sidecars = pod.items_at(&["status", "initContainerStatuses"]).iter().filter(counted);
    sidecars
        .chain(pod.items_at(&["status", "containerStatuses"]))
        .filter_map(|status| status.int_at(&["restartCount"]))
        .sum()
}

/// What keeps a container from running. Printed as `container app: CrashLoopBackOff, exit code 137 (OOMKilled), 6 restarts`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContainerProblem {
    /// The container's name.
    pub container: String,
    /// Whether it is an init container.
    pub init: bool,
    /// Why it waits or how it ended: `CrashLoopBackOff`, `ImagePullBackOff`, `Error`, `NotReady`.
    pub reason: String,
    /// The kubelet's message, possibly empty.
    pub message: String,
    /// How it ended last.
    pub exit_code: Option<i64>,
    /// Why it ended last: `OOMKilled`, `Error`.
    pub exit_reason: Option<String>,
    /// How often it was restarted.
    pub restarts: i64,
}

impl ContainerProblem {
    /// Whether the container starts and ends again and again.
    #[must_use]
    pub fn is_crashing(&self) -> bool {
        self.reason == "CrashLoopBackOff"
    }

    /// Whether its image cannot be had.
    #[must_use]
    pub fn is_image(&self) -> bool {
        matches!(self.reason.as_str(), "ErrImagePull" | "ImagePullBackOff" | "InvalidImageName" | "ErrImageNeverPull")
    }
}

impl fmt::Display for ContainerProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sort = if self.init { "init container" } else { "container" };
        write!(f, "{sort} {}: {}", self.container, self.reason)?;
        if let Some(code) = self.exit_code {
            write!(f, ", exit code {code}")?;
            if let Some(reason) = self.exit_reason.as_deref().filter(|reason| *reason != "Error") {
                write!(f, " ({reason})")?;
            }
        }
        match self.restarts {
            0 => Ok(()),
            1 => f.write_str(", 1 restart"),
            many => write!(f, ", {many} restarts"),
        }
    }
}

/// What is wrong with its containers, init containers first: those that wait for something to be set right, those that
/// ended in error, and those that run without being ready. Containers that are merely starting are not wrong.
#[must_use]
pub fn problems(pod: &Node) -> Vec<ContainerProblem> {
    let of = |list: &str, init: bool| -> Vec<ContainerProblem> {
        pod.items_at(&["status", list]).iter().filter_map(|status| problem(status, init)).collect()
    };
    let mut found = of("initContainerStatuses", true);
    found.extend(of("containerStatuses", false));
    found
}

/// The worst of [`problems`]: one that crashes or has no image goes before one that is not ready.
#[must_use]
pub fn worst_problem(pod: &Node) -> Option<ContainerProblem> {
    problems(pod).into_iter().min_by_key(|problem| match problem.reason.as_str() {
        "NotReady" => 2,
        _ if problem.is_crashing() || problem.is_image() => 0,
        _ => 1,
    })
}

fn problem(status: &Node, init: bool) -> Option<ContainerProblem> {
    let state = status.get("state");
    let waiting = state.and_then(|state| state.get("waiting"));
    let ended = state.and_then(|state| state.get("terminated"));
    let ended_badly = ended.filter(|ended| ended.int_at(&["exitCode"]) != Some(0));
    let (reason, message) = match (waiting, ended_badly) {
        // A container that is merely being started says one of these two.
        (Some(waiting), _) => match waiting.text_at(&["reason"]).unwrap_or("") {
            "" | "ContainerCreating" | "PodInitializing" => return None,
            reason => (reason, waiting.text_at(&["message"])),
        },
        (None, Some(ended)) => (ended.text_at(&["reason"]).unwrap_or("Error"), ended.text_at(&["message"])),
        (None, None) => {
            let running = state.is_some_and(|state| state.get("running").is_some());
            let unready = status.get("ready").and_then(Node::as_bool) == Some(false);
            // Init containers are never ready while they run; that is their work.
            if init || !running || !unready {
                return None;
            }
            ("NotReady", None)
        }
    };
    let last = ended_badly.or_else(|| status.at(&["lastState", "terminated"]));
    Some(ContainerProblem {
        container: status.text_at(&["name"]).unwrap_or("").to_owned(),
        init,
        reason: reason.to_owned(),
        message: message.unwrap_or("").to_owned(),
        exit_code: last.and_then(|last| last.int_at(&["exitCode"])),
        exit_reason: last.and_then(|last| last.text_at(&["reason"])).map(str::to_owned),
        restarts: status.int_at(&["restartCount"]).unwrap_or(0),
    })
}

/// Why the scheduler finds no node for it, if it does not: the message of the condition `PodScheduled`.
#[must_use]
pub fn unschedulable(pod: &Node) -> Option<&str> {
    let scheduled = meta::condition(pod, "PodScheduled")?;
    (scheduled.is_false() && scheduled.reason == "Unschedulable").then_some(scheduled.message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Node {
        serde_json::from_str(text).unwrap()
    }

    fn owned_by(kind: &str) -> Node {
        json(&format!(
            r#"{{"metadata":{{"ownerReferences":[{{"apiVersion":"apps/v1","kind":"{kind}","name":"x","controller":true}}]}}}}"#
        ))
    }

    #[test]
    fn tells_the_classes_of_pods_apart() {
        let mirror =
            json(r#"{"metadata":{"annotations":{"kubernetes.io/config.mirror":"h"},"deletionTimestamp":"t"}}"#);
        let deleting = json(r#"{"metadata":{"deletionTimestamp":"2026-01-01T00:00:00Z"},"status":{"phase":"Failed"}}"#);
        let foreign = json(r#"{"metadata":{"ownerReferences":[{"apiVersion":"v1","kind":"Node","name":"x"}]}}"#);
        for (pod, class) in [
            (mirror, PodClass::Mirror),
            (deleting, PodClass::Deleting),
            (json(r#"{"status":{"phase":"Succeeded"}}"#), PodClass::Finished),
            (owned_by("DaemonSet"), PodClass::DaemonSet),
            (owned_by("ReplicaSet"), PodClass::Managed),
            // An owner that is no controller replaces nothing.
            (foreign, PodClass::Unmanaged),
            (json("{}"), PodClass::Unmanaged),
        ] {
            assert_eq!(super::class(&pod), class);
        }
        assert!(has_empty_dir(&json(
            r#"{"spec":{"volumes":[{"name":"a","configMap":{}},{"name":"b","emptyDir":{}}]}}"#
        )));
        assert!(!has_empty_dir(&json(r#"{"spec":{"volumes":[{"name":"a","configMap":{}}]}}"#)));
    }

    #[test]
    fn is_ready_only_with_the_condition_and_while_it_stays() {
        let ready = r#""status":{"conditions":[{"type":"Ready","status":"True"}]}"#;
        assert!(is_ready(&json(&format!("{{{ready}}}"))));
        assert!(!is_ready(&json(&format!(r#"{{"metadata":{{"deletionTimestamp":"t"}},{ready}}}"#))));
        assert!(!is_ready(&json(r#"{"status":{"conditions":[{"type":"Ready","status":"Unknown"}]}}"#)));
        assert!(!is_ready(&json("{}")));
    }

    #[test]
    fn says_what_is_wrong_with_containers() {
        for (status, expected) in [
            (
                r#"{"name":"app","restartCount":6,"state":{"waiting":{"reason":"CrashLoopBackOff"}},"lastState":{"terminated":{"exitCode":137,"reason":"OOMKilled"}}}"#,
                Some("container app: CrashLoopBackOff, exit code 137 (OOMKilled), 6 restarts"),
            ),
            (
                r#"{"name":"app","state":{"waiting":{"reason":"ImagePullBackOff","message":"Back-off"}}}"#,
                Some("container app: ImagePullBackOff"),
            ),
            (
                r#"{"name":"app","restartCount":1,"state":{"terminated":{"exitCode":2,"reason":"Error"}}}"#,
                Some("container app: Error, exit code 2, 1 restart"),
            ),
            (r#"{"name":"app","ready":false,"state":{"running":{}}}"#, Some("container app: NotReady")),
            (r#"{"name":"app","ready":true,"state":{"running":{}}}"#, None),
            (r#"{"name":"app","state":{"waiting":{"reason":"ContainerCreating"}}}"#, None),
            (r#"{"name":"app","state":{"terminated":{"exitCode":0,"reason":"Completed"}}}"#, None),
            (r#"{"name":"app"}"#, None),
        ] {
            let pod = json(&format!(r#"{{"status":{{"containerStatuses":[{status}]}}}}"#));
            assert_eq!(worst_problem(&pod).map(|problem| problem.to_string()).as_deref(), expected, "{status}");
        }
    }

    #[test]
    fn puts_the_worst_problem_first() {
        let pod = json(
            r#"{"status":{"containerStatuses":[
                {"name":"a","ready":false,"state":{"running":{}}},
                {"name":"b","state":{"waiting":{"reason":"CreateContainerConfigError"}}},
                {"name":"c","state":{"waiting":{"reason":"CrashLoopBackOff"}}}]}}"#,
        );
        assert_eq!(problems(&pod).len(), 3);
        assert_eq!(worst_problem(&pod).unwrap().container, "c");
    }

    #[test]
    fn counts_restarts_of_containers_and_sidecars() {
        let pod = json(
            r#"{"spec":{"initContainers":[{"name":"setup"},{"name":"proxy","restartPolicy":"Always"}]},
                "status":{"initContainerStatuses":[{"name":"setup","restartCount":5},{"name":"proxy","restartCount":2}],
                          "containerStatuses":[{"name":"a","restartCount":1},{"name":"b","restartCount":3}]}}"#,
        );
        assert_eq!(restarts(&pod), 6);
    }

    #[test]
    fn tells_why_a_pod_is_not_scheduled() {
        let pod = json(
            r#"{"status":{"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"Unschedulable","message":"0/3 nodes are available"}]}}"#,
        );
        assert_eq!(unschedulable(&pod), Some("0/3 nodes are available"));
        assert_eq!(unschedulable(&json("{}")), None);
    }
}
