//! Names that would change the path or the query of a request are refused before a byte is sent, whatever the call.

use crate::support::memory_server::MemoryServer;
use rutter::cluster::Gateway;
use rutter::diag::codes;
use rutter::session::{RunOptions, Script, Session};
use rutter::value::{Map, Node};
use rutter::world::MemoryWorld;
use std::sync::Arc;

/// What no object, namespace or subresource can be called.
fn hostile() -> Vec<String> {
    let mut names: Vec<String> = [
        "../x",
        "..",
        ".",
        "",
        "a/b",
        "/a",
        "a/",
        "a%2fb",
        "a%2Fb",
        "%2e%2e",
        "a?x=y",
        "a#",
        "#",
        "a?dryRun=All#",
        "a\nb",
        "a\r\nHost: x",
        "a\0b",
        "é",
        "ｆｕｌｌ",
        "a b",
        " a",
        "a\\b",
        "a:b\u{7f}",
        "a\u{202e}b",
        "a%00",
        "a@b?c",
    ]
    .map(str::to_owned)
    .to_vec();
    names.push("a".repeat(254));
    names
}

/// Calls with `NAME` where the hostile text goes; the script reads it from `params`.
const AS_NAME: &[&str] = &[
    r#"cluster.get("Pod", NAME)"#,
    r#"cluster.find("Pod", NAME)"#,
    r#"cluster.get("Node", NAME)"#,
    r#"cluster.apply(#{ apiVersion: "v1", kind: "ConfigMap", metadata: #{ name: NAME } })"#,
    r#"cluster.create(#{ apiVersion: "v1", kind: "ConfigMap", metadata: #{ name: NAME } })"#,
    r#"cluster.replace(#{ apiVersion: "v1", kind: "ConfigMap", metadata: #{ name: NAME, resourceVersion: "1" } })"#,
    r#"cluster.patch(#{ apiVersion: "v1", kind: "ConfigMap", name: NAME, namespace: "shop" }, #{ data: #{} })"#,
    r#"cluster.patch(#{ kind: "ConfigMap", name: NAME }, #{ data: #{} })"#,
    r#"cluster.delete(#{ kind: "ConfigMap", name: NAME })"#,
    r#"cluster.scale(#{ kind: "Deployment", name: NAME }, 3)"#,
    r#"cluster.restart(#{ kind: "Deployment", name: NAME })"#,
    r#"cluster.label(#{ kind: "Pod", name: NAME }, #{ a: "b" })"#,
    r#"cluster.annotate(#{ kind: "Pod", name: NAME }, #{ a: "b" })"#,
    r#"cluster.evict(#{ apiVersion: "v1", kind: "Pod", metadata: #{ name: NAME, namespace: "shop" } })"#,
    r#"cluster.evict(#{ kind: "Pod", name: NAME })"#,
    r#"cluster.cordon(#{ kind: "Node", name: NAME })"#,
    r#"cluster.uncordon(#{ kind: "Node", name: NAME })"#,
    r#"cluster.logs(#{ kind: "Pod", name: NAME })"#,
    r#"cluster.events(#{ kind: "Pod", name: NAME })"#,
    r#"cluster.exec(#{ kind: "Pod", name: NAME }, ["true"])"#,
];

const AS_NAMESPACE: &[&str] = &[
    r#"cluster.get("Pod", "web", #{ namespace: NAME })"#,
    r#"cluster.find("Pod", "web", #{ namespace: NAME })"#,
    r#"cluster.list("Pod", #{ namespace: NAME })"#,
    r#"cluster.stream("Pod", #{ namespace: NAME }).count()"#,
    r#"cluster.apply(#{ apiVersion: "v1", kind: "ConfigMap", metadata: #{ name: "a", namespace: NAME } })"#,
    r#"cluster.create(#{ apiVersion: "v1", kind: "ConfigMap", metadata: #{ name: "a" } }, #{ namespace: NAME })"#,
    r#"cluster.replace(#{ apiVersion: "v1", kind: "ConfigMap", metadata: #{ name: "a", namespace: NAME, resourceVersion: "1" } })"#,
    r#"cluster.delete(#{ kind: "ConfigMap", name: "a", namespace: NAME })"#,
    r#"cluster.delete_collection("ConfigMap", #{ namespace: NAME, labels: "a=b" })"#,
    r#"cluster.scale(#{ kind: "Deployment", name: "a", namespace: NAME }, 3)"#,
    r#"cluster.evict(#{ apiVersion: "v1", kind: "Pod", metadata: #{ name: "a", namespace: NAME } })"#,
    r#"cluster.logs(#{ kind: "Pod", name: "a", namespace: NAME })"#,
    r#"cluster.can("get", "pods", #{ namespace: NAME })"#,
    r#"cluster.watch("Pod", #{ namespace: NAME, timeout: 1 }, |event| false)"#,
];

const AS_SUBRESOURCE: &[&str] = &[
    r#"cluster.patch(#{ kind: "Deployment", name: "a" }, #{ spec: #{} }, #{ subresource: NAME })"#,
    r#"cluster.replace(#{ apiVersion: "apps/v1", kind: "Deployment", metadata: #{ name: "a", resourceVersion: "1" } }, #{ subresource: NAME })"#,
];

const AS_KIND: &[&str] = &[
    r#"cluster.get(NAME, "web")"#,
    r#"cluster.list(NAME)"#,
    r#"cluster.delete(#{ kind: NAME, name: "a" })"#,
    r#"cluster.apply(#{ apiVersion: "v1", kind: NAME, metadata: #{ name: "a" } })"#,
    r#"cluster.apply(#{ apiVersion: NAME, kind: "Pod", metadata: #{ name: "a" } })"#,
];

