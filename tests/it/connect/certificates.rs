//! Client certificates that rotate, server certificates that are wrong.

use super::server::{Server, ok};
use super::*;
use rutter::cluster::read::ListOptions;
use rutter::cluster::{Context, Target};
use rutter::diag::{Explain, codes};
use rutter::journal::Memory;
use rutter::object::{KindQuery, Namespace};
use rutter::world::MemoryWorld;
use std::time::Duration;

#[tokio::test]
async fn uses_a_rotated_client_certificate_within_a_second_on_new_connections() {
    let server = Server::start(|_| ok("")).await;
    let dir = TempDir::new();
    let user = identity_files(&dir, &server.authority.client("before"));
    let transport = Config::new(&server.url(), &server.authority).user(user).transport();
    get(&transport, "/").await.unwrap();
    get(&transport, "/").await.unwrap();
    let first = server.last();
    assert_eq!((first.client.as_deref(), first.connection), (Some("before"), 1));
    identity_files(&dir, &server.authority.client("after"));
    tokio::time::sleep(Duration::from_millis(1100)).await;
    get(&transport, "/").await.unwrap();
    let second = server.last();
    assert_eq!((second.client.as_deref(), second.connection), (Some("after"), 2));
}

#[tokio::test]
async fn keeps_the_last_good_certificate_while_files_do_not_belong_together() {
    let server = Server::start(|_| ok("")).await;
    let dir = TempDir::new();
    let user = identity_files(&dir, &server.authority.client("before"));
    let transport = Config::new(&server.url(), &server.authority).user(user).transport();
    let after = server.authority.client("after");
    dir.file("client.crt", &after.certificate);
    tokio::time::sleep(Duration::from_millis(1100)).await;
    get(&transport, "/").await.unwrap();
    assert_eq!(server.last().client.as_deref(), Some("before"));
    dir.file("client.key", &after.key);
    tokio::time::sleep(Duration::from_millis(1100)).await;
    get(&transport, "/").await.unwrap();
    assert_eq!(server.last().client.as_deref(), Some("after"));
}

#[tokio::test]
async fn reads_a_rotated_certificate_at_once_after_a_401() {
    let server = Server::start(|request| match request.client.as_deref() {
        Some("after") => ok("welcome"),
        _ => (401, String::new(), String::new()),
    })
    .await;
    let dir = TempDir::new();
    let user = identity_files(&dir, &server.authority.client("before"));
    let transport = Config::new(&server.url(), &server.authority).user(user).transport();
    assert_eq!(get(&transport, "/").await.unwrap().0, 401);
    assert_eq!(server.requests().len(), 1, "nothing has changed, so nothing is sent again");
    identity_files(&dir, &server.authority.client("after"));
    assert_eq!(get(&transport, "/").await.unwrap(), (200, "welcome".to_owned()));
}

#[tokio::test]
async fn takes_a_certificate_from_the_kubeconfig_itself() {
    let server = Server::start(|_| ok("")).await;
    let issued = server.authority.client("inline");
    let user = json!({
        "client-certificate-data": STANDARD.encode(&issued.certificate),
        "client-key-data": STANDARD.encode(&issued.key),
    });
    get(&Config::new(&server.url(), &server.authority).user(user).transport(), "/").await.unwrap();
    assert_eq!(server.last().client.as_deref(), Some("inline"));
}

#[tokio::test]
async fn says_what_is_wrong_with_a_servers_certificate() {
    let server = Server::start(|_| ok("")).await;
    let at = format!("127.0.0.1:{}", server.port);
    let (stage, message, code) = failure(&Config::new(&server.url(), &Authority::new()).transport(), "/").await;
    assert_eq!((stage, code), (Stage::Tls, Some("E0209")));
    assert_eq!(message, format!("{at}: the server's certificate is not signed by a trusted authority"));

    let other = Config::new(&server.url(), &server.authority).cluster("tls-server-name", "kubernetes");
    let (stage, message, _) = failure(&other.transport(), "/").await;
    assert_eq!((stage, message), (Stage::Tls, format!("{at}: the server's certificate is for another name")));

    let authority = Authority::new();
    let expired = authority.expired_server(&["127.0.0.1"]);
    let server = Server::with(authority, &expired, |_| ok("")).await;
    let (_, message, _) = failure(&Config::new(&server.url(), &server.authority).transport(), "/").await;
    assert_eq!(message, format!("127.0.0.1:{}: the server's certificate has expired", server.port));
}

