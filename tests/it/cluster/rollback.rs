//! Rolling back: to which revision, what stays as it is, and when it is refused.

use super::stage::{Ran, Stage, eventually, workload};
use serde_json::{Value, json};

const IMAGE: &str = ".spec.template.spec.containers[0].image";

/// Gives a workload an image and waits until its rollout is done.
#[track_caller]
fn set_image(stage: &Stage<'_>, object: &str, image: &str) {
    stage.kubectl(&["set", "image", object, &format!("app={image}")]);
    stage.rolled_out(object);
}

/// A workload that went from `app:1` to `app:2`.
fn two_revisions(name: &str, kind: &str) -> Option<Stage<'static>> {
    let stage = Stage::new(name)?;
    stage.apply(&workload(kind, "web", "", ""));
    let object = format!("{kind}/web");
    stage.rolled_out(&object);
    set_image(&stage, &object, "app:2");
    Some(stage)
}

fn roll_back(stage: &Stage<'_>, object: &str, arguments: &[&str]) -> Ran {
    stage.run("rollback", &[&["--workload", object, "--rollout-timeout", "20s"], arguments].concat())
}

#[test]
fn every_kind_of_workload_goes_back_to_the_revision_before() {
    for kind in ["Deployment", "StatefulSet", "DaemonSet"] {
        let Some(stage) = two_revisions("back", kind) else { return };
        let object = format!("{kind}/web");

        let value = roll_back(&stage, &object, &[]).done();

        assert_eq!((&value["from"], &value["to"], &value["changed"]), (&json!(2), &json!(1), &json!(true)), "{value}");
        assert_eq!(value["rollout"]["state"], "done", "{value}");
        assert_eq!(stage.field(&object, IMAGE), "app:1");
        assert_eq!(stage.field(&object, ".spec.template.metadata.labels"), r#"{"app":"web"}"#);
    }
}

#[test]
fn replicas_that_somebody_changed_meanwhile_stay() {
    let Some(stage) = two_revisions("replicas", "Deployment") else { return };
    stage.kubectl(&["scale", "deploy/web", "--replicas=3"]);

    roll_back(&stage, "Deployment/web", &[]).done();

    assert_eq!(stage.field("deploy/web", IMAGE), "app:1");
    assert_eq!(stage.field("deploy/web", ".spec.replicas"), "3");
}

#[test]
fn goes_to_the_revision_that_is_named_and_lists_them_where_there_is_none() {
    let Some(stage) = two_revisions("named", "Deployment") else { return };
    set_image(&stage, "deploy/web", "app:3");

    let said = roll_back(&stage, "Deployment/web", &["--to-revision", "7"]).failed();
    assert!(said.contains("has no revision 7") && said.contains("it has 3, 2, 1"), "{said}");
    assert_eq!(stage.field("deploy/web", IMAGE), "app:3");

    let value = roll_back(&stage, &format!("Deployment/{}/web", stage.namespace), &["--to-revision", "1"]).done();
    assert_eq!((&value["from"], &value["to"]), (&json!(3), &json!(1)), "{value}");
    assert_eq!(stage.field("deploy/web", IMAGE), "app:1");
}

#[test]
fn a_revision_that_is_the_current_one_changes_nothing() {
    let Some(stage) = two_revisions("same", "Deployment") else { return };
    let generation = stage.field("deploy/web", ".metadata.generation");
    let value = roll_back(&stage, "Deployment/web", &["--to-revision", "2"]).done();
    assert_eq!(value["changed"], false, "{value}");
    assert_eq!(stage.field("deploy/web", ".metadata.generation"), generation);
}

#[test]
fn refuses_where_there_is_no_earlier_revision() {
    let Some(stage) = Stage::new("first") else { return };
    stage.apply(&workload("Deployment", "web", "", ""));
    stage.rolled_out("deploy/web");
    let said = roll_back(&stage, "Deployment/web", &[]).failed();
    assert!(said.contains(&format!("Deployment/{}/web has no earlier revision", stage.namespace)), "{said}");
}

#[test]
fn refuses_a_paused_rollout() {
    let Some(stage) = two_revisions("paused", "Deployment") else { return };
    stage.kubectl(&["rollout", "pause", "deploy/web"]);
    let said = roll_back(&stage, "Deployment/web", &[]).failed();
    assert!(said.contains("its rollout is paused"), "{said}");
    assert_eq!(stage.field("deploy/web", IMAGE), "app:2");
}

#[test]
fn refuses_what_gitops_would_bring_back_unless_told_to_go_on() {
    let owners = [
        ("annotate", "argocd.argoproj.io/tracking-id=shop:apps/Deployment:x/web", "Argo CD (shop)"),
        ("label", "kustomize.toolkit.fluxcd.io/name=apps", "Flux"),
        ("annotate", "meta.helm.sh/release-name=web", "Helm"),
    ];
    let Some(stage) = two_revisions("gitops", "Deployment") else { return };
    for (verb, mark, tool) in owners {
        stage.kubectl(&[verb, "deploy/web", mark]);
        let said = roll_back(&stage, "Deployment/web", &[]).failed();
        assert!(said.contains("is delivered by") && said.contains(tool), "{said}");
        assert_eq!(stage.field("deploy/web", IMAGE), "app:2");
        let key = mark.split('=').next().unwrap();
        if tool != "Helm" {
            stage.kubectl(&[verb, "deploy/web", &format!("{key}-")]);
        }
    }

    let value = roll_back(&stage, "Deployment/web", &["--delivered", "ignore"]).done();
    assert!(value["warnings"][0].as_str().unwrap().contains("would bring the newer revision back"), "{value}");
    assert_eq!(stage.field("deploy/web", IMAGE), "app:1");
}

/// A StatefulSet whose second revision can never be ready: its controller waits for `db-1` for ever.
fn broken_stateful_set(name: &str) -> Option<Stage<'static>> {
    let stage = Stage::new(name)?;
    stage.apply(&workload("StatefulSet", "db", "", ""));
    stage.rolled_out("sts/db");
    let patch = json!({"spec": {"template": {"metadata": {"annotations": {"controlplane.test/unready": "true"}}}}});
    stage.kubectl(&["patch", "sts/db", "--type=merge", "-p", &patch.to_string()]);
    stage.until("sts/db", ".status.readyReplicas", "1");
    stage.until("pod/db-1", ".metadata.annotations.controlplane\\.test/unready", "true");
    Some(stage)
}

