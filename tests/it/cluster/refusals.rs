//! What a real API server refuses, and what each refusal becomes. The pages of these codes cannot produce them alone.

use super::stage::Stage;
use crate::support::temp::TempDir;
use rutter::diag::{Code, codes};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// The error of a script that must fail with this code.
#[track_caller]
fn refuses(stage: &Stage<'_>, script: &str, code: Code) -> Value {
    let ran = stage.evaluate(script);
    assert_eq!(ran.value["error"]["code"], code.name(), "{}", ran.said);
    assert!(ran.said.contains(&format!("error[{code}]")) && ran.said.contains("-e:1:"), "{}", ran.said);
    ran.value["error"].clone()
}

/// The same, for a rule that the server obeys some moments after it was made.
#[track_caller]
fn refuses_soon(stage: &Stage<'_>, script: &str, code: Code) -> Value {
    let started = Instant::now();
    loop {
        let ran = stage.evaluate(script);
        if ran.value["error"]["code"] == code.name() {
            return ran.value["error"].clone();
        }
        assert!(started.elapsed() < Duration::from_secs(20), "{code} never came; the last time: {}", ran.said);
        std::thread::sleep(Duration::from_millis(50));
    }
}

const CREATE: &str = r#"cluster.create(#{ apiVersion: "v1", kind: "ConfigMap", metadata: #{ generateName: "a-" } })"#;

/// A service account without any rights, and a token of it.
fn account(stage: &Stage<'_>, name: &str) -> String {
    stage.kubectl(&["create", "serviceaccount", name]);
    stage.kubectl(&["create", "token", name])
}

