//! Objects named in each of the ways that scripts have, and what becomes of them when they are deleted.

use super::stage::Stage;
use serde_json::json;

#[test]
fn one_object_is_read_by_any_kind_of_reference() {
    let Some(stage) = Stage::new("references") else { return };
    stage.kubectl(&["create", "configmap", "a"]);
    let script = format!(
        r#"let a = cluster.get("ConfigMap", "a");
           let ways = ["ConfigMap/a", "cm/{0}/a", a, a.ref, #{{ kind: "ConfigMap", name: "a" }}];
           [
               ways.map(|way| cluster.get(way).metadata.uid == a.metadata.uid),
               ways.map(|way| cluster.find(way, #{{ timeout: "10s" }}).name),
               cluster.find("ConfigMap/none"),
           ]"#,
        stage.namespace
    );
    assert_eq!(
        stage.evaluate(&script).done(),
        json!([[true, true, true, true, true], ["a", "a", "a", "a", "a"], null])
    );
    let refused = |script: &str| stage.evaluate(script).failed();
    let said = refused(r#"cluster.get("ConfigMap/a", #{ namespace: "other" })"#);
    assert!(said.contains("E0120") && said.contains("a reference names its namespace itself"), "{said}");
    let said = refused(r#"cluster.get("ConfigMap")"#);
    assert!(said.contains("E0216") && said.contains("`ConfigMap` is no reference"), "{said}");
    let said = refused(r#"cluster.get(#{ kind: "ConfigMap" }, "a")"#);
    assert!(said.contains("E0104") && said.contains("must be a kind, not an object"), "{said}");
}

#[test]
fn an_object_whose_name_another_one_took_is_not_found_again() {
    let Some(stage) = Stage::new("references-replaced") else { return };
    let script = r#"
        let first = cluster.create(#{ apiVersion: "v1", kind: "ConfigMap", metadata: #{ name: "a" } });
        cluster.delete(first);
        cluster.create(#{ apiVersion: "v1", kind: "ConfigMap", metadata: #{ name: "a" } });
        let seen; try { cluster.get(first); } catch (err) { seen = err.code; }
        [seen, cluster.find(first), cluster.get("ConfigMap/a").name]"#;
    assert_eq!(stage.evaluate(script).done(), json!(["E0307", null, "a"]));
}

#[test]
fn a_deletion_says_whether_the_object_is_gone_or_still_ends() {
    let Some(stage) = Stage::new("deletions") else { return };
    stage.kubectl(&["create", "configmap", "plain"]);
    stage.kubectl(&["create", "service", "clusterip", "service", "--tcp=80"]);
    stage.apply(
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: held, finalizers: [example.org/hold]}}\n---\n\
         {apiVersion: v1, kind: Pod, metadata: {name: nowhere}, \
         spec: {nodeSelector: {no: where}, containers: [{name: app, image: 'app:1'}]}}\n---\n\
         {apiVersion: v1, kind: Pod, metadata: {name: somewhere}, spec: {containers: [{name: app, image: 'app:1'}]}}",
    );
    stage.until("pod/somewhere", ".status.phase", "Running");
    let script = r#"
        ["ConfigMap/plain", "Service/service", "Pod/nowhere", "ConfigMap/held", "Pod/somewhere"].map(|one| cluster.delete(one))"#;
    assert_eq!(stage.evaluate(script).done(), json!(["gone", "gone", "gone", "terminating", "terminating"]));
    stage.kubectl(&["patch", "configmap", "held", "--type=merge", "-p", r#"{"metadata":{"finalizers":null}}"#]);
}
