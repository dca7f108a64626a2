//! Servers that are not there, do not answer, or send one elsewhere.

use super::server::{Server, ok};
use super::*;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;

#[tokio::test]
async fn tells_a_name_that_does_not_resolve_from_a_connection_that_is_refused() {
    let (stage, message, code) = failure(&Config::plain("http://no-such-host.invalid:6443").transport(), "/").await;
    assert_eq!((stage, code), (Stage::Resolve, Some("E0301")));
    assert!(message.starts_with("no-such-host.invalid:6443: its name does not resolve ("), "{message}");
    let (stage, message, code) = failure(&Config::plain("http://127.0.0.1:1").transport(), "/").await;
    assert_eq!((stage, code), (Stage::Connect, Some("E0301")));
    assert_eq!(message, "127.0.0.1:1: Connection refused (os error 111)");
}

#[tokio::test]
async fn gives_up_on_a_handshake_that_hangs_after_five_seconds() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    let start = Instant::now();
    let (stage, message, _) = failure(&Config::new(&format!("https://{at}"), &Authority::new()).transport(), "/").await;
    assert_eq!((stage, message), (Stage::Tls, format!("{at}: the TLS handshake did not end within 5 s")));
    assert!(start.elapsed() < Duration::from_secs(7), "{:?}", start.elapsed());
}

#[tokio::test]
async fn says_that_a_server_does_not_speak_tls() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    tokio::spawn(async move {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.read_u8().await.unwrap();
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
    });
    let (stage, message, _) = failure(&Config::new(&format!("https://{at}"), &Authority::new()).transport(), "/").await;
    assert_eq!((stage, message), (Stage::Tls, format!("{at}: it does not speak TLS")));
}

#[tokio::test]
async fn hands_back_a_redirect_to_another_host_without_following_it() {
    let other = Server::start(|_| ok("taken")).await;
    let location = format!("location: {}/\r\n", other.url());
    let server = Server::start(move |_| (302, location.clone(), String::new())).await;
    let config = Config::new(&server.url(), &server.authority).user(json!({ "token": "geheim" }));
    assert_eq!(get(&config.transport(), "/api").await.unwrap().0, 302);
    assert_eq!((server.requests().len(), other.requests().len()), (1, 0));
}

#[tokio::test]
async fn gives_a_reset_after_sending_as_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    tokio::spawn(async move {
        use tokio::io::AsyncReadExt;
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut buffer = [0; 64];
        stream.read_exact(&mut buffer).await.unwrap();
        stream.set_zero_linger().unwrap();
    });
    let (stage, message, code) = failure(&Config::plain(&format!("http://{at}")).transport(), "/").await;
    assert_eq!((stage, code), (Stage::Sent, None));
    assert!(!message.contains("client error"), "{message}");
}

#[tokio::test]
async fn reuses_a_connection_and_reaches_a_server_that_came_back() {
    let server = Server::start(|_| ok("")).await;
    let transport = Config::new(&server.url(), &server.authority).transport();
    for _ in 0..5 {
        get(&transport, "/").await.unwrap();
    }
    assert_eq!(server.last().connection, 1);
}
