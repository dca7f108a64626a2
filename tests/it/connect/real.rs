//! The transport against a real API server: every kind of credential it takes, upgrades, restarts, and the fault proxy.

use super::*;
use crate::support::controlplane::{ControlPlane, Options};
use crate::support::fault_proxy::{Fault, FaultProxy, Rule};
use k8s_openapi::api::core::v1::Pod;
use kube::Api;
use kube::api::AttachParams;
use std::path::Path;
use tokio::io::AsyncReadExt;

fn transport(kubeconfig: &Path, overrides: &Overrides) -> Transport {
    let world = Arc::new(SystemWorld::new());
    let kubeconfig = Kubeconfig::load(&*world, Some(kubeconfig)).unwrap();
    let connection = Connection::from_kubeconfig(&kubeconfig, overrides, &ConnectPolicy::default()).unwrap();
    connection.transport(world).unwrap()
}

const WHO: &str = "/apis/authentication.k8s.io/v1/selfsubjectreviews";

/// The user name that the API server knows us by.
async fn who(transport: &Transport) -> String {
    let body = br#"{"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"}"#;
    let request = http::Request::post(WHO).header("content-type", "application/json");
    let answer = transport.clone().oneshot(request.body(Body::from(body.to_vec())).unwrap()).await.unwrap();
    let status = answer.status();
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    let review: Value = serde_json::from_slice(&body).unwrap();
    review["status"]["userInfo"]["username"].as_str().map_or(status.to_string(), str::to_owned)
}

#[tokio::test]
async fn is_known_by_certificate_token_and_impersonation() {
    let Some(cluster) = ControlPlane::shared() else { return };
    let none = Overrides::default();
    let admin = who(&transport(&cluster.kubeconfig(), &none)).await;
    assert_eq!(who(&transport(&cluster.file("admin-files.kubeconfig"), &none)).await, admin);
    assert_eq!(who(&transport(&cluster.file("reader.kubeconfig"), &none)).await, "reader");
    let mut eve = Overrides::default();
    (eve.act_as, eve.act_as_groups) = (Some("eve".to_owned()), vec!["system:masters".to_owned()]);
    assert_eq!(who(&transport(&cluster.kubeconfig(), &eve)).await, "eve");
}

#[tokio::test]
async fn takes_a_fresh_service_account_token_when_the_old_one_is_refused() {
    let Some(cluster) = ControlPlane::shared() else { return };
    let namespace = cluster.namespace("rotating");
    cluster.kubectl(&["-n", &namespace, "create", "serviceaccount", "one"]);
    cluster.kubectl(&["-n", &namespace, "create", "serviceaccount", "two"]);
    let token = |name| cluster.kubectl(&["-n", &namespace, "create", "token", name]);
    let dir = TempDir::new();
    let file = dir.file("token", token("one"));
    let admin = std::fs::read_to_string(cluster.kubeconfig()).unwrap();
    let admin: Value = serde_yaml::from_str(&admin).unwrap();
    let mut config = Config::plain(cluster.server()).user(json!({ "tokenFile": file }));
    config.cluster = admin["clusters"][0]["cluster"].clone();
    let transport = config.transport();
    assert_eq!(who(&transport).await, format!("system:serviceaccount:{namespace}:one"));
    dir.file("token", token("two"));
    cluster.kubectl(&["-n", &namespace, "delete", "serviceaccount", "one"]);
    // The API server forgets a token that it has seen within ten seconds; until then the old account may still be known.
    for _ in 0..30 {
        if who(&transport).await == format!("system:serviceaccount:{namespace}:two") {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    }
    panic!("the new token was never sent");
}

#[tokio::test]
async fn carries_upgraded_connections() {
    let options = Options { nodes: 1, arguments: vec!["--pod-exec".to_owned()], ..Options::default() };
    let Some(cluster) = ControlPlane::private(&options) else { return };
    let namespace = cluster.namespace("exec");
    cluster.kubectl(&["-n", &namespace, "run", "a", "--image=a"]);
    cluster.kubectl(&["-n", &namespace, "wait", "--for=condition=Ready", "--timeout=20s", "pod/a"]);
    let client = kube::Client::new(transport(&cluster.kubeconfig(), &Overrides::default()), &namespace);
    let pods: Api<Pod> = Api::namespaced(client, &namespace);
    let options = AttachParams::default().stderr(false);
    let mut process = pods.exec("a", ["/bin/echo", "hello"], &options).await.unwrap();
    let mut text = String::new();
    process.stdout().unwrap().read_to_string(&mut text).await.unwrap();
    assert_eq!(text, "hello\n");
}

#[tokio::test]
async fn reaches_an_api_server_that_was_restarted() {
    let options = Options { arguments: vec!["--no-kwok".to_owned()], ..Options::default() };
    let Some(mut cluster) = ControlPlane::private(&options) else { return };
    let transport = transport(&cluster.kubeconfig(), &Overrides::default());
    assert_eq!(get(&transport, "/readyz").await.unwrap(), (200, "ok".to_owned()));
    cluster.stop("kube-apiserver");
    let error = get(&transport, "/readyz").await.unwrap_err();
    assert!(matches!(error.stage, Stage::Connect | Stage::Sent), "{error:?}");
    assert_eq!(get(&transport, "/readyz").await.unwrap_err().stage, Stage::Connect);
    cluster.start("kube-apiserver");
    assert_eq!(get(&transport, "/readyz").await.unwrap(), (200, "ok".to_owned()));
}

#[tokio::test]
async fn kubectl_and_rutter_reach_a_real_server_through_the_fault_proxy() {
    let Some(cluster) = ControlPlane::shared() else { return };
    let proxy = FaultProxy::start(&cluster.kubeconfig());
    let kubeconfig = proxy.kubeconfig();
    let through = |arguments: &[&str]| {
        let kubeconfig = format!("--kubeconfig={}", kubeconfig.display());
        cluster.try_kubectl(&[&[kubeconfig.as_str()], arguments].concat())
    };
    assert!(through(&["get", "nodes"]).status.success());
    let transport = transport(&kubeconfig, &Overrides::default());
    assert_eq!(get(&transport, "/api/v1/nodes?limit=1").await.unwrap().0, 200);
    proxy.inject(Rule::on("/api/v1/nodes", Fault::ResetAfter(300)).nth(1));
    assert_eq!(get(&transport, "/api/v1/nodes").await.unwrap_err().stage, Stage::Sent);
    assert_eq!(get(&transport, "/api/v1/nodes").await.unwrap().0, 200);
    let body = r#"{"kind":"Status","status":"Failure","reason":"TooManyRequests","code":429}"#.to_owned();
    proxy.inject(Rule::on("/api/v1/nodes", Fault::Answer { status: 429, headers: vec![], body }));
    assert!(!through(&["get", "nodes"]).status.success());
}
