//! Namespaces that stay in Terminating: what holds them is named, and nothing is taken off.

use super::stage::{Ran, Stage};
use crate::support::controlplane::{ControlPlane, Options};
use serde_json::{Value, json};

fn why(stage: &Stage<'_>) -> Ran {
    stage.run("namespace-stuck", &["--name", &stage.namespace])
}

/// Deletes the namespace and waits until its controller has said what is left.
fn delete(stage: &Stage<'_>, condition: &str) {
    stage.cluster.kubectl(&["delete", "namespace", &stage.namespace, "--wait=false"]);
    let path = format!(".status.conditions[?(@.type==\"{condition}\")].status");
    stage.until(&format!("namespace/{}", stage.namespace), &path, "True");
}

/// A kind of the test's own, and an object of it that a finalizer holds.
fn held_by_a_controller(stage: &Stage<'_>, group: &str) {
    stage.apply(&format!(
        "{{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {{name: widgets.{group}}}, spec: {{group: {group}, \
         scope: Namespaced, names: {{plural: widgets, singular: widget, kind: Widget}}, versions: [{{name: v1, served: true, storage: true, \
         schema: {{openAPIV3Schema: {{type: object}}}}}}]}}}}"
    ));
    stage.cluster.kubectl(&["wait", "--for=condition=Established", &format!("crd/widgets.{group}"), "--timeout=10s"]);
    stage.apply(&format!(
        "{{apiVersion: {group}/v1, kind: Widget, metadata: {{name: one, finalizers: [{group}/clean-up]}}}}"
    ));
}

fn the_finalizer<'a>(value: &'a Value, kind: &str) -> &'a Value {
    let remaining = value["remaining"].as_array().unwrap();
    let left = remaining.iter().find(|left| left["kind"] == kind).unwrap_or_else(|| panic!("no {kind}: {value}"));
    &left["finalizers"][0]
}

#[test]
fn names_the_finalizer_whose_controller_is_gone_and_leaves_it_on() {
    let Some(stage) = Stage::new("orphaned") else { return };
    let group = format!("{}.example.com", stage.namespace);
    held_by_a_controller(&stage, &group);
    delete(&stage, "NamespaceFinalizersRemaining");

    let value = why(&stage).done();

    assert_eq!((&value["state"], &value["namespace"]), (&json!("terminating"), &json!(stage.namespace)));
    assert_eq!(value["uid"], stage.field(&format!("namespace/{}", stage.namespace), ".metadata.uid"));
    let finalizer = the_finalizer(&value, &format!("Widget.{group}"));
    assert_eq!(finalizer["finalizer"], format!("{group}/clean-up"));
    assert_eq!(finalizer["keeper"]["state"], "gone", "{value}");
    assert!(value["advice"].to_string().contains("bring the controller of widgets back"), "{value}");
    assert!(value["conditions"].to_string().contains("NamespaceContentRemaining"), "{value}");
    // Nothing was stripped.
    assert_eq!(stage.field(&format!("widgets.{group}/one"), ".metadata.finalizers[0]"), format!("{group}/clean-up"));
    stage.kubectl(&[
        "patch",
        &format!("widgets.{group}/one"),
        "--type=merge",
        "-p",
        r#"{"metadata":{"finalizers":null}}"#,
    ]);
}