#[test]
fn an_account_without_the_right_is_told_how_to_ask_for_it() {
    let Some(stage) = Stage::new("forbidden") else { return };
    let dir = TempDir::new();
    let stage = stage.as_token(&dir, &account(&stage, "nobody"));
    let error = refuses(&stage, r#"cluster.list("Secret")"#, codes::FORBIDDEN);
    let hint = format!("`kubectl auth can-i list secrets -n {}`", stage.namespace);
    assert!(error["hints"][0].as_str().unwrap().contains(&hint), "{error}");
    let caught =
        r#"let said = (); try { cluster.get("Secret", "a"); } catch (err) { said = [err.kind, err.code]; } said"#;
    assert_eq!(stage.evaluate(caught).done(), json!(["forbidden", "E0304"]));
}

#[test]
fn an_account_that_was_deleted_is_known_no_more() {
    let Some(stage) = Stage::new("unauthorized") else { return };
    let dir = TempDir::new();
    let token = account(&stage, "gone");
    stage.kubectl(&["delete", "serviceaccount", "gone"]);
    refuses(&stage.as_token(&dir, &token), r#"cluster.list("Secret")"#, codes::UNAUTHORIZED);
}

#[test]
fn a_field_of_another_manager_is_not_taken_without_force() {
    let Some(stage) = Stage::new("field-conflict") else { return };
    let theirs = r#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"k":"theirs"}}"#;
    stage.cluster.kubectl_with(
        &["-n", &stage.namespace, "apply", "--server-side", "--field-manager=autoscaler", "-f", "-"],
        theirs,
    );
    let ours = r#"#{ apiVersion: "v1", kind: "ConfigMap", metadata: #{ name: "a" }, data: #{ k: "ours" } }"#;
    let error = refuses(&stage, &format!("cluster.apply({ours})"), codes::FIELD_CONFLICT);
    assert!(error.to_string().contains("autoscaler") && error.to_string().contains(".data.k"), "{error}");
    assert_eq!(stage.field("configmap/a", ".data.k"), "theirs");
    stage.evaluate(&format!("cluster.apply({ours}, #{{ force_conflicts: true }})")).done();
    assert_eq!(stage.field("configmap/a", ".data.k"), "ours");
}

#[test]
fn a_pod_that_pod_security_forbids_is_denied() {
    let Some(stage) = Stage::new("pod-security") else { return };
    stage.kubectl(&["label", "namespace", &stage.namespace, "pod-security.kubernetes.io/enforce=restricted"]);
    let pod = r#"cluster.create(#{ apiVersion: "v1", kind: "Pod", metadata: #{ generateName: "a-" }, spec: #{ containers: [#{ name: "a", image: "a" }] } })"#;
    let error = refuses_soon(&stage, pod, codes::ADMISSION);
    assert!(error["message"].as_str().unwrap().contains("violates PodSecurity"), "{error}");
}

#[test]
fn a_policy_that_denies_says_so_in_its_own_words() {
    let Some(stage) = Stage::new("policy") else { return };
    let name = format!("no-config-{}", stage.namespace);
    let own = json!({"matchLabels": {"kubernetes.io/metadata.name": stage.namespace}});
    let rule = json!({"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["configmaps"]});
    let policy = json!({
        "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingAdmissionPolicy", "metadata": {"name": name},
        "spec": {
            "matchConstraints": {"resourceRules": [rule], "namespaceSelector": own},
            "validations": [{"expression": "false", "message": "not on a Friday"}],
        },
    });
    let binding = json!({
        "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingAdmissionPolicyBinding", "metadata": {"name": name},
        "spec": {"policyName": name, "validationActions": ["Deny"]},
    });
    stage.apply(&format!("{policy}\n---\n{binding}"));
    let error = refuses_soon(&stage, CREATE, codes::ADMISSION);
    assert!(error["message"].as_str().unwrap().contains("not on a Friday"), "{error}");
}

/// Has the server ask a webhook about every ConfigMap that is to be created in the namespace.
fn ask(stage: &Stage<'_>, url: &str) {
    let webhook = json!({
        "name": "away.example.com", "failurePolicy": "Fail", "sideEffects": "None", "admissionReviewVersions": ["v1"],
        "clientConfig": {"url": url}, "timeoutSeconds": 20,
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": stage.namespace}},
        "rules": [{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["configmaps"]}],
    });
    let configuration = json!({
        "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration",
        "metadata": {"name": stage.namespace}, "webhooks": [webhook],
    });
    stage.apply(&configuration.to_string());
}

#[test]
fn a_webhook_that_cannot_be_asked_is_a_failure_of_the_server() {
    let Some(stage) = Stage::new("webhook") else { return };
    ask(&stage, "https://127.0.0.1:1/");
    let error = refuses_soon(&stage, CREATE, codes::SERVER_ERROR);
    assert!(error["message"].as_str().unwrap().contains("failed calling webhook \"away.example.com\""), "{error}");
}

/// Gives an account a priority level of its own that has the least of seats and no queue.
fn starve(stage: &Stage<'_>, account: &str) {
    let (name, namespace) = (&stage.namespace, &stage.namespace);
    let limited = json!({
        "nominalConcurrencyShares": 0, "lendablePercent": 0, "borrowingLimitPercent": 0, "limitResponse": {"type": "Reject"},
    });
    let level = json!({
        "apiVersion": "flowcontrol.apiserver.k8s.io/v1", "kind": "PriorityLevelConfiguration", "metadata": {"name": name},
        "spec": {"type": "Limited", "limited": limited},
    });
    let rule = json!({
        "subjects": [{"kind": "ServiceAccount", "serviceAccount": {"name": account, "namespace": namespace}}],
        "resourceRules": [{"verbs": ["*"], "apiGroups": [""], "resources": ["configmaps"], "namespaces": [namespace]}],
    });
    let schema = json!({
        "apiVersion": "flowcontrol.apiserver.k8s.io/v1", "kind": "FlowSchema", "metadata": {"name": name},
        "spec": {"priorityLevelConfiguration": {"name": name}, "matchingPrecedence": 2, "rules": [rule]},
    });
    stage.apply(&format!("{level}\n---\n{schema}"));
}

#[test]
fn a_call_for_which_there_is_no_seat_is_one_too_many() {
    let Some(stage) = Stage::new("busy") else { return };
    let dir = TempDir::new();
    let caller = stage.as_token(&dir, &account(&stage, "many"));
    stage.kubectl(&["create", "role", "many", "--verb=create", "--resource=configmaps"]);
    let subject = format!("--serviceaccount={}:many", stage.namespace);
    stage.kubectl(&["create", "rolebinding", "many", "--role=many", &subject]);
    // It takes connections and never says a word, so that a creation keeps its seat.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    ask(&stage, &format!("https://{}/", silent.local_addr().unwrap()));
    starve(&stage, "many");
    let done = AtomicBool::new(false);
    let error = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                caller.calls_within("3s").evaluate(CREATE);
            }
        });
        // The account may not read, but who is one too many is not even told so.
        let refused = std::panic::catch_unwind(|| {
            refuses_soon(&caller.calls_within("1s"), r#"cluster.get("ConfigMap", "a")"#, codes::TOO_MANY_REQUESTS)
        });
        done.store(true, Ordering::Relaxed);
        refused
    });
    let error = error.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    assert!(error["message"].as_str().unwrap().contains("ConfigMap/"), "{error}");
}

#[test]
fn a_command_in_a_container_that_cannot_run_it_fails() {
    let Some(stage) = Stage::new("no-exec") else { return };
    stage.kubectl(&["run", "a", "--image=registry.example/app:1"]);
    stage.kubectl(&["wait", "--for=condition=Ready", "--timeout=20s", "pod/a"]);
    let error = refuses(&stage, r#"cluster.exec("Pod/a", ["true"])"#, codes::EXEC);
    assert!(error["message"].as_str().unwrap().contains("container"), "{error}");
}
