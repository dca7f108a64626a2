//! Evictions of many pods under disruption budgets.

use super::{Place, bare_pod, budget, deployment, target, template};
use crate::support::controlplane::{ControlPlane, Options};
use rutter::cluster::Context;
use rutter::cluster::evictions::{Account, EvictionsError, EvictionsOptions, OnBlocked};
use rutter::cluster::read::{Change, WatchOptions};
use rutter::cluster::wait::{Condition, WaitOptions};
use rutter::diag::{Explain, codes};
use rutter::object::{KindQuery, meta, pod};
use rutter::value::Node;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::time::Duration;

fn options(on_blocked: OnBlocked, seconds: u64) -> EvictionsOptions {
    let mut options = EvictionsOptions::default();
    (options.on_blocked, options.timeout) = (on_blocked, Duration::from_secs(seconds));
    options
}

impl Place {
    async fn ready(&self, api_version: &str, kind: &str, name: &str) {
        let reference = self.reference(api_version, kind, name);
        let mut wait = WaitOptions::default();
        wait.timeout = Duration::from_secs(30);
        self.target.wait(&self.run, &reference, &Condition::Ready, &wait).await.unwrap();
    }

    async fn budget_observed(&self, name: &str) {
        let condition = Condition::parse("jsonpath={.status.observedGeneration}").unwrap();
        let reference = self.reference("policy/v1", "PodDisruptionBudget", name);
        self.target.wait(&self.run, &reference, &condition, &WaitOptions::default()).await.unwrap();
        // Counts of pods come a moment after the generation.
        let condition = Condition::parse("condition=DisruptionAllowed").unwrap();
        let mut soon = WaitOptions::default();
        soon.timeout = Duration::from_secs(2);
        let _ = self.target.wait(&self.run, &reference, &condition, &soon).await;
    }

    async fn evict_all(&self, options: &EvictionsOptions) -> Result<Account, EvictionsError> {
        self.target.evict_all(&self.run, &self.pods().await, options).await
    }

    /// The least number of ready pods that anyone could see while `work` was done.
    async fn least_ready<T>(&self, work: impl Future<Output = T>) -> (T, usize) {
        let kind = KindQuery::parse("v1/Pod").unwrap();
        let mut watch = self.target.watch(&self.run, &kind, &WatchOptions::default()).await.unwrap();
        while watch.next().await.unwrap() != Change::Synced {}
        let mut least = usize::MAX;
        tokio::pin!(work);
        loop {
            least = least.min(watch.known().values().filter(|pod| pod::is_ready(pod)).count());
            tokio::select! {
                done = &mut work => return (done, least),
                change = watch.next() => { change.unwrap(); }
            }
        }
    }
}

fn uids(pods: &[Node]) -> HashSet<String> {
    pods.iter().filter_map(|pod| meta::uid(pod)).map(str::to_owned).collect()
}

#[tokio::test]
async fn evicts_all_pods_and_never_takes_more_than_the_budget_allows() {
    let Some(place) = Place::new("evict-budget") else { return };
    let slow = json!({"controlplane.test/ready-delay": "500ms"});
    place.apply(&[deployment("web", 8, &slow), budget("web", "web", "minAvailable", 6)]);
    place.ready("apps/v1", "Deployment", "web").await;
    place.budget_observed("web").await;
    let before = uids(&place.pods().await);
    let (account, least) = place.least_ready(place.evict_all(&options(OnBlocked::Fail, 60))).await;
    let account = account.unwrap();
    assert_eq!(account.summary(), "8 evicted");
    assert!(least >= 6, "{least} ready");
    assert!(account.requests <= 10, "{} requests", account.requests);
    assert!(uids(&place.pods().await).is_disjoint(&before));
}

#[tokio::test]
async fn a_budget_that_can_never_be_met_is_told_before_anything_is_evicted() {
    let Some(place) = Place::new("evict-never") else { return };
    place.apply(&[
        deployment("web", 2, &json!({})),
        deployment("api", 2, &json!({})),
        deployment("free", 2, &json!({})),
        budget("web", "web", "minAvailable", 2),
        budget("api", "api", "maxUnavailable", 0),
    ]);
    for name in ["web", "api", "free"] {
        place.ready("apps/v1", "Deployment", name).await;
    }
    place.budget_observed("web").await;
    let before = place.pods().await;
    let error = place.evict_all(&options(OnBlocked::Fail, 60)).await.unwrap_err();
    assert_eq!(error.code(), codes::EVICTION_BLOCKED);
    assert_eq!(error.to_string(), "4 of 6 pods cannot be evicted as things are; none was");
    let notes = error.notes().join("\n");
    assert!(notes.contains("needs 2 healthy pods of 2"), "{notes}");
    assert!(notes.contains("allows no pod to be unavailable"), "{notes}");
    assert_eq!(uids(&place.pods().await), uids(&before));

    let forecast = place.target.forecast_evictions(&place.run, &before).await.unwrap();
    assert_eq!((forecast.total, forecast.now, forecast.blocked.len()), (6, 2, 2));

    let account = place.evict_all(&options(OnBlocked::Skip, 60)).await.unwrap();
    assert_eq!(account.summary(), "2 evicted, 4 skipped");
}