#[tokio::test]
async fn a_call_to_a_server_whose_certificate_proves_nothing_ends_at_once() {
    let server = Server::start(|_| ok("")).await;
    let expired = Authority::new();
    let issued = expired.expired_server(&["127.0.0.1"]);
    let late = Server::with(expired, &issued, |_| ok("")).await;
    let cases = [
        (
            Config::new(&server.url(), &Authority::new()),
            "does the kubeconfig's certificate-authority belong to this cluster?",
        ),
        (
            Config::new(&server.url(), &server.authority).cluster("tls-server-name", "kubernetes"),
            "set tls-server-name in the kubeconfig's cluster if the address is right",
        ),
        (Config::new(&late.url(), &late.authority), "is this machine's clock right?"),
    ];
    for (config, hint) in cases {
        let target = Target::new("prod", Namespace::parse("shop").unwrap(), config.transport());
        let (journal, started) = (Arc::new(Memory::default()), std::time::Instant::now());
        let run = Context::new(journal.clone());
        let kind = KindQuery::parse("Pod").unwrap();
        let error = target.list(&run, &kind, &ListOptions::default()).await.unwrap_err();
        assert_eq!((error.code(), error.hint().as_deref()), (codes::TLS, Some(hint)), "{error}");
        assert!(started.elapsed() < Duration::from_millis(500), "{error}: {:?}", started.elapsed());
        assert!(journal.events().is_empty(), "nothing is tried again: {:?}", journal.events());
    }
}

#[tokio::test]
async fn trusts_by_the_name_that_tls_server_name_gives() {
    let authority = Authority::new();
    let issued = authority.server(&["kubernetes.default.svc"]);
    let server = Server::with(authority, &issued, |_| ok("")).await;
    let config = Config::new(&server.url(), &server.authority).cluster("tls-server-name", "kubernetes.default.svc");
    get(&config.transport(), "/").await.unwrap();
    assert_eq!(server.last().header("host"), Some(format!("127.0.0.1:{}", server.port).as_str()));
}

#[tokio::test]
async fn skips_verification_only_when_both_kubeconfig_and_caller_say_so() {
    let server = Server::start(|_| ok("")).await;
    let mut config = Config::new(&server.url(), &server.authority);
    config.cluster = json!({ "server": server.url(), "insecure-skip-tls-verify": true });
    assert!(matches!(config.connection(), Err(ConnectError::Insecure { .. })));
    config.policy.unverified_tls = Risk::Accept;
    get(&config.transport(), "/").await.unwrap();
    config.cluster = json!({ "server": server.url() });
    let (stage, ..) = failure(&config.transport(), "/").await;
    assert_eq!(stage, Stage::Tls, "without a word in the kubeconfig the system's authorities are asked");
}

#[tokio::test]
async fn trusts_the_authority_and_token_of_a_pod() {
    let server = Server::start(|_| ok("")).await;
    const ACCOUNT: &str = "/var/run/secrets/kubernetes.io/serviceaccount";
    let world = MemoryWorld::new()
        .with_env("KUBERNETES_SERVICE_HOST", "127.0.0.1")
        .with_env("KUBERNETES_SERVICE_PORT", server.port.to_string())
        .with_file(format!("{ACCOUNT}/token"), "geheim\n")
        .with_file(format!("{ACCOUNT}/ca.crt"), server.authority.pem());
    let connection = Connection::in_cluster(&world).unwrap();
    assert_eq!(connection.namespace(), "default");
    get(&connection.transport(Arc::new(world)).unwrap(), "/").await.unwrap();
    assert_eq!(server.last().header("authorization"), Some("Bearer geheim"));
}
