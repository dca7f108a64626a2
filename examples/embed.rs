//! Rutter inside another program: a world that the program decides on, a cluster that the program carries, events as they
//! happen, a typed outcome. Run it with `cargo run --example embed`.

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use rutter::cluster::{Gateway, Stage, Target, Transport, TransportError};
use rutter::journal::{Event, Memory};
use rutter::object::Namespace;
use rutter::session::{RunOptions, Script, Session};
use rutter::value::{Map, Node};
use rutter::world::MemoryWorld;
use std::sync::Arc;
use tower::util::BoxCloneSyncService;

/// Discovery of a cluster that has pods and nothing else.
const KINDS: &str = r#"{"kind":"APIGroupDiscoveryList","apiVersion":"apidiscovery.k8s.io/v2","items":[{"metadata":{},"versions":[{"version":"v1","freshness":"Current","resources":[{"resource":"pods","responseKind":{"group":"","version":"v1","kind":"Pod"},"scope":"Namespaced","singularResource":"pod","shortNames":["po"],"verbs":["get","list"]}]}]}]}"#;
const NO_GROUPS: &str = r#"{"kind":"APIGroupDiscoveryList","apiVersion":"apidiscovery.k8s.io/v2","items":[]}"#;
const PODS: &str = r#"{"kind":"PodList","apiVersion":"v1","metadata":{},"items":[
    {"metadata":{"name":"web-0","namespace":"shop"},"status":{"phase":"Running"}},
    {"metadata":{"name":"web-1","namespace":"shop"},"status":{"phase":"Pending"}}]}"#;

/// A cluster without a network: anything that takes an HTTP request and gives an answer will do.
fn cluster() -> Transport {
    BoxCloneSyncService::new(tower::service_fn(async |request: Request<kube::client::Body>| {
        let (status, body) = match request.uri().path() {
            "/api" => (200, KINDS),
            "/apis" => (200, NO_GROUPS),
            "/version" => (200, r#"{"gitVersion":"v1.37.0"}"#),
            "/api/v1/namespaces/shop/pods" => (200, PODS),
            _ => (404, "{}"),
        };
        let body = Full::new(Bytes::from(body)).map_err(|never| match never {}).boxed_unsync();
        let answer = Response::builder().status(status).header("content-type", "application/json").body(body);
        answer.map_err(|error| TransportError::new(Stage::Sent, error))
    }))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // What scripts see of the machine: nothing but this. No file, no variable, no network of the process.
    let world = MemoryWorld::new();
    let events = Arc::new(Memory::default());
    let target = Target::new("inside", Namespace::parse("shop")?, cluster());
    let session = Session::builder(Arc::new(world)).gateway(Gateway::to(target)).events(events.clone()).build();

    let script = Script::new(
        "phases.rhai",
        r#"
            let pods = cluster.list("Pod").where("status.phase", params.phase);
            print(`${pods.len()} of them in ${cluster.name}`);
            #{ phase: params.phase, names: pods.map(|pod| pod.name) }
        "#,
    );
    let mut params = Map::new();
    params.insert("phase", Node::from("Pending"));
    let outcome = session.run(&script, RunOptions::with_params(params)).await?;

    for event in events.events() {
        if let Event::Printed { text } = event {
            println!("the script said: {text}");
        }
    }
    let first = outcome.value.items_at(&["names"]).first().and_then(Node::as_str);
    println!("the first pending pod: {}", first.unwrap_or("none"));

    // A mistake in a script is a value with a code and a place, not a text to be searched.
    let typo = Script::new("typo.rhai", r#"cluster.list("Pods").lenn()"#);
    match session.run(&typo, RunOptions::default()).await {
        Ok(outcome) => println!("unexpected: {}", outcome.value),
        Err(error) => println!("{}: {}", error.diagnostic.code, error.diagnostic.message),
    }
    Ok(())
}
