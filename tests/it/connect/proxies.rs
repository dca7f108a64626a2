//! HTTP proxies between us and the server.

use super::server::{Server, ok};
use super::*;
use crate::support::fault_proxy::Head;
use rutter::world::MemoryWorld;
use std::sync::Mutex;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};

/// A proxy that tunnels to a port on loopback whatever host is asked for, and notes what it was asked.
async fn proxy(target: u16, answer: &'static str) -> (String, Arc<Mutex<Vec<Head>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let noted = seen.clone();
    tokio::spawn(async move {
        loop {
            let (mut client, _) = listener.accept().await.unwrap();
            let Some(head) = Head::read(&mut client).await.unwrap() else { continue };
            noted.lock().unwrap().push(head);
            client.write_all(answer.as_bytes()).await.unwrap();
            if answer.contains(" 200 ") {
                let mut server = TcpStream::connect(("127.0.0.1", target)).await.unwrap();
                tokio::spawn(async move { tokio::io::copy_bidirectional(&mut client, &mut server).await });
            }
        }
    });
    (address, seen)
}

#[tokio::test]
async fn tunnels_through_the_proxy_of_the_kubeconfig_with_its_password() {
    let server = Server::start(|_| ok("")).await;
    let (address, seen) = proxy(server.port, "HTTP/1.1 200 Established\r\n\r\n").await;
    let config = Config::new("https://api.nowhere.invalid:6443", &server.authority)
        .cluster("proxy-url", format!("http://ada:geheim@{address}"))
        .cluster("tls-server-name", "localhost");
    get(&config.transport(), "/api").await.unwrap();
    assert_eq!(server.last().header("host"), Some("api.nowhere.invalid:6443"));
    let seen = seen.lock().unwrap();
    assert_eq!((seen[0].seen.method.as_str(), seen[0].seen.path.as_str()), ("CONNECT", "api.nowhere.invalid:6443"));
    assert_eq!(seen[0].header("proxy-authorization"), Some("Basic YWRhOmdlaGVpbQ=="));
}

#[tokio::test]
async fn tunnels_through_the_proxy_of_the_environment() {
    let server = Server::start(|_| ok("")).await;
    let (address, seen) = proxy(server.port, "HTTP/1.1 200 Established\r\n\r\n").await;
    let config = Config::new("https://api.nowhere.invalid", &server.authority).cluster("tls-server-name", "localhost");
    let world = MemoryWorld::new().with_env("HTTPS_PROXY", address);
    get(&config.connection().unwrap().transport(Arc::new(world)).unwrap(), "/api").await.unwrap();
    assert_eq!(seen.lock().unwrap()[0].seen.path, "api.nowhere.invalid:443");
}

#[tokio::test]
async fn says_that_a_proxy_refuses_without_its_password() {
    let (address, _) = proxy(1, "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n").await;
    let config = Config::new("https://api.nowhere.invalid", &Authority::new())
        .cluster("proxy-url", format!("http://ada:geheim@{address}"));
    let (stage, message, code) = failure(&config.transport(), "/").await;
    assert_eq!((stage, code), (Stage::Connect, Some("E0301")));
    assert!(message.starts_with(&format!("api.nowhere.invalid:443 through the proxy {address}: ")), "{message}");
    assert!(!message.contains("geheim"), "{message}");
}
