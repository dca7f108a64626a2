//! The fault proxy itself: each fault does what its name says, to the requests that its rule names.

use super::server::{Server, ok};
use super::*;
use crate::support::fault_proxy::{Fault, FaultProxy, Rule};
use std::time::{Duration, Instant};

async fn proxied(server: &Server) -> (FaultProxy, Transport, TempDir) {
    let dir = TempDir::new();
    let issued = server.authority.client("proxied");
    let config = json!({
        "clusters": [{"name": "a", "cluster": {
            "server": server.url(), "certificate-authority-data": STANDARD.encode(server.authority.pem()),
        }}],
        "users": [{"name": "a", "user": identity_files(&dir, &issued)}],
    });
    let proxy = FaultProxy::start(&dir.file("upstream", config.to_string()));
    let world = Arc::new(SystemWorld::new());
    let kubeconfig = Kubeconfig::load(&*world, Some(&proxy.kubeconfig())).unwrap();
    let connection =
        Connection::from_kubeconfig(&kubeconfig, &Overrides::default(), &ConnectPolicy::default()).unwrap();
    let transport = connection.transport(world).unwrap();
    (proxy, transport, dir)
}

#[tokio::test]
async fn passes_requests_on_as_the_user_of_the_upstream_kubeconfig() {
    let server = Server::start(|request| ok(String::from_utf8_lossy(&request.body))).await;
    let (proxy, transport, _dir) = proxied(&server).await;
    let large = "x".repeat(200_000);
    let request = http::Request::post("/a?b=c").body(Body::from(large.clone().into_bytes())).unwrap();
    let answer = transport.clone().oneshot(request).await.unwrap();
    assert_eq!(answer.into_body().collect().await.unwrap().to_bytes(), large);
    assert_eq!(server.last().client.as_deref(), Some("proxied"));
    assert_eq!((proxy.requests()[0].method.as_str(), proxy.requests()[0].path.as_str()), ("POST", "/a?b=c"));
}

#[tokio::test]
async fn harms_only_the_requests_that_a_rule_names() {
    let server = Server::start(|_| ok("fine")).await;
    let (proxy, transport, _dir) = proxied(&server).await;
    proxy.inject(Rule::on("/pods", Fault::ResetUnsent).method("GET").nth(2));
    for (path, harmed) in [("/pods", false), ("/nodes", false), ("/pods", true), ("/pods", false)] {
        assert_eq!(get(&transport, path).await.is_err(), harmed, "{path}");
    }
    assert_eq!((server.requests().len(), proxy.requests().len()), (3, 4));
}

#[tokio::test]
async fn cuts_answers_short() {
    let server = Server::start(|_| ok("0123456789")).await;
    let (proxy, transport, _dir) = proxied(&server).await;
    let head = "HTTP/1.1 200 Stub\r\nconnection: close\r\ncontent-length: 10\r\n\r\n".len();
    for fault in [Fault::ResetAfter(head + 4), Fault::Truncate(head + 4)] {
        proxy.inject(Rule::on("/", fault));
        let request = http::Request::get("/").body(Body::empty()).unwrap();
        let answer = transport.clone().oneshot(request).await;
        // The reset may overtake the head.
        if let Ok(answer) = answer {
            assert!(answer.into_body().collect().await.is_err());
        }
        proxy.heal();
    }
    proxy.inject(Rule::on("/", Fault::ResetAfter(0)));
    assert_eq!(get(&transport, "/").await.unwrap_err().stage, Stage::Sent);
    assert_eq!(server.requests().len(), 3, "the server has seen each of them");
}

#[tokio::test]
async fn answers_in_the_servers_place() {
    let server = Server::start(|_| ok("")).await;
    let (proxy, transport, _dir) = proxied(&server).await;
    let headers = vec![("retry-after", "100000".to_owned())];
    proxy.inject(Rule::on("/busy", Fault::Answer { status: 429, headers, body: "{}".to_owned() }));
    proxy.inject(Rule::on("/garbage", Fault::Garbage));
    proxy.inject(Rule::on("/huge", Fault::Huge(2 << 30)));
    proxy.inject(Rule::on("/endless", Fault::Endless("{}\n")));
    assert_eq!(get(&transport, "/busy").await.unwrap(), (429, "{}".to_owned()));
    assert_eq!(get(&transport, "/garbage").await.unwrap_err().stage, Stage::Sent);
    for path in ["/huge", "/endless"] {
        let request = http::Request::get(path).body(Body::empty()).unwrap();
        let mut body = transport.clone().oneshot(request).await.unwrap().into_body();
        let mut length = 0;
        while length < 10_000_000 {
            length += body.frame().await.unwrap().unwrap().into_data().unwrap().len();
        }
    }
    assert_eq!(server.requests().len(), 0);
}

#[tokio::test]
async fn delays_and_never_answers() {
    let server = Server::start(|_| ok("")).await;
    let (proxy, transport, _dir) = proxied(&server).await;
    proxy.inject(Rule::on("/slow", Fault::Latency(Duration::from_millis(300))));
    proxy.inject(Rule::on("/hole", Fault::BlackHole));
    proxy.inject(Rule::on("/swallowed", Fault::Swallow));
    let start = Instant::now();
    get(&transport, "/slow").await.unwrap();
    assert!(start.elapsed() >= Duration::from_millis(300));
    for path in ["/hole", "/swallowed"] {
        assert!(tokio::time::timeout(Duration::from_millis(500), get(&transport, path)).await.is_err());
    }
    let paths: Vec<String> = server.requests().into_iter().map(|request| request.path).collect();
    assert_eq!(paths, ["/slow", "/swallowed"]);
}