const AS_SELECTOR: &[&str] = &[
    r#"cluster.list("Pod", #{ labels: `${NAME}=x` })"#,
    r#"cluster.list("Pod", #{ labels: #{ app: NAME + "\u0001" } })"#,
    r#"cluster.list("Pod", #{ labels: `app=${NAME}&limit=0` })"#,
    r#"cluster.delete_collection("ConfigMap", #{ labels: `${NAME}=x` })"#,
    r#"cluster.stream("Pod", #{ labels: `${NAME}=x` }).count()"#,
];

async fn refused(server: &MemoryServer, calls: &[&str], name: &str, allowed: &[rutter::diag::Code]) {
    let session = Session::builder(Arc::new(MemoryWorld::new())).gateway(Gateway::to(server.target())).build();
    for call in calls {
        let mut params = Map::new();
        params.insert("name", Node::from(name));
        let script = Script::new("names.rhai", call.replace("NAME", "params.name"));
        let error = match session.run(&script, RunOptions::with_params(params)).await {
            Ok(outcome) => panic!("{name:?} in {call} gave {}", outcome.value),
            Err(error) => error.diagnostic,
        };
        assert!(allowed.contains(&error.code), "{name:?} in {call}: {error:?}");
        assert!(!error.labels.is_empty(), "{name:?} in {call} has no place");
        assert_eq!(server.calls(), Vec::<String>::new(), "{name:?} in {call} was sent");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_hostile_name_is_sent() {
    let server = MemoryServer::with_kinds();
    for name in hostile() {
        refused(&server, AS_NAME, &name, &[codes::INVALID_NAME, codes::INVALID_OBJECT]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_hostile_namespace_is_sent() {
    let server = MemoryServer::with_kinds();
    for name in hostile() {
        if name.is_empty() {
            // In an object an empty namespace is an absent one, for Kubernetes as for us.
            let options: Vec<&str> =
                AS_NAMESPACE.iter().copied().filter(|call| call.contains("#{ namespace: NAME")).collect();
            assert!(options.len() >= 6);
            refused(&server, &options, "", &[codes::INVALID_NAME]).await;
            continue;
        }
        refused(&server, AS_NAMESPACE, &name, &[codes::INVALID_NAME, codes::INVALID_OBJECT, codes::NAMESPACE]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_hostile_subresource_or_kind_is_sent() {
    let server = MemoryServer::with_kinds();
    let allowed =
        [codes::INVALID_NAME, codes::INVALID_OBJECT, codes::UNKNOWN_KIND, codes::INVALID_ARGUMENT, codes::UNSUPPORTED];
    for name in hostile() {
        refused(&server, AS_SUBRESOURCE, &name, &allowed).await;
        refused(&server, AS_KIND, &name, &allowed).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_hostile_selector_is_sent() {
    let server = MemoryServer::with_kinds();
    for name in hostile() {
        // A label's key may have a prefix, and kubectl skips white space around it, too.
        if ["a/b", " a"].contains(&name.as_str()) {
            continue;
        }
        let name = if name.is_empty() { " ".to_owned() } else { name };
        refused(&server, AS_SELECTOR, &name, &[codes::INVALID_SELECTOR]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_hostile_field_manager_is_sent() {
    let server = MemoryServer::with_kinds();
    let write = r#"cluster.apply(#{ apiVersion: "v1", kind: "ConfigMap", metadata: #{ name: "a" } })"#;
    for name in ["a&force=true#x", "a b", "", "a\nb", "a\0b", "\u{1b}[2J", &"a".repeat(129), "a\u{202e}"] {
        let session = Session::builder(Arc::new(MemoryWorld::new())).gateway(Gateway::to(server.target()));
        let session = session.field_manager(name).build();
        let error = session.run(&Script::new("names.rhai", write), RunOptions::default()).await.unwrap_err();
        assert_eq!(error.diagnostic.code, codes::INVALID_NAME, "{name:?}: {:?}", error.diagnostic);
        assert_eq!(server.calls(), Vec::<String>::new(), "{name:?} was sent");
    }
    // What a query can carry escaped arrives as it was meant.
    let session = Session::builder(Arc::new(MemoryWorld::new())).gateway(Gateway::to(server.target()));
    let session = session.field_manager("ci@example.com").build();
    let _ = session.run(&Script::new("names.rhai", write), RunOptions::default()).await;
    let sent = server.calls();
    assert_eq!(sent.len(), 1, "{sent:?}");
    assert!(
        sent[0].contains("fieldManager=ci%40example.com") || sent[0].contains("fieldManager=ci@example.com"),
        "{sent:?}"
    );
}

/// The same calls with good names do reach the server: the tests above can fail.
#[tokio::test(flavor = "multi_thread")]
async fn good_names_are_sent() {
    for call in AS_NAME.iter().chain(AS_NAMESPACE) {
        // Asking for permissions and executing speak another protocol or another kind.
        let server = MemoryServer::with_kinds();
        let session = Session::builder(Arc::new(MemoryWorld::new())).gateway(Gateway::to(server.target())).build();
        let script = Script::new("names.rhai", call.replace("NAME", "\"good-name\""));
        let _ = session.run(&script, RunOptions::default().within(Some(std::time::Duration::from_secs(5)))).await;
        assert!(!server.calls().is_empty(), "{call} was not sent");
        // The body of a POST names the object; what may be done is asked in a body, too.
        let in_body = call.contains("create(") || call.contains("can(");
        assert!(
            in_body || server.calls().iter().any(|line| line.contains("good-name")),
            "{call}: {:?}",
            server.calls()
        );
    }
}
