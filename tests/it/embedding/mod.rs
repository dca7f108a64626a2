//! Rutter inside another program: the example runs, and two embedders in one process do not see each other.

use crate::support::memory_server::MemoryServer;
use rutter::cluster::Gateway;
use rutter::diag::codes;
use rutter::journal::{Event, Memory};
use rutter::script::Limits;
use rutter::session::{RunOptions, Script, Session};
use rutter::world::MemoryWorld;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

/// `cargo test` builds examples beside its own binaries.
#[test]
fn the_example_prints_a_typed_outcome() {
    let own = std::env::current_exe().unwrap();
    let example: PathBuf = own.parent().and_then(std::path::Path::parent).unwrap().join("examples").join("embed");
    if !example.is_file() {
        // Only this test binary was built (`cargo test --test it`).
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let status = Command::new(cargo).args(["build", "--quiet", "--example", "embed"]).status().unwrap();
        assert!(status.success());
    }
    let output = Command::new(example).env_clear().output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "the script said: 1 of them in inside\nthe first pending pod: web-1\nE0102: no function `lenn`\n"
    );
    assert!(output.status.success());
}

struct Embedder {
    session: Session,
    events: Arc<Memory>,
    server: MemoryServer,
}

/// A tenant: its own files, variables, clock, cluster, limits, field manager and events.
fn embedder(name: &str, operations: u64) -> Embedder {
    let second = name.len() as i64 * 1_000;
    let world = MemoryWorld::new()
        .with_file("/pkg/own.rhai", format!("fn word() {{ \"{name}\" }}"))
        .with_file(format!("/only/{name}"), name)
        .with_env("NAME", name)
        .at(jiff::Timestamp::from_second(second).unwrap());
    let config_map = format!(r#"{{"kind":"ConfigMap","apiVersion":"v1","metadata":{{"name":"{name}","uid":"u"}}}}"#);
    let path = "GET /api/v1/namespaces/default/configmaps/shared";
    let server = MemoryServer::with_kinds().answering(path, 200, config_map);
    let events = Arc::new(Memory::default());
    let mut limits = Limits::default();
    limits.operations = operations;
    let session = Session::builder(Arc::new(world))
        .gateway(Gateway::to(server.target()))
        .limits(limits)
        .events(events.clone())
        .build();
    Embedder { session, events, server }
}

const SCRIPT: &str = r#"
    import "./own" as own;
    print(own::word());
    let word = own::word();
    let others = if word == "first" { "second" } else { "first" };
    let stolen = false;
    try { file::read(`/only/${others}`); stolen = true; } catch (err) {}
    sleep(0.02);
    #{
        word: own::word(),
        file: file::read(`/only/${word}`),
        env: env::get("NAME"),
        time: time::to_unix(time::now()),
        object: cluster.get("ConfigMap", "shared").name,
        stolen: stolen,
    }
