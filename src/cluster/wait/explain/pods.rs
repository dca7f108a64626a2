//! The pods behind an object, down its owner chain, and which of them is worst off.

use super::{is_placed, shortened};
use crate::cluster::read::ListOptions;
use crate::cluster::{Context, Scope, Target};
use crate::object::pod::ContainerProblem;
use crate::object::{KindQuery, LabelSelector, ObjectRef, meta, pod};
use crate::value::Node;
use std::collections::HashSet;
use std::fmt;

/// The pod that explains most.
#[derive(Debug, Clone)]
pub(super) struct Worst {
    /// Which it is.
    pub(super) reference: ObjectRef,
    /// What keeps its container from running, where it is a container.
    pub(super) problem: Option<ContainerProblem>,
    /// Why it has no node, or why it is not ready.
    why: String,
    /// How many pods are no better off.
    others: usize,
    object: Node,
}

impl fmt::Display for Worst {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.problem {
            Some(problem) if problem.message.is_empty() => write!(f, "{}, {problem}", self.reference)?,
            Some(problem) => write!(f, "{}, {problem}: {}", self.reference, shortened(&problem.message))?,
            None => write!(f, "{}: {}", self.reference, shortened(&self.why))?,
        }
        match self.others {
            0 => Ok(()),
            1 => f.write_str("; one other pod is no better off"),
            many => write!(f, "; {many} other pods are no better off"),
        }
    }
}

impl Worst {
    /// What would help, where that can be told.
    pub(super) fn hint(&self) -> Option<String> {
        let Some(problem) = &self.problem else {
            let is_unschedulable = pod::unschedulable(&self.object).is_some();
            return is_unschedulable
                .then(|| "the scheduler finds no node: compare the pod's requests, selectors and tolerations".into());
        };
        let container = self.container(&problem.container)?;
        let image = container.text_at(&["image"]).unwrap_or_default();
        if problem.is_image() {
            return Some(format!("check that `{image}` exists and that the pod has a secret to pull it"));
        }
        if problem.exit_reason.as_deref() == Some("OOMKilled") || problem.reason == "OOMKilled" {
            let limit = container.text_at(&["resources", "limits", "memory"]);
            return Some(limit.map_or("it has no memory limit: its node ran out of memory".to_owned(), |limit| {
                format!("memory limit is {limit}")
            }));
        }
        match problem.exit_code {
            Some(126 | 127) => Some("the container's command was not found or cannot be executed".to_owned()),
            _ => None,
        }
    }

    fn container(&self, name: &str) -> Option<&Node> {
        let all = ["containers", "initContainers"];
        all.iter()
            .flat_map(|list| self.object.items_at(&["spec", list]))
            .find(|container| container.text_at(&["name"]) == Some(name))
    }
}

/// The pods behind an object: itself, or what its selector and its owner chain lead to. None where nothing can be read.
pub(super) async fn of(target: &Target, run: &Context, reference: &ObjectRef, object: &Node) -> Vec<Node> {
    let gvk = &reference.gvk;
    if gvk.is("", "Pod") {
        return vec![object.clone()];
    }
    let is_workload = ["apps", "batch"].contains(&gvk.group()) || gvk.is("", "ReplicationController");
    let (true, Some(uid), Some(selector)) = (is_workload, meta::uid(object), selector(object)) else {
        return Vec::new();
    };
    let mut owners = HashSet::from([uid.to_owned()]);
    if &*gvk.kind == "Deployment" {
        for set in list(target, run, reference, "apps/v1/ReplicaSet", &selector).await {
            if controlled_by(&set, &owners) {
                owners.extend(meta::uid(&set).map(str::to_owned));
            }
        }
    }
    let mut pods = list(target, run, reference, "v1/Pod", &selector).await;
    pods.retain(|pod| controlled_by(pod, &owners));
    pods
}

fn selector(object: &Node) -> Option<LabelSelector> {
    let selector = object.at(&["spec", "selector"]).and_then(|node| LabelSelector::from_node(node).ok())?;
    (!selector.is_everything()).then_some(selector)
}

async fn list(
    target: &Target,
    run: &Context,
    reference: &ObjectRef,
    kind: &str,
    selector: &LabelSelector,
) -> Vec<Node> {
    let Ok(kind) = KindQuery::parse(kind) else { return Vec::new() };
    let mut options = ListOptions::default();
    options.scope = reference.namespace.clone().map_or(Scope::Default, Scope::Namespace);
    options.labels = Some(selector.clone());
    target.list(run, &kind, &options).await.map(|list| list.items).unwrap_or_default()
}

