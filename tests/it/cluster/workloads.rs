//! Restarting in waves: what is restarted, what is left out and why, when it stops.

use super::stage::{Stage, texts, workload};

/// When a workload was restarted; empty if it never was.
fn restarted_at(stage: &Stage<'_>, object: &str) -> String {
    stage.field(object, ".spec.template.metadata.annotations.kubectl\\.kubernetes\\.io/restartedAt")
}

#[test]
fn restarts_every_kind_of_workload_in_waves() {
    let Some(stage) = Stage::new("waves") else { return };
    let kinds = ["Deployment", "StatefulSet", "DaemonSet"];
    stage.apply(&kinds.map(|kind| workload(kind, &kind.to_lowercase(), "", "")).concat());
    kinds.iter().for_each(|kind| stage.rolled_out(&format!("{kind}/{}", kind.to_lowercase())));

    let value = stage.run("restart-in-waves", &["--selector", "set=it", "--at-once", "67%"]).done();

    let wanted = kinds.map(|kind| format!("{kind}/{}/{}", stage.namespace, kind.to_lowercase()));
    assert_eq!(texts(&value["restarted"]), wanted);
    for kind in kinds {
        let object = format!("{kind}/{}", kind.to_lowercase());
        assert_ne!(restarted_at(&stage, &object), "");
        // Nothing is left to wait for.
        assert!(
            stage.kubectl(&["rollout", "status", &object, "--watch=false"]).contains("success")
                || stage.kubectl(&["rollout", "status", &object, "--watch=false"]).contains("complete")
        );
    }
}

#[test]
fn leaves_out_what_a_restart_would_not_replace_and_says_why() {
    let Some(stage) = Stage::new("left-out") else { return };
    stage.apply(
        &[
            workload("Deployment", "paused", "paused: true,", ""),
            workload("Deployment", "zero", "", "").replace("replicas: 2", "replicas: 0"),
            workload("StatefulSet", "by-hand", "updateStrategy: {type: OnDelete},", ""),
            workload("DaemonSet", "by-hand", "updateStrategy: {type: OnDelete},", ""),
            workload("StatefulSet", "kept", "updateStrategy: {rollingUpdate: {partition: 2}},", ""),
        ]
        .concat(),
    );

    let value = stage.run("restart-in-waves", &["--selector", "set=it"]).done();

    assert_eq!(texts(&value["restarted"]), [""; 0]);
    let skipped = value["skipped"].as_array().unwrap();
    let why = |name: &str| {
        let object = format!("{}/{}", stage.namespace, name);
        let found = skipped.iter().find(|one| one["workload"].as_str().unwrap().ends_with(&object));
        found.unwrap()["why"].as_str().unwrap().to_owned()
    };
    assert_eq!(why("paused"), "its rollout is paused");
    assert_eq!(why("zero"), "it is scaled to 0");
    assert!(why("by-hand").contains("OnDelete"));
    assert_eq!(why("kept"), "its partition 2 keeps all 2 replicas on their revision");
    assert_eq!(skipped.len(), 5);
    for object in ["deploy/paused", "deploy/zero", "sts/by-hand", "ds/by-hand", "sts/kept"] {
        assert_eq!(restarted_at(&stage, object), "", "{object}");
    }
}

