//! Cleaning up failed pods, and explaining those that do not go.

use super::stage::Stage;
use crate::support::fault_proxy::{Fault, FaultProxy, Rule};
use serde_json::{Value, json};

/// A pod that nobody schedules, so that only the test writes its status.
fn pod(name: &str, metadata: &str) -> String {
    format!(
        "{{apiVersion: v1, kind: Pod, metadata: {{name: {name}, {metadata}}}, \
         spec: {{schedulerName: none, restartPolicy: Never, containers: [{{name: app, image: 'app:1'}}]}}}}\n---\n"
    )
}

fn failed(reason: &str) -> Value {
    json!({ "phase": "Failed", "reason": reason, "message": "as the test wants it" })
}

fn pods(stage: &Stage<'_>) -> String {
    stage.kubectl(&["get", "pods", "-o", "jsonpath={.items[*].metadata.name}"])
}

/// Makes many pods that were evicted.
#[track_caller]
fn make_evicted(stage: &Stage<'_>, count: usize) {
    let numbers: Vec<usize> = (0..count).collect();
    let script = format!(
        r#"parallel({numbers:?}, |at| {{
            let pod = cluster.create(#{{ apiVersion: "v1", kind: "Pod", metadata: #{{ name: `p-${{at}}` }}, spec: #{{
                schedulerName: "none", containers: [#{{ name: "app", image: "app:1" }}] }} }});
            cluster.patch(pod, #{{ status: #{{ phase: "Failed", reason: "Evicted" }} }}, #{{ subresource: "status" }});
            1
        }}, #{{ at_once: 16 }}).len()"#
    );
    assert_eq!(stage.evaluate(&script).done(), count);
}

#[test]
fn deletes_failed_and_evicted_pods_and_no_others() {
    let Some(stage) = Stage::new("failed") else { return };
    stage.apply(&["evicted", "broken", "fine"].map(|name| pod(name, "")).concat());
    stage.status("pod/evicted", &failed("Evicted"));
    stage.status("pod/broken", &json!({ "phase": "Failed" }));

    let value = stage.run("clean-failed-pods", &[]).done();

    assert_eq!(value["deleted"], 2, "{value}");
    assert_eq!(value["by_reason"], json!({ "Evicted": 1, "Error": 1 }));
    assert_eq!(pods(&stage), "fine");
}

#[test]
fn deletes_only_pods_of_the_wanted_reason_selector_and_age() {
    let Some(stage) = Stage::new("chosen") else { return };
    stage.apply(&[pod("evicted", "labels: {team: a}"), pod("lost", "labels: {team: a}"), pod("other", "")].concat());
    stage.status("pod/evicted", &failed("Evicted"));
    stage.status("pod/lost", &failed("NodeLost"));
    stage.status("pod/other", &failed("Evicted"));

    let young = stage.run("clean-failed-pods", &["--older-than", "1h"]).done();
    assert_eq!((&young["deleted"], &young["kept"]), (&json!(0), &json!({ "too young": 3 })));
    let value = stage.run("clean-failed-pods", &["--selector", "team=a", "--reason", "Evicted"]).done();
    assert_eq!((&value["deleted"], &value["kept"]), (&json!(1), &json!({ "another reason": 1 })));
    assert_eq!(pods(&stage), "lost other");
}

#[test]
fn keeps_the_pods_of_a_job_that_still_counts_attempts() {
    let Some(stage) = Stage::new("jobs") else { return };
    let job = |name: &str, limit: u32| {
        format!(
            "{{apiVersion: batch/v1, kind: Job, metadata: {{name: {name}}}, spec: {{backoffLimit: {limit}, template: {{metadata: {{annotations: \
             {{controlplane.test/exit-code: '1'}}}}, spec: {{restartPolicy: Never, containers: [{{name: app, image: 'app:1'}}]}}}}}}}}\n---\n"
        )
    };
    stage.apply(&[job("over", 0), job("running", 5)].concat());
    stage.until("job/over", ".status.conditions[?(@.type=='Failed')].status", "True");
    stage.until("job/running", ".status.failed", "1");

    let value = stage.run("clean-failed-pods", &[]).done();

    assert_eq!(value["deleted"], 1, "{value}");
    assert_eq!(value["kept"], json!({ "its Job is still running": 1 }));
    // What was counted stays counted.
    assert_eq!(stage.field("job/over", ".status.failed"), "1");
    let all = stage.run("clean-failed-pods", &["--jobs", "all"]).done();
    assert!(all["deleted"].as_i64().unwrap() >= 1, "{all}");
    assert!(stage.field("job/running", ".status.failed").parse::<u32>().unwrap() >= 1);
}

#[test]
fn keeps_a_pod_that_its_job_has_not_counted_and_mirror_pods() {
    let Some(stage) = Stage::new("uncounted") else { return };
    stage.apply(
        "{apiVersion: batch/v1, kind: Job, metadata: {name: slow}, spec: {managedBy: example.com/nobody, template: {spec: \
         {restartPolicy: Never, containers: [{name: app, image: 'app:1'}]}}}}",
    );
    let uid = stage.field("job/slow", ".metadata.uid");
    let owned = format!(
        "finalizers: [batch.kubernetes.io/job-tracking], ownerReferences: [{{apiVersion: batch/v1, kind: Job, name: slow, uid: {uid}, controller: true}}]"
    );
    let mirror = pod("mirror", "annotations: {kubernetes.io/config.mirror: x}");
    let mirror = mirror.replace("schedulerName: none", "nodeName: no-such-node");
    stage.apply(&[pod("uncounted", &owned), mirror].concat());
    ["pod/uncounted", "pod/mirror"].iter().for_each(|pod| stage.status(pod, &failed("Error")));

    let value = stage.run("clean-failed-pods", &["--jobs", "all"]).done();

    assert_eq!(value["deleted"], 0, "{value}");
    let kept = json!({ "its Job has not counted it yet": 1, "a mirror pod: its node decides": 1 });
    assert_eq!(value["kept"], kept);
    assert_eq!(pods(&stage), "mirror uncounted");
}

#[test]
fn a_finalizer_of_somebody_else_is_named_and_left_alone() {
    let Some(stage) = Stage::new("held") else { return };
    stage.apply(&pod("held", "finalizers: [example.com/hold]"));
    stage.status("pod/held", &failed("Error"));

    let value = stage.run("clean-failed-pods", &[]).done();

    assert_eq!((&value["deleted"], &value["terminating"][0]["name"]), (&json!(0), &json!("held")));
    assert_eq!(stage.field("pod/held", ".metadata.finalizers[0]"), "example.com/hold");
    let again = stage.run("clean-failed-pods", &[]).done();
    assert_eq!(again["kept"], json!({ "being deleted already": 1 }));
}

#[test]
fn two_clean_ups_at_once_do_not_trip_over_each_other() {
    let Some(stage) = Stage::new("twice") else { return };
    make_evicted(&stage, 40);

    let [one, other] = std::thread::scope(|scope| {
        [(); 2].map(|()| scope.spawn(|| stage.run("clean-failed-pods", &[]).done())).map(|run| run.join().unwrap())
    });

    for value in [&one, &other] {
        let count = |field: &str| value[field].as_i64().unwrap();
        assert!(count("deleted") + count("gone") <= 40, "{value}");
        assert_eq!((&value["failed"], count("replaced")), (&json!([]), 0), "{value}");
    }
    assert!(one["deleted"].as_i64().unwrap() + other["deleted"].as_i64().unwrap() >= 40, "{one}\n{other}");
    assert_eq!(pods(&stage), "");
}

#[test]
fn a_pod_that_was_replaced_meanwhile_is_left_alone() {
    let Some(stage) = Stage::new("replaced") else { return };
    stage.apply(&pod("one", ""));
    let script = r#"
        let old = cluster.get("Pod", "one");
        cluster.delete(old, #{ grace_period: 0 });
        cluster.wait(old, "deleted");
        cluster.create(#{ apiVersion: "v1", kind: "Pod", metadata: #{ name: "one" }, spec: old.spec });
        let seen = "";
        try { cluster.delete(old, #{ uid: old.metadata.uid }); } catch (err) { seen = err.kind; }
        seen"#;
    assert_eq!(stage.evaluate(script).done(), "conflict");
    assert_eq!(pods(&stage), "one");
}

#[test]
fn works_through_more_pods_than_a_page_has_when_the_server_forgets_the_list() {
    let Some(stage) = Stage::new("many") else { return };
    make_evicted(&stage, 510);
    let proxy = FaultProxy::start(&stage.cluster.kubeconfig());
    let answer = |status: u16, body: &Value| Fault::Answer { status, headers: Vec::new(), body: body.to_string() };
    // Servers of this age are asked by pages of 500; this one forgets the list after the first of them.
    let version = json!({"major": "1", "minor": "33", "gitVersion": "v1.33.0"});
    proxy.inject(Rule::on("/version", answer(200, &version)));
    let expired = json!({"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "Expired", "code": 410,
        "message": "The provided continue parameter is too old"});
    proxy.inject(Rule::on("continue=", answer(410, &expired)).nth(1));

    let value = stage.through(&proxy).run("clean-failed-pods", &["--at-once", "16"]).done();

    assert!(proxy.requests().iter().any(|request| request.path.contains("continue=")), "it was not asked by pages");
    assert_eq!(value["by_reason"], json!({ "Evicted": 510 }));
    assert_eq!(pods(&stage), "");
}

#[test]
fn a_busy_server_is_asked_again() {
    let Some(stage) = Stage::new("busy") else { return };
    make_evicted(&stage, 3);
    let proxy = FaultProxy::start(&stage.cluster.kubeconfig());
    let busy =
        json!({"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "TooManyRequests", "code": 429});
    let headers = vec![("Retry-After", "1".to_owned())];
    let fault = Fault::Answer { status: 429, headers, body: busy.to_string() };
    proxy.inject(Rule::on("/pods/p-1", fault).method("DELETE").nth(1));

    let value = stage.through(&proxy).run("clean-failed-pods", &[]).done();

    assert_eq!(value["deleted"], 3, "{value}");
    assert_eq!(pods(&stage), "");
}

#[test]
fn explains_a_pod_that_finalizers_hold() {
    let Some(stage) = Stage::new("stuck") else { return };
    stage.apply(&pod("held", "finalizers: [example.com/hold]"));
    stage.kubectl(&["delete", "pod", "held", "--wait=false", "--grace-period=0", "--force"]);
    std::thread::sleep(std::time::Duration::from_millis(1100));

    let script = r#"import "std/pods" as pods; pods::stuck(cluster, #{})"#;
    let value = stage.evaluate(script).done();

    assert_eq!((&value[0]["pod"]["name"], &value[0]["state"]), (&json!("held"), &json!("stuck")), "{value}");
    assert_eq!(value[0]["causes"][0], "finalizer example.com/hold: the controller that put it there has not let it go");
    let said = stage.evaluate(r#"import "std/pods" as pods; pods::force_delete(cluster, cluster.get("Pod", "held"))"#);
    assert!(said.failed().contains("finalizers hold Pod"));
}

#[test]
fn explains_a_pod_whose_node_does_not_confirm_and_guards_the_identity_of_a_stateful_set() {
    let Some(stage) = Stage::new("lost") else { return };
    stage.apply(&super::stage::workload("StatefulSet", "db", "", "controlplane.test/delete: never"));
    stage.rolled_out("sts/db");
    stage.kubectl(&["delete", "pod", "db-1", "--wait=false", "--grace-period=1"]);

    let script = r#"import "std/pods" as pods; pods::why_terminating(cluster, cluster.get("Pod", "db-1"))"#;
    std::thread::sleep(std::time::Duration::from_millis(2100));
    let value = stage.evaluate(script).done();

    assert_eq!(value["state"], "stuck", "{value}");
    assert!(
        value["causes"][0].as_str().unwrap().contains("the kubelet has not reported the end of container app"),
        "{value}"
    );
    assert!(value["advice"].to_string().contains("a second pod of that identity"), "{value}");
    let force = r#"import "std/pods" as pods; pods::force_delete(cluster, cluster.get("Pod", "db-1"))"#;
    assert!(stage.evaluate(force).failed().contains("belongs to a StatefulSet and may still run on"));
    // The operator has said that the node is down; the taint is taken back so that other tests can use the node.
    stage
        .apply(&pod("gone", "finalizers: [example.com/hold]").replace("schedulerName: none", "nodeName: no-such-node"));
    stage.kubectl(&["delete", "pod", "gone", "--wait=false", "--grace-period=0", "--force"]);
    let value = stage.evaluate(&script.replace("db-1", "gone")).done();
    assert!(value["causes"].to_string().contains("its node no-such-node is gone"), "{value}");
}

#[test]
fn takes_away_an_overdue_pod_that_nothing_else_guards() {
    let Some(stage) = Stage::new("overdue") else { return };
    let pod = pod("web", "annotations: {controlplane.test/delete: never}").replace("schedulerName: none, ", "");
    stage.apply(&pod);
    stage.until("pod/web", ".status.phase", "Running");
    let force = r#"import "std/pods" as pods; pods::force_delete(cluster, cluster.get("Pod", "web"))"#;
    assert!(stage.evaluate(force).failed().contains("is not stuck: nobody deleted it"));

    stage.kubectl(&["delete", "pod", "web", "--wait=false", "--grace-period=1"]);
    std::thread::sleep(std::time::Duration::from_millis(2100));
    stage.evaluate(force).done();

    assert_eq!(pods(&stage), "");
}

#[test]
fn a_pod_in_its_grace_period_is_not_stuck() {
    let Some(stage) = Stage::new("grace") else { return };
    stage.apply(&super::stage::workload("StatefulSet", "db", "", "controlplane.test/delete: never"));
    stage.rolled_out("sts/db");
    stage.kubectl(&["delete", "pod", "db-0", "--wait=false", "--grace-period=60"]);

    let script = r#"import "std/pods" as pods; pods::why_terminating(cluster, cluster.get("Pod", "db-0"))"#;
    let value = stage.evaluate(script).done();

    assert_eq!(value["state"], "in_grace", "{value}");
    assert!(value["causes"][0].as_str().unwrap().starts_with("its grace period of 60 s ends in "), "{value}");
    assert_eq!(stage.evaluate(r#"import "std/pods" as pods; pods::stuck(cluster, #{})"#).done(), json!([]));
}
