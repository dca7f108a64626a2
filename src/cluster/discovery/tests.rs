//! Discovery above a scripted server: both protocols, names, broken APIs, and kinds that appear.

use crate::cluster::scripted::{CORE, GROUPS, Reply, Scripted};
use crate::cluster::{Context, Error, Result};
use crate::diag::{Explain, codes};
use crate::journal::{Event, Memory};
use crate::object::KindQuery;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// `/apis` of a cluster with one kind more.
const GADGETS: &str = r#"{"kind":"APIGroupDiscoveryList","items":[{"metadata":{"name":"new.example.com"},"versions":[{"version":"v1","resources":[{"resource":"gadgets","responseKind":{"kind":"Gadget"},"scope":"Namespaced","singularResource":"gadget","verbs":["get"]}]}]}]}"#;

async fn resolve(server: &Scripted, kind: &str) -> Result<String> {
    let resource = server.target().resolve(&Context::default(), &KindQuery::parse(kind).unwrap()).await?;
    Ok(format!("{} {} {}", resource.api_version(), resource.kind, resource.plural))
}

#[tokio::test]
async fn finds_a_kind_by_every_name_it_has() {
    let server = Scripted::with_kinds();
    for name in [
        "Deployment",
        "deployment",
        "deployments",
        "deploy",
        "DEPLOYMENTS",
        "deployments.apps",
        "apps/v1/Deployment",
        "deployments.v1.apps",
    ] {
        assert_eq!(resolve(&server, name).await.unwrap(), "apps/v1 Deployment deployments", "{name}");
    }
    for name in ["Pod", "pods", "po", "v1/Pod"] {
        assert_eq!(resolve(&server, name).await.unwrap(), "v1 Pod pods", "{name}");
    }
}

#[tokio::test]
async fn a_name_of_kubernetes_itself_means_its_own_kind() {
    let server = Scripted::with_kinds();
    assert_eq!(resolve(&server, "events").await.unwrap(), "v1 Event events");
    assert_eq!(resolve(&server, "service").await.unwrap(), "v1 Service services");
    assert_eq!(
        resolve(&server, "Service.serving.knative.dev").await.unwrap(),
        "serving.knative.dev/v1 Service services"
    );
    assert_eq!(resolve(&server, "kservice").await.unwrap(), "serving.knative.dev/v1 Service services");
    assert_eq!(resolve(&server, "events.events.k8s.io").await.unwrap(), "events.k8s.io/v1 Event events");
}

#[tokio::test]
async fn a_name_that_only_others_share_is_not_guessed() {
    let server = Scripted::with_kinds();
    let error = resolve(&server, "widget").await.unwrap_err();
    assert_eq!(error.code(), codes::AMBIGUOUS_KIND);
    assert_eq!(error.hint().as_deref(), Some("say which: `widgets.a.example.com`, `widgets.b.example.com`"));
    assert_eq!(resolve(&server, "widget.a.example.com").await.unwrap(), "a.example.com/v2 Widget widgets");
    assert_eq!(resolve(&server, "a.example.com/v1/Widget").await.unwrap(), "a.example.com/v1 Widget widgets");
}

#[tokio::test]
async fn an_unknown_name_is_answered_with_the_most_similar_one() {
    let server = Scripted::with_kinds();
    let error = resolve(&server, "Deploymnet").await.unwrap_err();
    assert_eq!(error.to_string(), "no kind `Deploymnet` in cluster test");
    assert_eq!(error.hint().as_deref(), Some("did you mean `Deployment` (apps/v1)?"));
    let error = resolve(&server, "extensions/v1beta1/Deployment").await.unwrap_err();
    assert_eq!(error.hint().as_deref(), Some("did you mean `Deployment` (apps/v1)?"));
}

