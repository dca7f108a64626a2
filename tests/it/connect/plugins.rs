//! Exec credential plugins that work, fail, hang, babble, and lie.

use super::server::{Answer, Request, Server, ok};
use super::steered::SteeredWorld;
use super::*;
use rutter::diag::Explain;
use std::path::Path;
use std::time::{Duration, Instant};

const V1: &str = "client.authentication.k8s.io/v1";
const V1BETA1: &str = "client.authentication.k8s.io/v1beta1";

fn exec(command: &Path) -> Value {
    json!({ "exec": { "apiVersion": V1BETA1, "command": command } })
}

/// A line of shell that prints a credential.
fn prints(status: &str) -> String {
    format!(r#"printf '%s\n' '{{"apiVersion": "{V1BETA1}", "kind": "ExecCredential", "status": {status}}}'"#)
}

fn guarded(request: &Request) -> Answer {
    match request.header("authorization") {
        Some("Bearer good") => ok(""),
        _ => (401, String::new(), String::new()),
    }
}

fn runs(dir: &TempDir) -> usize {
    std::fs::read_to_string(dir.join("runs")).unwrap_or_default().lines().count()
}

/// The error of a plugin that does this, against a server that need not exist.
async fn problem(body: &str) -> String {
    let dir = TempDir::new();
    let config = Config::plain("http://127.0.0.1:1").user(exec(&dir.script("login", body))).any_plugin();
    let (stage, message, code) = failure(&config.transport(), "/").await;
    assert_eq!((stage, code), (Stage::Credentials, Some("E0206")), "{message}");
    assert!(!message.contains("geheim"), "{message}");
    message.rsplit("login\" failed: ").next().unwrap().to_owned()
}

#[tokio::test]
async fn sends_the_token_of_a_plugin_and_runs_it_once_for_many_requests() {
    let server = Server::start(guarded).await;
    let dir = TempDir::new();
    let body = format!("echo run >> {}\n{}", dir.join("runs").display(), prints(r#"{"token": "good"}"#));
    let config = Config::new(&server.url(), &server.authority).user(exec(&dir.script("login", &body))).any_plugin();
    let transport = config.transport();
    let all = futures_util::future::join_all((0..20).map(|_| get(&transport, "/"))).await;
    assert!(all.into_iter().all(|answer| answer.unwrap().0 == 200));
    assert_eq!(runs(&dir), 1);
}

#[tokio::test]
async fn tells_a_plugin_what_it_wants_and_which_cluster_it_is_for() {
    let server = Server::start(guarded).await;
    let dir = TempDir::new();
    let info = dir.join("info");
    let body = format!(
        "printf '%s' \"$KUBERNETES_EXEC_INFO\" > {}\necho \"$1 $ROLE $HOME\" >> {}\n{}",
        info.display(),
        dir.join("runs").display(),
        prints(r#"{"token": "good"}"#).replace(V1BETA1, V1),
    );
    let mut user = exec(&dir.script("login", &body));
    user["exec"]["apiVersion"] = json!(V1);
    user["exec"]["interactiveMode"] = json!("IfAvailable");
    user["exec"]["provideClusterInfo"] = json!(true);
    user["exec"]["args"] = json!(["--quiet"]);
    user["exec"]["env"] = json!([{"name": "ROLE", "value": "ops"}]);
    let extension = json!([{"name": "client.authentication.k8s.io/exec", "extension": {"audience": "lab"}}]);
    let config = Config::new(&server.url(), &server.authority).user(user).cluster("extensions", extension).any_plugin();
    get(&config.transport(), "/").await.unwrap();
    let info: Value = serde_json::from_str(&std::fs::read_to_string(info).unwrap()).unwrap();
    let cluster = json!({
        "server": format!("{}/", server.url()),
        "certificate-authority-data": STANDARD.encode(server.authority.pem()),
        "config": {"audience": "lab"},
    });
    let spec = json!({"interactive": false, "cluster": cluster});
    assert_eq!(info, json!({"apiVersion": V1, "kind": "ExecCredential", "spec": spec}));
    let seen = std::fs::read_to_string(dir.join("runs")).unwrap();
    assert_eq!(seen, format!("--quiet ops {}\n", std::env::var("HOME").unwrap_or_default()));
}

#[tokio::test]
async fn appears_with_the_certificate_of_a_plugin() {
    let server = Server::start(|_| ok("")).await;
    let dir = TempDir::new();
    let issued = server.authority.client("from-plugin");
    let status = json!({ "clientCertificateData": issued.certificate, "clientKeyData": issued.key });
    let answer = json!({ "apiVersion": V1BETA1, "kind": "ExecCredential", "status": status });
    let file = dir.file("answer", answer.to_string());
    let script = dir.script("login", &format!("cat {}", file.display()));
    let config = Config::new(&server.url(), &server.authority).user(exec(&script)).any_plugin();
    let transport = config.transport();
    get(&transport, "/").await.unwrap();
    get(&transport, "/").await.unwrap();
    let last = server.last();
    assert_eq!((last.client.as_deref(), last.connection), (Some("from-plugin"), 1));
}

#[tokio::test]
async fn runs_an_expired_plugin_again_but_not_twice_in_ten_seconds() {
    let server = Server::start(guarded).await;
    let dir = TempDir::new();
    let status = r#"{"token": "good", "expirationTimestamp": "2001-01-01T00:00:00Z"}"#;
    let body = format!("echo run >> {}\n{}", dir.join("runs").display(), prints(status));
    let config = Config::new(&server.url(), &server.authority).user(exec(&dir.script("login", &body))).any_plugin();
    let transport = config.transport();
    for _ in 0..3 {
        assert_eq!(get(&transport, "/").await.unwrap().0, 200);
    }
    assert_eq!(runs(&dir), 1);
}

#[tokio::test]
async fn runs_a_plugin_again_after_a_401_when_its_ten_seconds_are_over() {
    let server = Server::start(guarded).await;
    let dir = TempDir::new();
    let count = dir.join("runs");
    let body = format!(
        "echo run >> {0}\nif [ $(wc -l < {0}) -gt 1 ]; then {1}; else {2}; fi",
        count.display(),
        prints(r#"{"token": "good"}"#),
        prints(r#"{"token": "stale"}"#),
    );
    let config = Config::new(&server.url(), &server.authority).user(exec(&dir.script("login", &body))).any_plugin();
    let world = Arc::new(SteeredWorld::default());
    let transport = config.connection().unwrap().transport(world.clone()).unwrap();
    assert_eq!(get(&transport, "/").await.unwrap().0, 401);
    assert_eq!(runs(&dir), 1, "it ran a moment ago: its word stands");
    world.advance(Duration::from_secs(10));
    assert_eq!(get(&transport, "/").await.unwrap().0, 200);
    assert_eq!(runs(&dir), 2);
}

#[tokio::test]
async fn never_shows_what_a_failing_plugin_says() {
    assert_eq!(problem("echo geheim; echo geheim >&2; exit 3").await, "it ended with exit status 3");
    assert_eq!(problem("echo geheim; kill -9 $$").await, "it was killed");
    let broken = problem("echo '{\"kind\": \"geheim\", }'").await;
    assert_eq!(broken, "what it printed is no ExecCredential: line 1, column 20");
    let mistyped = problem(&prints(r#"{"token": ["geheim"]}"#)).await;
    assert!(mistyped.starts_with("what it printed is no ExecCredential: line 1, column "), "{mistyped}");
}

#[tokio::test]
async fn says_what_a_plugins_answer_lacks() {
    let cases = [
        (prints("{}"), "it has neither a token nor a client certificate"),
        (prints("null"), "it has no status"),
        (
            prints(r#"{"clientKeyData": "geheim"}"#),
            "it has a certificate without a key, or a key without a certificate",
        ),
        (prints(r#"{"token": "ge\nheim"}"#), "its token has a character that no header can carry"),
        (
            prints(r#"{"token": "geheim", "expirationTimestamp": "soon"}"#),
            "its expirationTimestamp is no RFC 3339 time",
        ),
        (prints("{}").replace("ExecCredential", "Secret"), "its kind is another"),
        (prints("{}").replace(V1BETA1, V1), "its apiVersion is not the one that the kubeconfig asks for"),
    ];
    for (body, lack) in cases {
        assert_eq!(problem(&body).await, format!("what it printed is no ExecCredential: {lack}"));
    }
}

#[tokio::test]
async fn kills_a_plugin_that_babbles() {
    assert_eq!(problem("yes geheim").await, "it printed more than 1 MiB");
}

#[tokio::test]
async fn does_not_wait_for_a_plugin_that_reads_its_input() {
    assert_eq!(problem("cat; exit 4").await, "it ended with exit status 4");
}

#[tokio::test]
async fn a_hanging_plugin_ends_with_the_call_that_gave_it_up_and_is_not_started_again_at_once() {
    let dir = TempDir::new();
    let runs_file = dir.join("runs");
    let script = dir.script("login", &format!("echo $$ >> {}; sleep 60", runs_file.display()));
    let transport = Config::plain("http://127.0.0.1:1").user(exec(&script)).any_plugin().transport();
    assert!(tokio::time::timeout(Duration::from_millis(500), get(&transport, "/")).await.is_err());
    let (_, message, _) = failure(&transport, "/").await;
    assert!(
        message.ends_with("it had not ended when the call that waited for it did, and runs at most once in 10 s"),
        "{message}"
    );
    assert_eq!(runs(&dir), 1);
    let id = std::fs::read_to_string(&runs_file).unwrap();
    assert!(ends_soon(&format!("/proc/{}/stat", id.trim())).await, "the plugin still runs");
}

/// Whether a process is gone, or dead and not yet collected, within two seconds.
async fn ends_soon(stat: &str) -> bool {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(2) {
        match std::fs::read_to_string(stat) {
            Ok(stat) if !stat.contains(") Z ") => tokio::time::sleep(Duration::from_millis(20)).await,
            _ => return true,
        }
    }
    false
}

#[tokio::test]
async fn gives_a_hanging_plugin_thirty_seconds() {
    let dir = TempDir::new();
    let config = Config::plain("http://127.0.0.1:1").user(exec(&dir.script("login", "sleep 60"))).any_plugin();
    let world = Arc::new(SteeredWorld::default());
    let transport = config.connection().unwrap().transport(world.clone()).unwrap();
    let (stage, message, code) = failure(&transport, "/").await;
    assert_eq!((stage, code), (Stage::Credentials, Some("E0206")));
    assert!(message.ends_with("login\" failed: it did not end within 30 s"), "{message}");
    assert_eq!(*world.limits.lock().unwrap(), [Duration::from_secs(30)]);
}

#[tokio::test]
async fn says_that_a_plugin_is_missing_with_the_kubeconfigs_own_advice() {
    let mut user = exec(Path::new("/nowhere/login"));
    user["exec"]["installHint"] = json!("install login from example.org");
    let transport = Config::plain("http://127.0.0.1:1").user(user).any_plugin().transport();
    let error = get(&transport, "/").await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "credential plugin \"/nowhere/login\" failed: it could not be started (entity not found)"
    );
    let error = error.source.downcast_ref::<ConnectError>().unwrap();
    assert_eq!(error.hint().unwrap(), "install login from example.org");
}

#[tokio::test]
async fn runs_no_plugin_that_is_not_allowed() {
    let dir = TempDir::new();
    let script = dir.script("login", &format!("echo run >> {}", dir.join("runs").display()));
    let mut config = Config::plain("http://127.0.0.1:1").user(exec(&script));
    assert!(matches!(config.connection(), Err(ConnectError::PluginRefused { .. })));
    config.policy.plugins = PluginPolicy::Only(vec!["/bin/login".into()]);
    assert!(matches!(config.connection(), Err(ConnectError::PluginRefused { .. })));
    config.policy.plugins = PluginPolicy::Only(vec![script]);
    failure(&config.transport(), "/").await;
    assert_eq!(runs(&dir), 1);
}

#[tokio::test]
async fn refuses_a_plugin_that_needs_a_terminal() {
    let mut user = exec(Path::new("/bin/true"));
    user["exec"]["interactiveMode"] = json!("Always");
    let transport = Config::plain("http://127.0.0.1:1").user(user).any_plugin().transport();
    let (_, message, _) = failure(&transport, "/").await;
    assert!(message.ends_with("it needs a terminal (interactiveMode: Always)"), "{message}");
}
