//! No secret leaves a run: not in what it prints, not in its result, not in an error or an event, however it is spelt.

use crate::support::controlplane::ControlPlane;
use rutter::cluster::connect::{ConnectPolicy, Connection, Overrides};
use rutter::cluster::{Gateway, Source};
use rutter::diag::codes;
use rutter::journal::Memory;
use rutter::object::Namespace;
use rutter::session::{RunError, RunOptions, Script, Session};
use rutter::value::Node;
use rutter::world::{HttpAnswer, MemoryWorld, ProgramOutput, SystemWorld, World};
use std::sync::Arc;

/// Not easy to spell: quoted in JSON and in URLs, and two of its bytes are one letter.
const SECRET: &str = "p@ss \"w/ord\"+é\\1";
/// Pieces of it that stand in its spellings.
const PIECES: &[&str] = &["p@ss", "w/ord", "w\\/ord", "p%40ss", "cEBzc", "BAc3M", "wQHNz"];

/// What left a run.
struct Seen {
    ended: Result<Node, RunError>,
    events: String,
}

impl Seen {
    /// All of it as one text.
    fn text(&self) -> String {
        let ended = match &self.ended {
            Ok(value) => format!("{value} {value:?}"),
            Err(error) => {
                let document = rutter::report::error(&error.diagnostic, error.details.as_ref());
                format!("{error} {error:?} {document} {document:?}")
            }
        };
        format!("{ended}\n{}", self.events)
    }

    #[track_caller]
    fn hides(&self, script: &str) {
        let text = self.text();
        for piece in PIECES {
            assert!(!text.contains(piece), "{script}\nshows {piece}: {text}");
        }
        assert!(text.contains("***"), "{script}\nshows no trace of a secret: {text}");
    }
}

async fn run_in(world: Arc<dyn World>, gateway: Gateway, script: &str, options: RunOptions) -> Seen {
    let memory = Arc::new(Memory::default());
    let session = Session::builder(world).gateway(gateway).events(memory.clone()).build();
    let ended = session.run(&Script::new("test.rhai", script), options).await.map(|outcome| outcome.value);
    let events = memory.events().iter().map(|event| format!("{event:?}\n")).collect();
    Seen { ended, events }
}