"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_hands_scripts_no_cluster_is_told_how_to() {
    let session = Session::builder(Arc::new(MemoryWorld::new())).build();
    let script = Script::new("pods.rhai", r#"cluster.list("Pod")"#);
    let diagnostic = session.run(&script, RunOptions::default()).await.unwrap_err().diagnostic;
    assert_eq!(diagnostic.code, codes::NO_KUBECONFIG);
    assert!(diagnostic.hints[0].contains("Session::builder(world).gateway("), "{:?}", diagnostic.hints);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_hands_its_details_over() {
    let session = Session::builder(Arc::new(MemoryWorld::new())).build();
    let script =
        Script::new("fail.rhai", r#"try { fail("no", #{ details: #{ count: 7 } }); } catch (err) { throw err; }"#);
    let error = session.run(&script, RunOptions::default()).await.unwrap_err();
    assert_eq!(error.details.unwrap().int_at(&["count"]), Some(7));
    let script = Script::new("fail.rhai", r#"fail("no")"#);
    assert_eq!(session.run(&script, RunOptions::default()).await.unwrap_err().details, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_embedders_in_one_process_see_nothing_of_each_other() {
    let (first, second) = (embedder("first", 1_000_000), embedder("second", 1_000_000));
    let script = Script::new("/pkg/main.rhai", SCRIPT).in_package("/pkg");
    for _ in 0..10 {
        let (one, two) = tokio::join!(
            first.session.run(&script, RunOptions::default()),
            second.session.run(&script, RunOptions::default())
        );
        for (result, name) in [(one, "first"), (two, "second")] {
            let value = result.unwrap_or_else(|error| panic!("{:?}", error.diagnostic)).value;
            for key in ["word", "file", "env", "object"] {
                assert_eq!(value.text_at(&[key]), Some(name), "{key} of {value}");
            }
            assert_eq!(value.get("stolen").and_then(rutter::value::Node::as_bool), Some(false));
            let base = name.len() as i64 * 1_000;
            let time = value.int_at(&["time"]).unwrap();
            assert!((base..base + 100).contains(&time), "{name}: {time}");
        }
    }
    for (embedder, name) in [(&first, "first"), (&second, "second")] {
        let events = embedder.events.events();
        let printed: Vec<&str> = events
            .iter()
            .filter_map(|event| match event {
                Event::Printed { text } => Some(text.as_str()),
                _ => None,
            })
            .collect();
        assert_eq!(printed, vec![name; 10]);
        assert_eq!(embedder.server.calls().len(), 10);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_one_embedders_run_is_not_the_others() {
    let (small, large) = (embedder("first", 5_000), embedder("second", 100_000_000));
    let count = Script::new("count.rhai", "let n = 0; for i in 0..20000 { n += i; } n");
    let (one, two) = tokio::join!(
        small.session.run(&count, RunOptions::default()),
        large.session.run(&count, RunOptions::default())
    );
    assert_eq!(one.unwrap_err().diagnostic.code, codes::SCRIPT_LIMIT);
    assert_eq!(two.unwrap().value.as_i64(), Some(199_990_000));

    let late = RunOptions::default().within(Some(Duration::from_millis(20)));
    let nap = Script::new("nap.rhai", "sleep(0.2); 1");
    let (one, two) = tokio::join!(small.session.run(&nap, late), large.session.run(&nap, RunOptions::default()));
    assert_eq!(one.unwrap_err().diagnostic.code, codes::DEADLINE);
    assert_eq!(two.unwrap().value.as_i64(), Some(1));
}

/// A run that nobody waits for any more ends, and takes no thread with it.
#[tokio::test(flavor = "multi_thread")]
async fn dropping_a_run_stops_it() {
    let embedder = embedder("first", u64::MAX);
    let script = Script::new("loop.rhai", "let n = 0; loop { n += 1; if n % 1000 == 0 { print(n); } }");
    let run = embedder.session.run(&script, RunOptions::default());
    assert!(tokio::time::timeout(Duration::from_millis(50), run).await.is_err());
    tokio::time::sleep(Duration::from_millis(50)).await;
    let before = embedder.events.events().len();
    assert!(before > 0, "the script ran");
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(embedder.events.events().len(), before, "it still runs");
}

/// An embedder's sink with a defect.
struct Crashing;

impl rutter::journal::Sink for Crashing {
    fn record(&self, event: Event) {
        assert!(!matches!(event, Event::Printed { .. }), "the sink is full");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_crashes_in_the_embedder_ends_the_run_and_not_the_process() {
    let session = Session::builder(Arc::new(MemoryWorld::new())).events(Arc::new(Crashing)).build();
    let script = Script::new("print.rhai", "try { print(1); } catch {} 2");
    let error = session.run(&script, RunOptions::default()).await.unwrap_err().diagnostic;
    assert_eq!((error.code, error.message.as_str()), (codes::INTERNAL, "running print.rhai crashed: the sink is full"));
    let quiet = session.run(&Script::new("quiet.rhai", "3"), RunOptions::default()).await;
    assert_eq!(quiet.unwrap().value.as_i64(), Some(3), "the session can be used again");
}
