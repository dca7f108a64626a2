//! Triage: what is found about crashing pods, that secrets stay secret, and that nothing is changed.

use super::stage::{Stage, texts, workload};
use serde_json::{Value, json};
use std::io::Write as _;

/// A pod that nobody schedules: only the test writes its status.
fn pod(name: &str, spec: &str) -> String {
    format!(
        "{{apiVersion: v1, kind: Pod, metadata: {{name: {name}}}, spec: {{schedulerName: none, {spec} \
         containers: [{{name: app, image: 'app:1'}}]}}}}\n---\n"
    )
}

/// The status of a container that crashes again and again.
fn crashing(name: &str, reason: &str, exit_code: i32) -> Value {
    json!([{
        "name": name, "image": "app:1", "imageID": "", "ready": false, "restartCount": 6,
        "state": {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 5m0s"}},
        "lastState": {"terminated": {"reason": reason, "exitCode": exit_code}},
    }])
}

fn incident<'a>(value: &'a Value, owner: &str) -> &'a Value {
    let all = value["incidents"].as_array().unwrap();
    all.iter()
        .find(|one| one["owner"].as_str().unwrap().ends_with(owner))
        .unwrap_or_else(|| panic!("no {owner}: {value}"))
}

#[test]
fn tells_what_the_exit_codes_mean_and_init_containers_apart() {
    let Some(stage) = Stage::new("codes") else { return };
    let codes = [
        ("memory", "OOMKilled", 137),
        ("killed", "Error", 137),
        ("asked", "Error", 143),
        ("own", "Error", 1),
        ("denied", "ContainerCannotRun", 126),
        ("absent", "ContainerCannotRun", 127),
        ("clean", "Completed", 0),
    ];
    // The node of one of them is gone.
    let pods = codes.map(|(name, ..)| pod(name, "")).concat();
    stage.apply(&pods.replacen("schedulerName: none", "nodeName: no-such-node", 1));
    stage.apply(&pod("early", "initContainers: [{name: setup, image: 'app:1'}],"));
    for (name, reason, code) in codes {
        stage.status(
            &format!("pod/{name}"),
            &json!({"phase": "Running", "containerStatuses": crashing("app", reason, code)}),
        );
    }
    stage.status("pod/early", &json!({"phase": "Pending", "initContainerStatuses": crashing("setup", "Error", 2)}));

    let value = stage.run("triage", &["--sample", "1"]).done();

    assert_eq!((&value["looked_at"], &value["troubled"]), (&json!(8), &json!(8)));
    let meaning = |name: &str, code: i32| {
        let label = format!("app container app: CrashLoopBackOff, exit code {code}");
        incident(&value, &format!("/{name}"))["problems"][label]["meaning"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(meaning("memory", 137), "killed because it used more memory than its limit");
    assert!(meaning("killed", 137).starts_with("killed (SIGKILL)"));
    assert!(meaning("asked", 143).contains("SIGTERM"));
    assert!(meaning("own", 1).contains("an error of its own"));
    assert!(meaning("denied", 126).contains("cannot be executed"));
    assert!(meaning("absent", 127).contains("not found in the image"));
    assert_eq!(meaning("clean", 0), "ended without an error");
    let early = &incident(&value, "/early")["problems"];
    assert_eq!(early["init container setup: CrashLoopBackOff, exit code 2"]["pods"], 1, "{early}");
    // Its log is gone with the node: said, and no error.
    let words = &incident(&value, "/memory")["samples"][0]["logs"]["app"];
    assert_eq!(words["lines"], json!([]));
    assert!(words["missing"].is_string(), "{words}");
}

#[test]
fn many_crashing_pods_are_grouped_by_what_owns_them_and_few_are_looked_at() {
    let Some(stage) = Stage::new("crowd") else { return };
    let crowd = workload("Deployment", "web", "", "controlplane.test/waiting: CrashLoopBackOff");
    stage.apply(&crowd.replace("replicas: 2", "replicas: 60"));
    stage.apply(&workload("StatefulSet", "db", "", "controlplane.test/waiting: ImagePullBackOff"));
    stage.apply(&workload("Deployment", "fine", "", ""));
    stage.until("deploy/web", ".status.replicas", "60");
    stage.until("pod/db-0", ".status.containerStatuses[0].state.waiting.reason", "ImagePullBackOff");
    stage.rolled_out("deploy/fine");
    let script =
        r#"cluster.list("Pod", #{ labels: "app=web" }).filter(|pod| pod.get("status.containerStatuses") != ()).len()"#;
    while stage.evaluate(script).done() != 60 {}

    let value = stage.run("triage", &["--sample", "2", "--owners", "1"]).done();

    assert_eq!(value["troubled"], 61, "{value}");
    assert_eq!(value["incidents"].as_array().unwrap().len(), 1);
    let web = incident(&value, "/web");
    assert_eq!((&web["owner"], &web["pods"]), (&json!(format!("Deployment/{}/web", stage.namespace)), &json!(60)));
    assert_eq!(web["samples"].as_array().unwrap().len(), 2);
    let others = json!([{"owner": format!("StatefulSet/{}/db", stage.namespace), "pods": 1}]);
    assert_eq!(value["not_looked_at"], others);
}

#[test]
fn names_references_to_what_does_not_exist() {
    let Some(stage) = Stage::new("missing") else { return };
    stage.apply("{apiVersion: v1, kind: ConfigMap, metadata: {name: there}}");
    stage.apply(
        "{apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {schedulerName: none, volumes: [{name: a, configMap: {name: there}}, \
         {name: b, configMap: {name: absent}}, {name: c, configMap: {name: optional, optional: true}}, \
         {name: d, persistentVolumeClaim: {claimName: no-claim}}, {name: e, projected: {sources: [{secret: {name: no-part}}]}}], \
         containers: [{name: app, image: 'app:1', envFrom: [{secretRef: {name: no-secret}}], \
         env: [{name: A, valueFrom: {configMapKeyRef: {name: absent, key: a}}}]}]}}",
    );
    let waiting = json!([{"name": "app", "image": "", "imageID": "", "ready": false, "restartCount": 0,
        "state": {"waiting": {"reason": "CreateContainerConfigError", "message": "secret \"no-secret\" not found"}}}]);
    stage.status("pod/web", &json!({"phase": "Pending", "containerStatuses": waiting}));

    let value = stage.run("triage", &[]).done();

    let missing = texts(&incident(&value, "/web")["missing"]);
    assert_eq!(missing, ["ConfigMap/absent", "PersistentVolumeClaim/no-claim", "Secret/no-secret", "Secret/no-part"]);
}

#[test]
fn secrets_in_logs_messages_and_the_environment_are_not_shown() {
    let Some(stage) = Stage::new("redacted") else { return };
    stage.apply(
        "{apiVersion: v1, kind: Pod, metadata: {name: web, annotations: {controlplane.test/exit-code: '1'}}, spec: {restartPolicy: Never, \
         containers: [{name: app, image: 'app:1', env: [{name: DB_PASSWORD, value: correct-horse-1}]}]}}",
    );
    stage.until("pod/web", ".status.phase", "Failed");
    let lines = [
        "trying correct-horse-1",
        "api_key=sk-live-1234567890",
        "postgres://bob:battery-staple-2@db/x",
        "Authorization: Bearer abcdefghijklmnop",
        "-----BEGIN RSA PRIVATE KEY-----",
        "MIIEowIBAAKCAQEA1234",
        "-----END RSA PRIVATE KEY-----",
        "panic: the end",
    ];
    let mut log = std::fs::OpenOptions::new().append(true).open(stage.cluster.file("pods.log")).unwrap();
    let text: String = lines.iter().map(|line| format!("2026-01-01T00:00:00.000000000Z stderr F {line}\n")).collect();
    log.write_all(text.as_bytes()).unwrap();

    let ran = stage.run("triage", &["--tail", "500"]);

    let shown = format!("{}{}", ran.value, ran.said);
    for secret in
        ["correct-horse-1", "sk-live-1234567890", "battery-staple-2", "abcdefghijklmnop", "MIIEowIBAAKCAQEA1234"]
    {
        assert!(!shown.contains(secret), "{secret}: {shown}");
    }
    let value = ran.done();
    let shown = texts(&incident(&value, "/web")["samples"][0]["logs"]["app"]["lines"]);
    assert!(shown.contains(&"panic: the end") && shown.contains(&"postgres://bob:***@db/x"), "{shown:?}");
}

#[test]
fn tells_the_change_the_quota_the_budget_and_the_node_around_a_crash() {
    let Some(stage) = Stage::new("around") else { return };
    stage.apply(&workload("Deployment", "web", "", ""));
    stage.rolled_out("deploy/web");
    stage.apply(
        "{apiVersion: v1, kind: ResourceQuota, metadata: {name: pods}, spec: {hard: {pods: '3'}}}\n---\n\
         {apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: web}, spec: {minAvailable: 5, selector: {matchLabels: {app: web}}}}",
    );
    stage.until("quota/pods", ".status.used.pods", "2");
    let patch = json!({"spec": {"template": {"metadata": {"annotations": {"controlplane.test/waiting": "CrashLoopBackOff"}},
        "spec": {"containers": [{"name": "app", "image": "app:2"}]}}}});
    stage.kubectl(&["patch", "deploy/web", "-p", &patch.to_string()]);
    stage.until("quota/pods", ".status.used.pods", "3");
    stage.until("pdb/web", ".status.currentHealthy", "2");
    let script = r#"import "std/pods" as pods; cluster.list("Pod").filter(|pod| pods::problems(pod).len() > 0).len()"#;
    while stage.evaluate(script).done() != 1 {}

    let value = stage.run("triage", &[]).done();

    let web = incident(&value, "/web");
    assert_eq!(web["changed"]["changes"], json!(["container app: image app:1 → app:2"]));
    let context = web["context"].to_string();
    assert!(context.contains("ResourceQuota/pods: pods 3 of 3 used"), "{web}");
    assert!(context.contains("PodDisruptionBudget/web allows no disruption"), "{web}");
}

#[test]
fn changes_nothing_and_goes_on_where_something_may_not_be_read() {
    let Some(stage) = Stage::new("reader") else { return };
    stage.apply(
        &workload("Deployment", "web", "", "controlplane.test/waiting: CrashLoopBackOff")
            .replace("replicas: 2", "replicas: 1"),
    );
    let script = r#"cluster.list("Pod").filter(|pod| pod.get("status.containerStatuses") != ()).len()"#;
    while stage.evaluate(script).done() != 1 {}
    stage.apply(
        "{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: pods}, rules: [{apiGroups: [''], resources: [pods], \
         verbs: [list]}]}\n---\n{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: pods}, roleRef: {apiGroup: \
         rbac.authorization.k8s.io, kind: Role, name: pods}, subjects: [{kind: User, name: on-call, apiGroup: rbac.authorization.k8s.io}]}",
    );
    let versions = || stage.kubectl(&["get", "pods,deploy,rs", "-o", "jsonpath={.items[*].metadata.resourceVersion}"]);
    let before = versions();

    let value = stage.run("triage", &["--as", "on-call"]).done();

    assert_eq!(value["troubled"], 1, "{value}");
    // The replica set may not be read: what the pod says of it has to do.
    let owner = value["incidents"][0]["owner"].as_str().unwrap();
    assert!(owner.starts_with(&format!("ReplicaSet/{}/web-", stage.namespace)), "{value}");
    let notes = value["incidents"][0]["notes"].to_string();
    assert!(notes.contains("quotas: ") && notes.contains("budgets: "), "{value}");
    assert_eq!(versions(), before);
}
