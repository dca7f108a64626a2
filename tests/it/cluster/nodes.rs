//! Draining nodes. Each test has nodes of its own, tainted so that pods of no other test come to them.

use super::stage::{Ran, Stage, eventually};
use crate::support::temp::TempDir;
use serde_json::Value;
use std::fmt::Write as _;
use std::time::Duration;

/// A namespace with nodes that carry its name as their label `set`: `old` ones to be drained and `new` ones.
struct Ground {
    stage: Stage<'static>,
    old: Vec<String>,
}

impl Ground {
    fn new(name: &str, old: usize, new: usize) -> Option<Self> {
        let stage = Stage::new(name)?;
        let set = stage.namespace.clone();
        let mut manifests = String::new();
        let mut names = Vec::new();
        for (role, count) in [("old", old), ("new", new)] {
            for number in 0..count {
                let node = format!("{set}-{role}-{number}");
                let _ = writeln!(
                    manifests,
                    "{{apiVersion: v1, kind: Node, metadata: {{name: {node}, labels: {{set: {set}, role: {role}}}}}, \
                     spec: {{taints: [{{key: set, value: {set}, effect: NoSchedule}}]}}}}\n---"
                );
                names.push(node);
            }
        }
        stage.apply(&manifests);
        for node in &names {
            stage.until(&format!("node/{node}"), ".status.conditions[?(@.type==\"Ready\")].status", "True");
        }
        let ground = Self { stage, old: names[..old].to_vec() };
        // Pods are to begin on the old nodes.
        ground.kubectl_new("cordon");
        Some(ground)
    }

    fn kubectl_new(&self, verb: &str) {
        self.stage.kubectl(&[verb, "-l", &format!("set={},role=new", self.stage.namespace)]);
    }

    /// A Deployment that runs on these nodes only, with a budget, ready.
    fn deployment(&self, name: &str, replicas: u32, annotations: &str, budget: &str) {
        let set = &self.stage.namespace;
        self.stage.apply(&format!(
            "{{apiVersion: apps/v1, kind: Deployment, metadata: {{name: {name}}}, spec: {{replicas: {replicas}, \
             selector: {{matchLabels: {{app: {name}}}}}, template: {{metadata: {{labels: {{app: {name}}}, annotations: {{{annotations}}}}}, \
             spec: {{nodeSelector: {{set: {set}}}, tolerations: [{{key: set, operator: Exists}}], \
             containers: [{{name: app, image: 'app:1'}}]}}}}}}}}\n---\n\
             {{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {{name: {name}}}, \
             spec: {{{budget}, selector: {{matchLabels: {{app: {name}}}}}}}}}"
        ));
        self.stage.rolled_out(&format!("deployment/{name}"));
        self.stage.until(&format!("pdb/{name}"), ".status.currentHealthy", &replicas.to_string());
    }

    fn selector(&self) -> String {
        format!("set={},role=old", self.stage.namespace)
    }

    fn unschedulable(&self, node: &str) -> bool {
        self.stage.field(&format!("node/{node}"), ".spec.unschedulable") == "true"
    }

    /// Names of the nodes on which its pods run.
    fn places(&self) -> String {
        self.stage.kubectl(&["get", "pods", "-o", "jsonpath={.items[*].spec.nodeName}"])
    }
}

#[test]
fn moves_every_pod_away_and_leaves_the_nodes_cordoned() {
    let Some(ground) = Ground::new("drain", 2, 2) else { return };
    ground.deployment("web", 6, "", "maxUnavailable: 2");
    ground.kubectl_new("uncordon");
    let account: Value = ground.stage.run("drain-nodes", &["--selector", &ground.selector(), "--at-once", "1"]).done();
    assert_eq!(account["evicted"], 6, "{account}");
    assert_eq!(account["cordoned"].as_array().unwrap().len(), 2);
    assert!(account["requests"].as_u64().unwrap() <= 7, "{account}");
    assert!(!ground.places().contains("-old-"), "{}", ground.places());
    for node in &ground.old {
        assert!(ground.unschedulable(node));
        let who = ground.stage.field(&format!("node/{node}"), ".metadata.annotations.rutter\\.dev/cordoned-by");
        assert!(!who.is_empty());
    }
    // Nothing is left to do.
    let again = ground.stage.run("drain-nodes", &["--selector", &ground.selector()]).done();
    assert_eq!((&again["evicted"], &again["requests"]), (&0.into(), &0.into()), "{again}");
}