#[test]
fn a_partition_restarts_the_pods_above_it_and_is_done_then() {
    let Some(stage) = Stage::new("partition") else { return };
    stage.apply(&workload("StatefulSet", "db", "updateStrategy: {rollingUpdate: {partition: 1}},", ""));
    stage.rolled_out("sts/db");
    let pods = ["pod/db-0", "pod/db-1"].map(|pod| stage.field(pod, ".metadata.uid"));

    stage.run("restart-in-waves", &["--selector", "app=db"]).done();

    assert_eq!(stage.field("pod/db-0", ".metadata.uid"), pods[0]);
    assert_ne!(stage.field("pod/db-1", ".metadata.uid"), pods[1]);
    let status = stage.evaluate(r#"import "std/workloads" as w; w::rollout_status(cluster, "StatefulSet/db")"#).done();
    assert_eq!(status["state"], "done");
    assert_eq!(status["why"], "2 of 2 replicas are ready; its partition keeps 1 on the old revision");
}

#[test]
fn stops_at_the_first_workload_that_does_not_come_back() {
    let Some(stage) = Stage::new("stops") else { return };
    stage.apply(
        &[
            workload("Deployment", "a-broken", "progressDeadlineSeconds: 1,", "controlplane.test/unready: 'true'"),
            workload("Deployment", "b-well", "", ""),
        ]
        .concat(),
    );
    stage.rolled_out("deploy/b-well");

    let said = stage.run("restart-in-waves", &["--selector", "set=it", "--wave-timeout", "30s"]).failed();

    assert!(said.contains("1 of 2 workloads did not come back from their restart"), "{said}");
    assert!(said.contains(&format!("Deployment/{}/a-broken", stage.namespace)), "{said}");
    assert!(said.contains("1 were not begun"), "{said}");
    assert_eq!(restarted_at(&stage, "deploy/b-well"), "");
}

#[test]
fn goes_on_after_a_failure_where_it_is_told_to() {
    let Some(stage) = Stage::new("goes-on") else { return };
    stage.apply(
        &[
            workload("Deployment", "a-broken", "progressDeadlineSeconds: 1,", "controlplane.test/unready: 'true'"),
            workload("Deployment", "b-well", "", ""),
        ]
        .concat(),
    );
    stage.rolled_out("deploy/b-well");

    let arguments = ["--selector", "set=it", "--wave-timeout", "30s", "--on-failure", "continue"];
    let said = stage.run("restart-in-waves", &arguments).failed();

    assert!(said.contains("1 of 2 workloads did not come back"), "{said}");
    assert_ne!(restarted_at(&stage, "deploy/b-well"), "");
}

#[test]
fn replicas_that_an_autoscaler_changes_meanwhile_are_waited_for() {
    let Some(stage) = Stage::new("autoscaled") else { return };
    stage.apply(&workload("Deployment", "web", "", "controlplane.test/ready-delay: 1s"));
    stage.rolled_out("deploy/web");

    let value = std::thread::scope(|scope| {
        let run = scope.spawn(|| stage.run("restart-in-waves", &["--selector", "app=web"]).done());
        while restarted_at(&stage, "deploy/web").is_empty() {}
        stage.kubectl(&["scale", "deploy/web", "--replicas=4"]);
        run.join().unwrap()
    });

    assert_eq!(value["restarted"].as_array().unwrap().len(), 1);
    assert_eq!(stage.field("deploy/web", ".status.updatedReplicas"), "4");
    assert_eq!(stage.field("deploy/web", ".status.availableReplicas"), "4");
}

#[test]
fn a_daemon_set_replaces_no_more_pods_at_once_than_it_allows() {
    let Some(stage) = Stage::new("daemons") else { return };
    let strategy = "updateStrategy: {rollingUpdate: {maxUnavailable: 1}},";
    stage.apply(&workload("DaemonSet", "agent", strategy, "controlplane.test/ready-delay: 200ms"));
    stage.rolled_out("ds/agent");

    let fewest = std::thread::scope(|scope| {
        let run = scope.spawn(|| stage.run("restart-in-waves", &["--selector", "app=agent"]).done());
        let mut fewest = u32::MAX;
        while !run.is_finished() {
            fewest = fewest
                .min(stage.field("ds/agent", ".status.numberUnavailable").parse().map_or(u32::MAX, |n: u32| 100 - n));
        }
        run.join().unwrap();
        fewest
    });

    assert!(fewest >= 99, "{} pods were unavailable at once", 100 - fewest);
    assert_eq!(
        stage.field("ds/agent", ".status.updatedNumberScheduled"),
        stage.field("ds/agent", ".status.desiredNumberScheduled")
    );
}

#[test]
fn a_workload_that_is_gone_meanwhile_does_not_keep_its_wave_from_restarting() {
    let Some(stage) = Stage::new("gone") else { return };
    stage.apply(&[workload("Deployment", "a-gone", "", ""), workload("Deployment", "b-well", "", "")].concat());
    stage.rolled_out("deploy/b-well");
    let script = r#"
        import "std/workloads" as w;
        let chosen = cluster.list("Deployment");
        cluster.delete("Deployment/a-gone");
        let account = ();
        try { w::restart_in_waves(cluster, chosen, #{ at_once: 2 }); } catch (err) { account = err.details; }
        account"#;

    let value = stage.evaluate(script).done();

    assert_eq!(texts(&value["restarted"]), [format!("Deployment/{}/b-well", stage.namespace)]);
    assert!(value["failed"][0]["workload"].as_str().unwrap().ends_with("/a-gone"), "{value}");
    assert_eq!(value["failed"].as_array().unwrap().len(), 1);
}

#[test]
fn an_interrupt_ends_the_run_within_two_seconds() {
    let Some(stage) = Stage::new("interrupted") else { return };
    stage.apply(&workload("Deployment", "web", "", "controlplane.test/unready: 'true'"));
    let mut run = stage.start("restart-in-waves", &["--selector", "app=web"]);
    while restarted_at(&stage, "deploy/web").is_empty() {}

    let pid = run.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    let asked = std::time::Instant::now();
    let code = run.wait().unwrap().code();

    assert_eq!(code, Some(130));
    assert!(asked.elapsed() < std::time::Duration::from_secs(2), "{:?}", asked.elapsed());
}

#[test]
fn warns_where_somebody_else_delivers_the_workload() {
    let Some(stage) = Stage::new("delivered") else { return };
    stage.apply(&workload("Deployment", "web", "", ""));
    stage.rolled_out("deploy/web");
    stage.kubectl(&["annotate", "deploy/web", "argocd.argoproj.io/tracking-id=shop:apps/Deployment:x/web"]);

    let value = stage.run("restart-in-waves", &["--selector", "app=web"]).done();

    assert!(texts(&value["warnings"])[0].contains("is delivered by Argo CD (shop)"), "{value}");
    assert_eq!(value["restarted"].as_array().unwrap().len(), 1);
}

#[test]
fn a_selection_of_nothing_is_an_error() {
    let Some(stage) = Stage::new("nothing") else { return };
    let said = stage.run("restart-in-waves", &["--selector", "app=nobody"]).failed();
    assert!(said.contains(&format!("no workload in namespace {} matches app=nobody", stage.namespace)), "{said}");
}

#[test]
fn the_help_names_the_params_of_the_runbook() {
    let Some(stage) = Stage::new("help") else { return };
    let output = stage.start("restart-in-waves", &["--selector", "app=web", "--help"]).wait_with_output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && help.contains("Restart workloads in waves"), "{help}");
    for flag in ["--selector", "--at-once", "--wave-timeout", "--on-failure"] {
        assert!(help.contains(flag), "{flag}: {help}");
    }
}

#[test]
fn refuses_to_scale_what_an_autoscaler_scales() {
    let Some(stage) = Stage::new("scaled") else { return };
    stage.apply(&workload("Deployment", "web", "", ""));
    stage.apply(
        "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: web}, spec: {minReplicas: 2, maxReplicas: 5, \
         scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}}",
    );
    let scale =
        |n: u32| stage.evaluate(&format!(r#"import "std/workloads" as w; w::scale(cluster, "Deployment/web", {n});"#));

    let said = scale(4).failed();
    assert!(said.contains("is scaled by HorizontalPodAutoscaler web") && said.contains("2 to 5 replicas"), "{said}");
    assert_eq!(stage.field("deploy/web", ".spec.replicas"), "2");
    // At 0 the autoscaler is off.
    scale(0).done();
    assert_eq!(stage.field("deploy/web", ".spec.replicas"), "0");
}