#[test]
fn says_that_the_controller_still_runs() {
    let Some(stage) = Stage::new("kept") else { return };
    let Some(home) = Stage::new("operator") else { return };
    let group = format!("{}.example.com", stage.namespace);
    held_by_a_controller(&stage, &group);
    let (ops, role) = (&home.namespace, format!("widgets-{}", stage.namespace));
    home.apply("{apiVersion: v1, kind: ServiceAccount, metadata: {name: operator}}");
    home.apply(&format!(
        "{{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {{name: {role}}}, rules: \
         [{{apiGroups: [{group}], resources: [widgets/finalizers, widgets], verbs: [get, update]}}]}}\n---\n\
         {{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {{name: {role}}}, roleRef: \
         {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: {role}}}, subjects: [{{kind: ServiceAccount, name: operator, namespace: {ops}}}]}}"
    ));
    delete(&stage, "NamespaceFinalizersRemaining");
    let kind = format!("Widget.{group}");

    let value = why(&stage).done();
    let keeper = &the_finalizer(&value, &kind)["keeper"];
    assert_eq!(
        (&keeper["state"], &keeper["who"][0]),
        (&json!("gone"), &json!(format!("ServiceAccount {ops}/operator"))),
        "{value}"
    );

    home.apply(
        "{apiVersion: v1, kind: Pod, metadata: {name: operator}, spec: {serviceAccountName: operator, containers: [{name: app, image: 'app:1'}]}}",
    );
    home.until("pod/operator", ".status.phase", "Running");
    let value = why(&stage).done();
    assert_eq!(the_finalizer(&value, &kind)["keeper"]["state"], "running", "{value}");
    stage.kubectl(&[
        "patch",
        &format!("widgets.{group}/one"),
        "--type=merge",
        "-p",
        r#"{"metadata":{"finalizers":null}}"#,
    ]);
}

#[test]
fn names_the_pods_that_do_not_end_and_finalizers_of_kubernetes_itself() {
    let Some(stage) = Stage::new("pods-left") else { return };
    stage.apply(
        "{apiVersion: v1, kind: Pod, metadata: {name: held, finalizers: [batch.kubernetes.io/job-tracking, example.com/hold]}, \
         spec: {nodeName: no-such-node, containers: [{name: app, image: 'app:1'}]}}",
    );
    stage.cluster.kubectl(&["delete", "namespace", &stage.namespace, "--wait=false"]);
    stage.until("pod/held", ".metadata.deletionGracePeriodSeconds", "30");

    let value = why(&stage).done();

    let causes = value["causes"].to_string();
    assert!(causes.contains("Pod held: its node no-such-node is gone"), "{value}");
    assert!(causes.contains("example.com/hold"), "{value}");
    stage.kubectl(&["patch", "pod/held", "--type=merge", "-p", r#"{"metadata":{"finalizers":null}}"#]);
}

#[test]
fn a_broken_aggregated_api_is_named_as_the_cause() {
    // An API that does not answer slows the deletion of every namespace: not for the shared control plane.
    let arguments = ["--no-scheduler".to_owned(), "--no-kwok".to_owned()].to_vec();
    let Some(cluster) = ControlPlane::private(&Options { arguments, ..Options::default() }) else { return };
    let stage = Stage::on(&cluster, "broken");
    stage.apply(
        "{apiVersion: apiregistration.k8s.io/v1, kind: APIService, metadata: {name: v1.metering.example.com}, spec: {group: metering.example.com, \
         version: v1, groupPriorityMinimum: 100, versionPriority: 100, insecureSkipTLSVerify: true, service: {namespace: ops, name: metering}}}",
    );
    stage.until("apiservice/v1.metering.example.com", ".status.conditions[?(@.type==\"Available\")].status", "False");
    stage.apply("{apiVersion: v1, kind: ConfigMap, metadata: {name: left, finalizers: [example.com/hold]}}");
    delete(&stage, "NamespaceDeletionDiscoveryFailure");

    let ran = why(&stage);

    // What else there is, is told all the same.
    let value = ran.done();
    assert_eq!(value["broken_apis"][0]["name"], "v1.metering.example.com", "{value}");
    assert_eq!(value["broken_apis"][0]["service"], "ops/metering");
    assert!(
        value["causes"][0].as_str().unwrap().contains("APIService v1.metering.example.com is not available"),
        "{value}"
    );
    assert!(value["advice"][0].as_str().unwrap().contains("bring Service ops/metering back"), "{value}");
    assert_eq!(the_finalizer(&value, "ConfigMap")["finalizer"], "example.com/hold");
}

#[test]
fn a_namespace_that_nobody_deleted_is_active_and_an_absent_one_an_error() {
    let Some(stage) = Stage::new("active") else { return };
    let value = why(&stage).done();
    assert_eq!((&value["state"], &value["causes"]), (&json!("active"), &json!([])));
    let said = stage.run("namespace-stuck", &["--name", "no-such-namespace"]).failed();
    assert!(said.contains("E0305") && said.contains("no-such-namespace"), "{said}");
}
