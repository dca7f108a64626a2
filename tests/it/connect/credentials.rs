//! Tokens, passwords, impersonation, and what happens after a 401.

use super::server::{Answer, Request, Server, ok};
use super::*;
use rutter::world::MemoryWorld;
use std::time::Duration;

/// Lets in whoever has the token `good`.
fn guarded(request: &Request) -> Answer {
    match request.header("authorization") {
        Some("Bearer good") => ok(String::from_utf8_lossy(&request.body)),
        _ => (401, String::new(), String::new()),
    }
}

#[tokio::test]
async fn sends_what_every_request_has() {
    let server = Server::start(|_| ok("")).await;
    let user = json!({ "username": "ada", "password": "geheim", "as": "eve", "as-groups": ["dev", "ops"] });
    let config = Config::new(&format!("{}/k8s/clusters/c-1/", server.url()), &server.authority).user(user);
    get(&config.transport(), "/api/v1/pods?limit=500").await.unwrap();
    let request = server.last();
    assert_eq!(request.path, "/k8s/clusters/c-1/api/v1/pods?limit=500");
    assert_eq!(request.header("authorization"), Some("Basic YWRhOmdlaGVpbQ=="));
    assert_eq!(request.header("user-agent"), Some(concat!("rutter/", env!("CARGO_PKG_VERSION"))));
    assert_eq!(request.header("impersonate-user"), Some("eve"));
    assert_eq!(request.headers.iter().filter(|(name, _)| name == "impersonate-group").count(), 2);
    assert_eq!(request.header("accept-encoding"), None);
}

#[tokio::test]
async fn reads_a_token_file_again_at_once_after_a_401_and_sends_the_body_again() {
    let server = Server::start(guarded).await;
    let dir = TempDir::new();
    let user = json!({ "tokenFile": dir.file("token", "old\n") });
    let transport = Config::new(&server.url(), &server.authority).user(user).transport();
    assert_eq!(get(&transport, "/").await.unwrap().0, 401);
    assert_eq!(server.requests().len(), 1, "the same token is not sent twice");
    dir.file("token", "  good\n");
    let request = http::Request::post("/api").body(Body::from(b"payload".to_vec())).unwrap();
    let answer = transport.clone().oneshot(request).await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.into_body().collect().await.unwrap().to_bytes(), "payload");
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn reads_a_token_file_again_after_ten_seconds_and_outlives_a_moment_without_one() {
    let server = Server::start(|_| ok("")).await;
    let world = Arc::new(MemoryWorld::new().with_file("/token", "one"));
    let config = Config::new(&server.url(), &server.authority).user(json!({ "tokenFile": "/token" }));
    let transport = config.connection().unwrap().transport(world.clone()).unwrap();
    let sent = async || {
        get(&transport, "/").await.unwrap();
        server.last().header("authorization").unwrap().to_owned()
    };
    assert_eq!(sent().await, "Bearer one");
    world.put_file("/token", "two");
    world.advance(Duration::from_secs(9));
    assert_eq!(sent().await, "Bearer one");
    world.advance(Duration::from_secs(1));
    assert_eq!(sent().await, "Bearer two");
    world.put_file("/token", [0xff]);
    world.advance(Duration::from_secs(10));
    assert_eq!(sent().await, "Bearer two");
}

#[tokio::test]
async fn refuses_a_token_that_no_header_can_carry_without_showing_it() {
    let dir = TempDir::new();
    for (token, problem) in [("ge\nheim", "it has a character that no header can carry"), (" \n", "it is empty")] {
        let path = dir.file("token", token);
        let config = Config::plain("http://127.0.0.1:1").user(json!({ "tokenFile": path }));
        let (stage, message, code) = failure(&config.transport(), "/").await;
        assert_eq!((stage, code), (Stage::Credentials, Some("E0214")));
        assert_eq!(message, format!("token file {}: {problem}", path.display()));
    }
}

#[tokio::test]
async fn says_which_token_file_is_missing() {
    let config = Config::plain("http://127.0.0.1:1").user(json!({ "tokenFile": "/nowhere/token" }));
    let (stage, message, _) = failure(&config.transport(), "/").await;
    assert_eq!(stage, Stage::Credentials);
    assert!(message.starts_with("the token file could not be read: cannot read /nowhere/token: "), "{message}");
}