#[test]
fn names_the_broken_pods_that_hold_a_stateful_set_back() {
    let Some(stage) = broken_stateful_set("held-back") else { return };
    let said = roll_back(&stage, "StatefulSet/db", &[]).failed();
    assert!(said.contains("waits for pods of the bad revision: db-1"), "{said}");
    assert!(said.contains("--replace-broken"), "{said}");
    assert_eq!(stage.field("sts/db", ".spec.template.metadata.annotations"), "");
}

#[test]
fn deletes_the_broken_pods_of_a_stateful_set_where_asked_to() {
    let Some(stage) = broken_stateful_set("replaced") else { return };
    let well = stage.field("pod/db-0", ".metadata.uid");
    let value = roll_back(&stage, "StatefulSet/db", &["--replace-broken"]).done();
    assert_eq!(value["rollout"]["state"], "done", "{value}");
    assert_eq!(stage.field("pod/db-0", ".metadata.uid"), well);
    assert_eq!(stage.field("sts/db", ".status.readyReplicas"), "2");
}

/// Waits until a number of the DaemonSet is that of its nodes, which scenarios beside this one add and take away.
#[track_caller]
fn everywhere(stage: &Stage<'_>, path: &str) {
    eventually(&format!("{path} on all nodes"), || {
        let all = stage.field("ds/agent", ".status.desiredNumberScheduled");
        !matches!(&*all, "" | "0") && stage.field("ds/agent", path) == all
    });
}

#[test]
fn says_where_pods_are_replaced_by_hand_instead_of_waiting() {
    let Some(stage) = Stage::new("by-hand") else { return };
    stage.apply(&workload("DaemonSet", "agent", "updateStrategy: {type: OnDelete},", ""));
    everywhere(&stage, ".status.numberReady");
    stage.kubectl(&["set", "image", "ds/agent", "app=app:2"]);
    stage.until("ds/agent", ".status.observedGeneration", "2");
    // New pods, so that going back leaves old ones.
    stage.kubectl(&["delete", "pods", "-l", "app=agent", "--force", "--grace-period=0"]);
    everywhere(&stage, ".status.updatedNumberScheduled");

    let value = roll_back(&stage, "DaemonSet/agent", &[]).done();

    assert_eq!(stage.field("ds/agent", IMAGE), "app:1");
    assert_eq!(value["rollout"]["state"], "manual", "{value}");
}

#[test]
fn the_history_tells_what_a_revision_changed() {
    let Some(stage) = two_revisions("history", "Deployment") else { return };
    let script = r#"import "std/workloads" as w;
        #{ history: w::history(cluster, "Deployment/web"), changed: w::what_changed(cluster, "Deployment/web") }"#;
    let value = stage.evaluate(script).done();
    let images: Vec<&Value> = value["history"].as_array().unwrap().iter().map(|one| &one["images"][0]).collect();
    assert_eq!(images, ["app:2", "app:1"]);
    assert_eq!(value["changed"]["changes"], json!(["container app: image app:1 → app:2"]));
}