fn controlled_by(object: &Node, owners: &HashSet<String>) -> bool {
    meta::controller_of(object).is_some_and(|owner| owners.contains(owner.uid))
}

/// The pod that explains most, if one is not as it should be.
pub(super) fn worst(pods: &[Node]) -> Option<Worst> {
    let mut bad: Vec<(u8, &Node)> = pods.iter().filter_map(|pod| Some((rank(pod)?, pod))).collect();
    bad.sort_by_key(|(rank, pod)| (*rank, meta::name(pod)));
    let (rank, object) = *bad.first()?;
    let mut reference = ObjectRef::of(object).ok()?;
    // Its log and its events are asked for by name: it is only a moment old.
    reference.uid = None;
    let others = bad.iter().filter(|(other, _)| *other == rank).count() - 1;
    let why = why(object);
    Some(Worst { reference, problem: pod::worst_problem(object), why, others, object: object.clone() })
}

/// How much a pod explains, the most first; none for a pod that is all right.
fn rank(pod: &Node) -> Option<u8> {
    let problem = pod::worst_problem(pod);
    match &problem {
        _ if pod::is_ready(pod) || pod::phase(pod) == Some("Succeeded") => None,
        Some(problem) if problem.is_crashing() || problem.is_image() => Some(0),
        Some(problem) if problem.exit_code.is_some() => Some(1),
        _ if pod::unschedulable(pod).is_some() => Some(2),
        Some(_) => Some(3),
        None if meta::is_being_deleted(pod) => Some(6),
        None if !is_placed(pod) => Some(4),
        None => Some(5),
    }
}

fn why(pod: &Node) -> String {
    if let Some(message) = pod::unschedulable(pod) {
        return format!("cannot be scheduled: {message}");
    }
    if meta::is_being_deleted(pod) {
        return "it is being deleted".to_owned();
    }
    let phase = pod::phase(pod).unwrap_or("Unknown");
    match meta::condition(pod, "Ready").filter(|ready| !ready.is_true() && !ready.reason.is_empty()) {
        Some(ready) => format!("{phase}, not ready ({})", ready.reason),
        None if !is_placed(pod) => format!("{phase}, it has no node yet"),
        None => format!("{phase}, not ready"),
    }
}

#[cfg(test)]
mod tests {
    use super::worst;
    use crate::value::Node;

    fn pod(name: &str, status: &str) -> Node {
        let spec =
            r#"{"nodeName":"n","containers":[{"name":"app","image":"i:1","resources":{"limits":{"memory":"256Mi"}}}]}"#;
        serde_json::from_str(&format!(
            r#"{{"apiVersion":"v1","kind":"Pod","metadata":{{"name":"{name}","namespace":"shop"}},"spec":{spec},"status":{status}}}"#
        ))
        .unwrap()
    }

    #[test]
    fn names_the_pod_that_explains_most() {
        let killed = r#"{"phase":"Running","containerStatuses":[{"name":"app","restartCount":6,"state":{"waiting":{"reason":"CrashLoopBackOff"}},"lastState":{"terminated":{"exitCode":137,"reason":"OOMKilled"}}}]}"#;
        let ready = r#"{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}"#;
        let pods = [pod("starting", r#"{"phase":"Pending"}"#), pod("fine", ready), pod("b", killed), pod("a", killed)];
        let found = worst(&pods).unwrap();
        assert_eq!(
            found.to_string(),
            "Pod/shop/a, container app: CrashLoopBackOff, exit code 137 (OOMKilled), 6 restarts; one other pod is no better off"
        );
        assert_eq!(found.hint().unwrap(), "memory limit is 256Mi");
        assert!(worst(&[pod("fine", ready)]).is_none());
    }

    #[test]
    fn tells_why_a_pod_has_no_node() {
        let pending = r#"{"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"Unschedulable","message":"0/3 nodes are available"}]}"#;
        let found = worst(&[pod("a", pending)]).unwrap();
        assert_eq!(found.to_string(), "Pod/shop/a: cannot be scheduled: 0/3 nodes are available");
        assert!(found.hint().unwrap().contains("no node"));
    }
}