/// Runs a script that has the secret as its param.
async fn run(script: &str) -> Seen {
    let params = [("password", Node::from(SECRET))].into_iter().collect();
    let options = RunOptions::with_params(params).hiding([SECRET.to_owned()]);
    let output = ProgramOutput { status: Some(1), stdout: Vec::new(), stderr: format!("no: {SECRET}").into() };
    let body = format!("{}{SECRET}", "x".repeat(490));
    let answer = HttpAnswer { status: http::StatusCode::FORBIDDEN, headers: http::HeaderMap::new(), body: body.into() };
    let world = MemoryWorld::new().with_program("login", output);
    let world = world.with_http(http::Method::GET, "http://example.com/", answer);
    run_in(Arc::new(world), Gateway::default(), script, options).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_result_shows_no_secret() {
    for script in [
        "params.password",
        "params",
        "[1, #{ a: params.password }]",
        "let map = #{}; map[params.password] = 1; map",
        r#""user:" + params.password + "@host""#,
        "`the password is ${params.password}!`",
        "base64::encode(params.password)",
        "base64::encode(params.password, #{ url_safe: true })",
        r#"base64::encode("ada:" + params.password)"#,
        "url::encode_component(params.password)",
        r#"url::encode_query(#{ q: params.password })"#,
        "json::encode(#{ a: params.password })",
        "json::encode(json::encode(params.password))",
        "yaml::encode(#{ a: params.password })",
        "params.to_json()",
    ] {
        let seen = run(script).await;
        assert!(seen.ended.is_ok(), "{script}: {}", seen.text());
        seen.hides(script);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_a_run_says_shows_a_secret() {
    for script in [
        "print(params.password)",
        "print(params)",
        "print(base64::encode(params.password))",
        "step(params.password, || 1)",
        "log::info(params.password)",
        r#"log::warn("login", #{ password: params.password })"#,
        r#"log::debug("login", #{ deep: [#{ password: base64::encode("ada:" + params.password) }] })"#,
        r#"let key = #{}; key[params.password] = 1; log::info("login", key)"#,
        r#"parallel([1, 2], |n| print(`${n} ${params.password}`))"#,
    ] {
        let seen = run(script).await;
        assert!(seen.ended.is_ok(), "{script}: {}", seen.text());
        seen.hides(script);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_shows_no_secret() {
    for script in [
        "fail(params.password)",
        "fail(`cannot log in with ${params.password}`)",
        "throw params.password",
        "throw #{ message: params.password }",
        "assert(false, base64::encode(params.password))",
        r#"fail("no", #{ hint: params.password })"#,
        r#"fail("no", #{ details: params.password })"#,
        r#"fail("no", #{ details: #{ deep: [`user:${params.password}`, base64::encode(params.password)] } })"#,
        r#"fail("no", #{ details: #{ kind: "Secret", apiVersion: "v1", data: #{ a: base64::encode(params.password) } } })"#,
        "env::get(params.password)",
        "file::read(params.password)",
        "process::run(params.password, [])",
        r#"process::run("login", [params.password], #{ check: true })"#,
        r#"http::get("http://example.com/", #{ check: true })"#,
        "yaml::decode(params.password + \": [\")",
        "json::decode(params.password)",
        "cluster.get(params.password, \"x\")",
        "#{ a: 1 }.require(params.password)",
    ] {
        let seen = run(script).await;
        assert!(seen.ended.is_err(), "{script}: {}", seen.text());
        let text = seen.text();
        for piece in PIECES {
            assert!(!text.contains(piece), "{script}\nshows {piece}: {text}");
        }
    }
    run("fail(`cannot log in with ${params.password}`)").await.hides("fail");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_script_itself_sees_its_secrets() {
    let script = "assert(params.password.len() == 16 && base64::encode(params.password).len() == 24); 1";
    assert_eq!(run(script).await.ended.unwrap(), Node::from(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_object_in_a_result_keeps_its_keys_only() {
    // Of two bytes: too short to be looked for in other texts.
    let script = r#"#{ apiVersion: "v1", kind: "Secret", metadata: #{ name: "a" }, stringData: #{ pin: "17" } }"#;
    let seen = run_in(Arc::new(MemoryWorld::new()), Gateway::default(), script, RunOptions::default()).await;
    let value = seen.ended.unwrap();
    assert_eq!((value.text_at(&["stringData", "pin"]), value.text_at(&["metadata", "name"])), (Some("***"), Some("a")));
}

#[test]
fn options_of_a_run_show_no_secret_when_they_are_debugged() {
    let params = [("password", Node::from(SECRET))].into_iter().collect();
    let shown = format!("{:?}", RunOptions::with_params(params).hiding([SECRET.to_owned()]));
    assert!(!shown.contains("p@ss"), "{shown}");
}

fn gateway(cluster: &ControlPlane) -> Gateway {
    let world: Arc<dyn World> = Arc::new(SystemWorld::new());
    let (kubeconfig, policy) = (cluster.kubeconfig(), ConnectPolicy::default());
    let connection = Connection::find(&*world, Some(&kubeconfig), &Overrides::default(), &policy).unwrap();
    let connect = move || Ok((Namespace::parse("default").unwrap(), connection.transport(Arc::clone(&world)).unwrap()));
    Gateway::new([("test".to_owned(), Source::Lazy(Arc::new(connect)))])
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_read_of_a_secret_in_a_cluster_is_hidden() {
    let Some(cluster) = ControlPlane::shared() else { return };
    let namespace = cluster.namespace("hidden");
    let secret = serde_json::json!({
        "apiVersion": "v1", "kind": "Secret", "metadata": { "name": "db", "labels": { "app": "db" } },
        "stringData": { "password": SECRET, "user": "ada" },
    });
    cluster.kubectl_with(&["-n", &namespace, "create", "-f", "-"], &secret.to_string());
    let gateway = gateway(cluster);
    let run = async |script: &str| {
        let script = script.replace("NS", &format!("#{{ namespace: \"{namespace}\" }}"));
        run_in(Arc::new(MemoryWorld::new()), gateway.clone(), &script, RunOptions::default()).await
    };
    for script in [
        r#"secret::get(cluster, "db", "password", NS)"#,
        r#"let p = secret::get(cluster, "db", "password", NS); print(p); log::warn(p); fail(p)"#,
        r#"`${secret::get(cluster, "db", "password", NS)}`"#,
        r#"secret::get(cluster, "db", "user", NS); base64::decode_text(cluster.get("Secret", "db", NS).data.password)"#,
        r#"base64::decode_text(cluster.get("Secret", "db", NS).data.password)"#,
        r#"cluster.get("Secret", "db", NS)"#,
        r#"cluster.get("Secret", "db", NS).to_yaml()"#,
        r#"print(cluster.find("Secret", "db", NS).data)"#,
        r#"cluster.list("Secret", NS)"#,
        r#"cluster.list("Secret", NS).map(|s| base64::decode_text(s.data.password))"#,
        r#"cluster.stream("Secret", NS).map(|s| s.data.password)"#,
        r#"cluster.stream("Secret", NS).first().data"#,
        r#"for s in cluster.stream("Secret", NS) { print(s) }"#,
        r#"cluster.watch("Secret", NS, |event| { print(event); false })"#,
        r#"cluster.label(cluster.get("Secret", "db", #{ namespace: NS.namespace, timeout: "10s" }), #{ seen: "yes" })"#,
    ] {
        run(script).await.hides(script);
    }
    let error = run(r#"secret::get(cluster, "db", "pasword", NS)"#).await.ended.unwrap_err().diagnostic;
    assert_eq!(error.code, codes::SECRET);
    assert_eq!(error.hints, ["did you mean `password`?"]);
    let error = run(r#"secret::get(cluster, "none", "password", NS)"#).await.ended.unwrap_err().diagnostic;
    assert_eq!(error.code, codes::NOT_FOUND);
}