#[tokio::test]
async fn waits_for_a_budget_that_someone_loosens() {
    let Some(place) = Place::new("evict-loosened") else { return };
    place.apply(&[deployment("web", 2, &json!({})), budget("web", "web", "maxUnavailable", 0)]);
    place.ready("apps/v1", "Deployment", "web").await;
    place.budget_observed("web").await;
    let blocked = place.evict_all(&options(OnBlocked::Wait, 1)).await.unwrap_err();
    assert_eq!(blocked.code(), codes::EVICTION_INCOMPLETE);
    assert!(blocked.to_string().starts_with("2 of 2 pods are still there: 2 timed out"), "{blocked}");
    assert!(blocked.notes()[0].contains("(0 allowed, 2 pods healthy, 2 needed)"), "{:?}", blocked.notes());
    let waiting = options(OnBlocked::Wait, 30);
    let loosen = async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        place.kubectl(&["patch", "pdb", "web", "--type=merge", "-p", r#"{"spec":{"maxUnavailable":1}}"#]);
    };
    let (account, ()) = tokio::join!(place.evict_all(&waiting), loosen);
    assert_eq!(account.unwrap().summary(), "2 evicted");
}

#[tokio::test]
async fn more_than_one_budget_on_a_pod_is_more_than_the_server_can_do() {
    let Some(place) = Place::new("evict-two") else { return };
    place.apply(&[
        deployment("web", 3, &json!({})),
        budget("one", "web", "maxUnavailable", 2),
        budget("two", "web", "maxUnavailable", 2),
    ]);
    place.ready("apps/v1", "Deployment", "web").await;
    place.budget_observed("one").await;
    place.budget_observed("two").await;
    let error = place.evict_all(&options(OnBlocked::Fail, 20)).await.unwrap_err();
    assert_eq!(error.code(), codes::EVICTION_BLOCKED);
    assert!(error.notes()[0].contains("2 budgets guard it"), "{:?}", error.notes());
    place.kubectl(&["delete", "pdb", "two"]);
    assert_eq!(place.evict_all(&options(OnBlocked::Fail, 30)).await.unwrap().summary(), "3 evicted");
}

#[tokio::test]
async fn tells_the_classes_of_pods_apart() {
    let Some(place) = Place::new("evict-classes") else { return };
    let daemons = json!({
        "apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "agent"},
        "spec": {"selector": {"matchLabels": {"app": "agent"}}, "template": template("agent", &json!({}))},
    });
    let mut ended = bare_pod("ended", &json!({"controlplane.test/exit-code": "1"}));
    ended["spec"]["restartPolicy"] = "Never".into();
    place.apply(&[
        daemons,
        ended,
        bare_pod("alone", &json!({})),
        bare_pod("leaving", &json!({"controlplane.test/delete": "graceful"})),
    ]);
    place.ready("apps/v1", "DaemonSet", "agent").await;
    place.ready("v1", "Pod", "alone").await;
    place.ready("v1", "Pod", "leaving").await;
    let failed = Condition::parse("jsonpath={.status.phase}=Failed").unwrap();
    let ended = place.reference("v1", "Pod", "ended");
    place.target.wait(&place.run, &ended, &failed, &WaitOptions::default()).await.unwrap();
    place.kubectl(&["delete", "pod", "leaving", "--wait=false", "--grace-period=2"]);
    let account = place.evict_all(&options(OnBlocked::Fail, 30)).await.unwrap();
    let fate = |name: &str| account.entries.iter().find(|entry| entry.pod.name.as_str() == name).unwrap().fate.word();
    assert_eq!((fate("ended"), fate("alone"), fate("leaving")), ("evicted", "evicted", "gone"));
    assert_eq!(account.count("skipped"), account.entries.len() - 3, "{}", account.summary());
    assert_eq!(account.requests, 2);
}

#[tokio::test]
async fn a_pod_that_does_not_end_is_told_with_the_time_it_had() {
    let Some(place) = Place::new("evict-stuck") else { return };
    place.apply(&[bare_pod("stuck", &json!({"controlplane.test/delete": "never"})), bare_pod("fine", &json!({}))]);
    place.ready("v1", "Pod", "stuck").await;
    place.ready("v1", "Pod", "fine").await;
    let error = place.evict_all(&options(OnBlocked::Fail, 3)).await.unwrap_err();
    let EvictionsError::Incomplete { account, .. } = &error else { panic!("{error}") };
    assert_eq!(account.summary(), "1 evicted, 1 timed out");
    assert!(error.notes()[0].contains("is still terminating"), "{:?}", error.notes());
    place.kubectl(&["delete", "pod", "stuck", "--grace-period=0", "--force"]);
}

fn stateful_set(replicas: u32) -> Value {
    json!({
        "apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "db"},
        "spec": {
            "replicas": replicas, "serviceName": "db", "podManagementPolicy": "Parallel",
            "selector": {"matchLabels": {"app": "db"}}, "template": template("db", &json!({})),
        },
    })
}

#[tokio::test]
async fn a_stateful_pod_that_comes_back_under_its_name_is_done() {
    let Some(place) = Place::new("evict-stateful") else { return };
    place.apply(&[stateful_set(3), budget("db", "db", "maxUnavailable", 1)]);
    place.ready("apps/v1", "StatefulSet", "db").await;
    place.budget_observed("db").await;
    let before = place.pods().await;
    let account = place.evict_all(&options(OnBlocked::Fail, 30)).await.unwrap();
    assert_eq!(account.summary(), "3 evicted");
    assert!(account.requests <= 4, "{} requests", account.requests);
    // The old pods are given once more: others have their names now, and are left alone.
    let again = place.target.evict_all(&place.run, &before, &options(OnBlocked::Fail, 30)).await.unwrap();
    assert_eq!((again.summary().as_str(), again.requests), ("3 gone", 0));
}

#[tokio::test]
async fn pods_that_are_not_ready_go_where_the_budget_says_so() {
    let Some(place) = Place::new("evict-unready") else { return };
    let mut always = budget("web", "web", "minAvailable", 2);
    always["spec"]["unhealthyPodEvictionPolicy"] = "AlwaysAllow".into();
    let unready = json!({"controlplane.test/unready": "true"});
    place.apply(&[
        deployment("web", 2, &unready),
        always,
        deployment("api", 2, &unready),
        budget("api", "api", "minAvailable", 1),
    ]);
    for app in ["web", "api"] {
        let running = Condition::parse("jsonpath={.status.unavailableReplicas}=2").unwrap();
        let reference = place.reference("apps/v1", "Deployment", app);
        place.target.wait(&place.run, &reference, &running, &WaitOptions::default()).await.unwrap();
    }
    place.kubectl(&["wait", "pod", "--all", "--for=jsonpath={.status.phase}=Running", "--timeout=20s"]);
    place.budget_observed("web").await;
    let error = place.evict_all(&options(OnBlocked::Wait, 3)).await.unwrap_err();
    let EvictionsError::Incomplete { account, .. } = &error else { panic!("{error}") };
    assert_eq!(account.summary(), "2 evicted, 2 timed out", "{:?}", error.notes());
    assert_eq!(account.requests, 2, "what the budget of api says is known without asking");
}

#[tokio::test(flavor = "multi_thread")]
async fn goes_on_where_it_was_when_the_api_server_comes_back() {
    let Some(mut cluster) = ControlPlane::private(&Options { nodes: 4, ..Options::default() }) else { return };
    let namespace = cluster.namespace("evict-outage");
    let slow = json!({"controlplane.test/ready-delay": "1s"});
    let objects = json!({"apiVersion": "v1", "kind": "List", "items": [
        deployment("web", 6, &slow), budget("web", "web", "maxUnavailable", 2),
    ]});
    cluster.kubectl_with(&["-n", &namespace, "apply", "-f", "-"], &objects.to_string());
    cluster.kubectl(&["-n", &namespace, "rollout", "status", "deployment/web", "--timeout=60s"]);
    let (target, run) = (target(&cluster, &namespace), Context::default());
    let kind = KindQuery::parse("v1/Pod").unwrap();
    let pods = target.list(&run, &kind, &Default::default()).await.unwrap().items;
    let waiting = tokio::spawn({
        let (target, run) = (target.clone(), run.clone());
        async move { target.evict_all(&run, &pods, &options(OnBlocked::Wait, 90)).await }
    });
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    let cluster = tokio::task::spawn_blocking(move || {
        cluster.restart("kube-apiserver");
        cluster
    })
    .await
    .unwrap();
    let account = waiting.await.unwrap().unwrap();
    assert_eq!((account.entries.len(), account.leftovers().count()), (6, 0), "{}", account.summary());
    assert_eq!(account.count("evicted"), 6, "{}", account.summary());
    drop(cluster);
}