#[tokio::test]
async fn an_api_whose_server_is_away_is_a_warning() {
    let journal = Arc::new(Memory::default());
    let run = Context::new(journal.clone());
    let server = Scripted::with_kinds();
    server.target().kinds(&run).await.unwrap();
    let events = journal.events();
    assert!(
        matches!(&events[..], [Event::Warning { text, .. }] if text.contains("metrics.k8s.io/v1beta1")),
        "{events:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_kind_that_appears_is_found_but_the_server_is_not_asked_all_the_time() {
    let server = Scripted::new()
        .always("GET /api", Reply::json(200, CORE))
        .on("GET /apis", Reply::json(200, GROUPS))
        .on("GET /apis", Reply::json(200, GADGETS));
    let (target, run) = (server.target(), Context::default());
    let gadget = KindQuery::parse("Gadget").unwrap();
    for _ in 0..3 {
        assert!(matches!(target.resolve(&run, &gadget).await, Err(Error::UnknownKind { .. })));
    }
    tokio::time::advance(Duration::from_secs(6)).await;
    assert_eq!(&*target.resolve(&run, &gadget).await.unwrap().plural, "gadgets");
    assert_eq!(server.all_lines().iter().filter(|line| *line == "GET /apis").count(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_server_without_aggregated_discovery_is_read_group_by_group() {
    let groups = r#"{"kind":"APIGroupList","groups":[
        {"name":"apps","versions":[{"groupVersion":"apps/v1beta1","version":"v1beta1"},{"groupVersion":"apps/v1","version":"v1"}],"preferredVersion":{"groupVersion":"apps/v1","version":"v1"}},
        {"name":"metrics.k8s.io","versions":[{"groupVersion":"metrics.k8s.io/v1beta1","version":"v1beta1"}]}]}"#;
    let core = r#"{"kind":"APIResourceList","groupVersion":"v1","resources":[{"name":"pods/log","namespaced":true,"kind":"Pod","verbs":["get"]},{"name":"pods","singularName":"pod","namespaced":true,"kind":"Pod","verbs":["get","list"],"shortNames":["po"]}]}"#;
    let apps = |version: &str| {
        format!(
            r#"{{"kind":"APIResourceList","groupVersion":"apps/{version}","resources":[{{"name":"deployments","namespaced":true,"kind":"Deployment","verbs":["get"]}}]}}"#
        )
    };
    let server = Scripted::new()
        .always("GET /api", Reply::json(200, r#"{"kind":"APIVersions","versions":["v1"]}"#))
        .always("GET /apis", Reply::json(200, groups))
        .always("GET /api/v1", Reply::json(200, core))
        .always("GET /apis/apps/v1", Reply::json(200, apps("v1")))
        .always("GET /apis/apps/v1beta1", Reply::json(200, apps("v1beta1")))
        .always("GET /apis/metrics.k8s.io/v1beta1", Reply::json(503, "service unavailable"));
    let journal = Arc::new(Memory::default());
    let (target, run) = (server.target(), Context::new(journal.clone()));
    let pod = target.resolve(&run, &KindQuery::parse("po").unwrap()).await.unwrap();
    assert!(pod.subresource("log").is_some() && pod.namespaced);
    assert_eq!(resolve(&server, "deployment").await.unwrap(), "apps/v1 Deployment deployments");
    let warned = journal
        .events()
        .into_iter()
        .any(|event| matches!(event, Event::Warning { text, .. } if text.contains("metrics")));
    assert!(warned);
}

#[tokio::test]
async fn an_answer_that_is_no_discovery_is_malformed() {
    for body in ["<html>", "{}", r#"{"kind":"Status"}"#] {
        let server =
            Scripted::new().always("GET /api", Reply::json(200, body)).always("GET /apis", Reply::json(200, body));
        assert_eq!(resolve(&server, "Pod").await.unwrap_err().code(), codes::MALFORMED_RESPONSE, "{body}");
    }
}

#[tokio::test]
async fn a_server_that_names_no_kinds_cannot_be_used() {
    let none = Reply::json(200, r#"{"kind":"APIGroupDiscoveryList","items":[]}"#);
    let server = Scripted::new().always("GET /api", none.clone()).always("GET /apis", none);
    let error = resolve(&server, "Pod").await.unwrap_err();
    assert_eq!(error.code(), codes::DISCOVERY);
    assert_eq!(error.to_string(), "cannot read the kinds of cluster test: the server names no kinds");
}

#[tokio::test(start_paused = true)]
async fn a_kind_that_was_made_a_moment_ago_is_known() {
    let server = Scripted::new()
        .always("GET /api", Reply::json(200, CORE))
        .on("GET /apis", Reply::json(200, GROUPS))
        .always("GET /apis", Reply::json(200, GADGETS));
    let (target, run) = (server.target(), Context::default());
    target.resolve(&run, &KindQuery::parse("Pod").unwrap()).await.unwrap();
    tokio::time::advance(Duration::from_millis(1)).await;
    let gadget = target.resolve(&run, &KindQuery::parse("Gadget").unwrap()).await.unwrap();
    assert_eq!(&*gadget.plural, "gadgets");
}

#[tokio::test(start_paused = true)]
async fn names_that_are_not_known_share_a_reading_or_wait_for_the_next_one() {
    let server = Scripted::with_kinds();
    let (target, run) = (server.target(), Context::default());
    let readings = || server.all_lines().iter().filter(|line| *line == "GET /apis").count();
    target.kinds(&run).await.unwrap();
    tokio::time::advance(Duration::from_secs(1)).await;
    let (gadget, pod) = (KindQuery::parse("Gadget").unwrap(), KindQuery::parse("Pod").unwrap());
    let misses = futures_util::future::join_all((0..50).map(|_| target.resolve(&run, &gadget))).await;
    assert!(misses.iter().all(Result::is_err));
    assert_eq!(readings(), 2);
    let started = Instant::now();
    let repeated = async {
        for _ in 0..20 {
            tokio::time::sleep(Duration::from_millis(1)).await;
            target.resolve(&run, &gadget).await.unwrap_err();
        }
    };
    let known = async {
        tokio::time::sleep(Duration::from_millis(10)).await;
        target.resolve(&run, &pod).await.unwrap();
        started.elapsed()
    };
    let ((), known) = tokio::join!(repeated, known);
    assert_eq!(readings(), 22);
    assert!(started.elapsed() >= Duration::from_secs(2), "{:?}", started.elapsed());
    assert!(known < Duration::from_millis(50), "a kind that is known waits for nobody: {known:?}");
}