#[test]
fn changes_nothing_where_a_budget_can_never_be_met() {
    let Some(ground) = Ground::new("drain-never", 1, 1) else { return };
    ground.deployment("web", 2, "", "minAvailable: 2");
    ground.kubectl_new("uncordon");
    let ran = ground.stage.run("drain-nodes", &["--selector", &ground.selector()]);
    assert_eq!((ran.code, &ran.value["error"]["code"]), (Some(3), &"E0124".into()), "{}", ran.said);
    let said = ran.said;
    assert!(said.contains("2 of 2 pods cannot be evicted as things are"), "{said}");
    assert!(said.contains("needs 2 healthy pods of 2"), "{said}");
    assert!(!ground.unschedulable(&ground.old[0]));
    let ran = ground.stage.evaluate(r#"cluster.evict_all(cluster.list("Pod"))"#);
    assert_eq!((ran.code, &ran.value["error"]["code"]), (Some(3), &"E0318".into()), "{}", ran.said);
}

#[test]
fn a_drain_that_cannot_cordon_a_node_lets_pods_onto_the_others_again() {
    let Some(ground) = Ground::new("drain-half", 3, 0) else { return };
    ground.stage.kubectl(&["cordon", &ground.old[2]]);
    let script = format!(
        r#"import "std/nodes" as nodes; let old = cluster.list("Node", #{{ labels: "{}" }});
           cluster.delete(old[1].ref); nodes::drain(cluster, old, #{{ capacity: "ignore" }})"#,
        ground.selector()
    );
    let said = ground.stage.evaluate(&script).failed();
    assert!(said.contains(&format!("cannot patch Node/{}", ground.old[1])), "{said}");
    assert!(!ground.unschedulable(&ground.old[0]));
    assert!(ground.unschedulable(&ground.old[2]), "somebody else has cordoned it");
}

#[test]
fn a_drain_that_fails_and_cannot_be_taken_back_tells_both() {
    let Some(ground) = Ground::new("drain-stays", 2, 0) else { return };
    let (stage, dir) = (&ground.stage, TempDir::new());
    let (account, set) = (&stage.namespace, &stage.namespace);
    // Whoever may patch the first node and get none: it can be cordoned, and then not looked at.
    stage.apply(&format!(
        "{{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {{name: {account}}}, rules: [         {{apiGroups: [''], resources: [nodes, pods], verbs: [list]}},          {{apiGroups: [''], resources: [nodes], resourceNames: [{}], verbs: [patch]}}]}}\n---\n         {{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {{name: {account}}}, roleRef:          {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: {account}}},          subjects: [{{kind: ServiceAccount, name: drainer, namespace: {set}}}]}}\n---\n         {{apiVersion: v1, kind: ServiceAccount, metadata: {{name: drainer}}}}",
        ground.old[0]
    ));
    let limited = stage.as_token(&dir, &stage.kubectl(&["create", "token", "drainer"]));
    let script = format!(
        r#"import "std/nodes" as nodes;
           nodes::drain(cluster, cluster.list("Node", #{{ labels: "{}" }}), #{{ capacity: "ignore" }})"#,
        ground.selector()
    );
    let said = limited.evaluate(&script).failed();
    assert!(said.contains(&format!("error[E0304]: cannot patch Node/{}", ground.old[1])), "{said}");
    let still = format!("warning: node {} may still be cordoned: cannot get Node/{}", ground.old[0], ground.old[0]);
    assert!(said.contains(&still), "{said}");
    assert!(ground.unschedulable(&ground.old[0]));
}

#[test]
fn after_a_failure_only_what_was_cordoned_here_takes_pods_again() {
    let Some(ground) = Ground::new("drain-abort", 2, 1) else { return };
    ground.deployment("web", 2, "controlplane.test/delete: never", "maxUnavailable: 2");
    ground.kubectl_new("uncordon");
    ground.stage.kubectl(&["cordon", &ground.old[1]]);
    let ran =
        ground.stage.run("drain-nodes", &["--selector", &ground.selector(), "--timeout", "2s", "--at-once", "100%"]);
    // Some pods went, or were asked to: a person has to look.
    assert_eq!(ran.code, Some(3), "{}", ran.said);
    let account = &ran.value["error"]["details"];
    assert_eq!(account["timed_out"], 2, "{account}");
    let said = ran.said;
    assert!(said.contains("E0319") && said.contains("is still terminating"), "{said}");
    assert!(!ground.unschedulable(&ground.old[0]));
    assert!(ground.unschedulable(&ground.old[1]));
    ground.stage.kubectl(&["delete", "pod", "--all", "--grace-period=0", "--force"]);
}

/// An account of four pods, of which some were evicted and none is gone.
#[track_caller]
fn all_told(account: &Value) {
    let fates: Vec<&str> =
        account["pods"].as_array().unwrap().iter().map(|pod| pod["fate"].as_str().unwrap()).collect();
    assert_eq!(fates.len(), 4, "{account}");
    assert!(fates.contains(&"going"), "{account}");
    assert!(fates.iter().all(|fate| ["going", "not_tried"].contains(fate)), "{account}");
}

/// Four pods on two nodes, of which one may be away at a time; it takes for ever to go.
fn stuck_ground(name: &str) -> Option<Ground> {
    let ground = Ground::new(name, 2, 1)?;
    ground.deployment("web", 4, "controlplane.test/delete: never", "maxUnavailable: 1");
    ground.kubectl_new("uncordon");
    Some(ground)
}

impl Ground {
    fn is_leaving(&self) -> bool {
        self.stage.kubectl(&["get", "pods", "-o", "jsonpath={.items[*].metadata.deletionTimestamp}"]).contains('Z')
    }

    fn clear(&self) {
        self.stage.kubectl(&["delete", "deployment", "web"]);
        self.stage.kubectl(&["delete", "pod", "--all", "--grace-period=0", "--force"]);
    }
}

#[test]
fn an_interrupted_drain_tells_what_became_of_each_pod_of_all_nodes() {
    let Some(ground) = stuck_ground("drain-int") else { return };
    let child = ground.stage.start("drain-nodes", &["--selector", &ground.selector(), "--at-once", "1"]);
    eventually("a pod is evicted", || ground.is_leaving());
    let (Ran { code, value, said }, took) = Ran::interrupted(child);
    assert_eq!((code, &value["error"]["code"]), (Some(130), &"E0003".into()), "{said}");
    assert!(took < Duration::from_secs(2), "{took:?}");
    all_told(&value["error"]["details"]);
    let lines: Vec<&str> = said.lines().skip_while(|line| !line.starts_with("interrupted: ")).collect();
    assert!(
        lines[0].contains(" evict, 2 patch") && lines[1].starts_with("  = 4 of 4 pods are still there: "),
        "{said}"
    );
    assert!(
        said.contains(" going: it was evicted, and is not gone yet")
            && lines[2..].concat().matches("Pod/").count() == 4,
        "{said}"
    );
    ground.clear();
}

#[test]
fn of_several_evictions_at_once_each_tells_what_became_of_its_pods() {
    let Some(stage) = Stage::new("evict-parallel") else { return };
    let pod = |name: &str| {
        format!(
            "{{apiVersion: v1, kind: Pod, metadata: {{name: {name}, annotations: {{controlplane.test/delete: never}}}}, \
             spec: {{containers: [{{name: app, image: 'app:1'}}]}}}}\n---\n"
        )
    };
    stage.apply(&["a", "b", "c"].map(pod).concat());
    for name in ["a", "b", "c"] {
        stage.until(&format!("pod/{name}"), ".status.phase", "Running");
    }
    let child = stage.begin(
        r#"let pods = ["a", "b", "c"].map(|name| cluster.get("Pod", name));
           parallel([[pods[0]], [pods[1], pods[2]], []], |some| cluster.evict_all(some), #{ fail_fast: false })"#,
    );
    let leaving = ["get", "pods", "-o", "jsonpath={.items[*].metadata.deletionTimestamp}"];
    eventually("all pods are evicted", || stage.kubectl(&leaving).matches('Z').count() == 3);
    let (Ran { code, value, said }, _) = Ran::interrupted(child);
    assert_eq!(code, Some(130), "{said}");
    let accounts = value["error"]["details"].as_array().unwrap();
    let told: Vec<_> = accounts.iter().map(|account| (&account["total"], &account["going"])).collect();
    assert_eq!(told, [(&1.into(), &1.into()), (&2.into(), &2.into())], "{value}");
    assert!(said.contains("1 of 1 pods are still there") && said.contains("2 of 2 pods are still there"), "{said}");
    stage.kubectl(&["delete", "pod", "--all", "--grace-period=0", "--force"]);
}

#[test]
fn a_drain_that_reaches_the_deadline_of_its_run_tells_what_became_of_each_pod() {
    let Some(ground) = stuck_ground("drain-late") else { return };
    let ran = ground.stage.run("drain-nodes", &["--selector", &ground.selector(), "--run-timeout", "3s"]);
    assert_eq!((ran.code, &ran.value["error"]["code"]), (Some(1), &"E0004".into()), "{}", ran.said);
    all_told(&ran.value["error"]["details"]);
    let told = ["error[E0004]: the run reached its deadline", "  = 4 of 4 pods are still there: "];
    assert!(told.iter().all(|words| ran.said.contains(words)), "{}", ran.said);
    ground.clear();
}

#[test]
fn a_drain_that_fails_tells_what_became_of_each_pod_of_all_nodes() {
    let Some(ground) = Ground::new("drain-all", 2, 1) else { return };
    ground.deployment("web", 2, "", "maxUnavailable: 2");
    ground.deployment("stuck", 2, "controlplane.test/delete: never", "maxUnavailable: 2");
    ground.kubectl_new("uncordon");
    let ran =
        ground.stage.run("drain-nodes", &["--selector", &ground.selector(), "--timeout", "3s", "--at-once", "50%"]);
    assert_eq!(ran.code, Some(3), "{}", ran.said);
    let account = &ran.value["error"]["details"];
    assert_eq!((&account["total"], account["pods"].as_array().map(Vec::len)), (&4.into(), Some(4)), "{account}");
    assert!(account["timed_out"].as_u64() > Some(0), "{account}");
    ground.stage.kubectl(&["delete", "deployment", "stuck"]);
    ground.stage.kubectl(&["delete", "pod", "--all", "--grace-period=0", "--force"]);
}

#[test]
fn refuses_where_the_other_nodes_have_no_room() {
    let Some(ground) = Ground::new("drain-room", 1, 0) else { return };
    ground.deployment("web", 1, "", "maxUnavailable: 1");
    // All nodes of the cluster: it fails before anything is changed.
    let script = r#"import "std/nodes" as nodes; nodes::drain(cluster, cluster.list("Node"), #{ on_blocked: "skip" })"#;
    let ran = ground.stage.evaluate(script);
    assert_eq!(ran.code, Some(3), "{}", ran.said);
    assert!(ran.said.contains("the other nodes have no room for these pods"), "{}", ran.said);
    assert!(!ground.unschedulable(&ground.old[0]));
}

#[test]
fn tells_what_is_on_a_node_by_class_and_what_moving_it_would_come_to() {
    let Some(ground) = Ground::new("drain-tell", 1, 1) else { return };
    ground.deployment("web", 3, "", "maxUnavailable: 1");
    ground.kubectl_new("uncordon");
    let node = &ground.old[0];
    let script = format!(
        r#"import "std/nodes" as nodes; let node = cluster.get("Node", "{node}");
           let classes = nodes::pods_on(cluster, node); let told = nodes::forecast(cluster, [node]);
           #{{ classes: classes.keys(), managed: classes.managed.len(), now: told.now, later: told.later, shortage: told.shortage }}"#
    );
    let told = ground.stage.evaluate(&script).done();
    assert_eq!(told, serde_json::json!({"classes": ["managed"], "managed": 3, "now": 1, "later": 2, "shortage": []}));
    let script = format!(
        r#"import "std/nodes" as nodes; let node = cluster.get("Node", "{node}");
           [nodes::cordon(cluster, [node], "one").len(), nodes::uncordon(cluster, [node], "other").len(), nodes::uncordon(cluster, [node], "one").len()]"#
    );
    assert_eq!(ground.stage.evaluate(&script).done(), serde_json::json!([1, 0, 1]));
    assert!(!ground.unschedulable(node));
}
