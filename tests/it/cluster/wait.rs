//! Waits, and what they say when they come to nothing.

use super::{Place, bare_pod, deployment};
use rutter::cluster::wait::{Condition, WaitError, WaitOptions};
use rutter::diag::{Explain, codes};
use rutter::object::{ObjectRef, meta};
use rutter::value::Node;
use serde_json::json;
use std::time::{Duration, Instant};

fn within(seconds: u64) -> WaitOptions {
    let mut options = WaitOptions::default();
    options.timeout = Duration::from_secs(seconds);
    options
}

impl Place {
    async fn wait(&self, reference: &ObjectRef, condition: &str, seconds: u64) -> Result<Option<Node>, WaitError> {
        let condition = Condition::parse(condition).unwrap();
        self.target.wait(&self.run, reference, &condition, &within(seconds)).await
    }
}

#[tokio::test]
async fn a_deployment_is_ready_when_its_pods_are() {
    let Some(place) = Place::new("wait-ready") else { return };
    let web = place.reference("apps/v1", "Deployment", "web");
    let missing = place.wait(&web, "exists", 1).await.unwrap_err();
    assert!(missing.to_string().ends_with("/web did not exist after 1s: it does not exist"), "{missing}");
    place.apply(&[deployment("web", 2, &json!({"controlplane.test/ready-delay": "1s"}))]);
    for condition in ["ready", "condition=Available", "jsonpath={.status.readyReplicas}=2", "exists"] {
        let ready = place.wait(&web, condition, 15).await.unwrap().unwrap();
        assert_eq!(meta::name(&ready), Some("web"), "{condition}");
    }
}

#[tokio::test]
async fn says_which_pod_keeps_a_deployment_from_being_ready() {
    let Some(place) = Place::new("wait-image") else { return };
    place.apply(&[deployment("web", 2, &json!({"controlplane.test/waiting": "ImagePullBackOff"}))]);
    let web = place.reference("apps/v1", "Deployment", "web");
    let error = place.wait(&web, "condition=Available", 3).await.unwrap_err();
    assert_eq!(error.code(), codes::NOT_READY);
    let (text, notes) = (error.to_string(), error.notes());
    assert!(text.contains("did not reach condition=Available after 3s: False (MinimumReplicasUnavailable)"), "{text}");
    assert!(notes[0].starts_with("waiting for: condition=Available, last seen "), "{notes:?}");
    let because = notes.iter().find(|note| note.starts_with("because: ")).unwrap_or_else(|| panic!("{notes:?}"));
    assert!(because.contains("/web-") && because.contains("container app: ImagePullBackOff"), "{because}");
    assert!(because.ends_with("; one other pod is no better off"), "{because}");
    assert!(error.hint().unwrap().contains("registry.example/app:1"));
}

#[tokio::test]
async fn says_why_a_pod_cannot_be_scheduled() {
    let Some(place) = Place::new("wait-node") else { return };
    let mut pod = bare_pod("big", &json!({}));
    pod["spec"]["nodeSelector"] = json!({"test/none": "such"});
    place.apply(&[pod]);
    let error = place.wait(&place.reference("v1", "Pod", "big"), "ready", 3).await.unwrap_err();
    let notes = error.notes();
    assert!(notes.iter().any(|note| note.contains("cannot be scheduled: 0/")), "{error}: {notes:#?}");
    assert!(notes.iter().any(|note| note.contains("FailedScheduling")), "{error}: {notes:#?}");
}

#[tokio::test]
async fn a_failed_job_ends_the_wait_at_once() {
    let Some(place) = Place::new("wait-job") else { return };
    let mut template = super::template("import", &json!({"controlplane.test/exit-code": "3"}));
    template["spec"]["restartPolicy"] = "Never".into();
    let spec = json!({"backoffLimit": 0, "template": template});
    place.apply(&[json!({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "import"}, "spec": spec})]);
    let started = Instant::now();
    let error = place.wait(&place.reference("batch/v1", "Job", "import"), "condition=Complete", 60).await.unwrap_err();
    assert_eq!(error.code(), codes::WAIT_FAILED, "{error}");
    assert!(started.elapsed() < Duration::from_secs(30));
    let notes = error.notes();
    assert!(notes.iter().any(|note| note.contains("exit code 3")), "{error}: {notes:#?}");
}

#[tokio::test]
async fn deleted_means_this_very_object() {
    let Some(place) = Place::new("wait-gone") else { return };
    place.apply(&[deployment("web", 1, &json!({})), bare_pod("stays", &json!({"controlplane.test/delete": "never"}))]);
    let web = place.reference("apps/v1", "Deployment", "web");
    let first = place.wait(&web, "ready", 15).await.unwrap().unwrap();
    let first = ObjectRef::of(&first).unwrap();
    place.kubectl(&["delete", "deployment", "web"]);
    place.apply(&[deployment("web", 1, &json!({}))]);
    assert!(place.wait(&first, "deleted", 10).await.unwrap().is_none());
    let error = place.wait(&first, "ready", 10).await.unwrap_err();
    assert_eq!(error.code(), codes::WAIT_FAILED, "{error}");

    let stays = place.reference("v1", "Pod", "stays");
    let error = place.wait(&stays, "deleted", 1).await.unwrap_err();
    assert!(error.to_string().ends_with("nobody has asked for its deletion"), "{error}");
    place.wait(&stays, "ready", 10).await.unwrap();
    place.kubectl(&["delete", "pod", "stays", "--wait=false"]);
    let error = place.wait(&stays, "deleted", 1).await.unwrap_err();
    assert!(error.to_string().ends_with("it is being deleted"), "{error}");
    place.kubectl(&["delete", "pod", "stays", "--grace-period=0", "--force"]);
    place.wait(&stays, "deleted", 10).await.unwrap();
}

#[tokio::test]
async fn ready_has_to_hold_for_as_long_as_was_said() {
    let Some(place) = Place::new("wait-stable") else { return };
    place.apply(&[deployment("web", 1, &json!({}))]);
    let mut options = within(20);
    options.stable_for = Duration::from_secs(2);
    let (web, started) = (place.reference("apps/v1", "Deployment", "web"), Instant::now());
    place.target.wait(&place.run, &web, &Condition::Ready, &options).await.unwrap();
    assert!(started.elapsed() >= Duration::from_secs(2));
}

#[test]
fn a_condition_may_ask_the_cluster_that_waits() {
    let Some(stage) = super::stage::Stage::new("wait-asks") else { return };
    let script = r#"
        let settings = cluster.create(#{ apiVersion: "v1", kind: "ConfigMap", metadata: #{ name: "a" }, data: #{ k: "1" } });
        cluster.wait(settings, |now| cluster.get("ConfigMap", now.name).data.k == "1", #{ timeout: "20s" });
        cluster.list("ConfigMap").filter(|item| cluster.get("ConfigMap", item.name).name == "a").len()
    "#;
    assert_eq!(stage.evaluate(script).done(), 1);
}
