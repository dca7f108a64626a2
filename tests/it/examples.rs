//! Every example of every spec is run: what the book shows is true.

use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Method, StatusCode};
use rutter::host::{Expect, GROUPS, Param, Spec, Type};
use rutter::session::{RunOptions, Script, Session};
use rutter::value::{Budget, json};
use rutter::world::{HttpAnswer, MemoryWorld, ProgramOutput};
use std::fmt::Write as _;
use std::sync::Arc;

fn specs() -> impl Iterator<Item = &'static Spec> {
    GROUPS.iter().copied().flatten().copied()
}

/// What the examples find outside: files, variables, programs, addresses.
fn world() -> MemoryWorld {
    let program = |status, stdout: &str| ProgramOutput { status, stdout: stdout.into(), stderr: Vec::new() };
    let mut world = MemoryWorld::new()
        .with_env("REGION", "eu-north-1")
        .with_file("settings.yaml", "replicas: 3\n")
        .with_file("logo.bin", [0xff, 0x00, 0x01])
        .with_file("manifests/web.yaml", "")
        .with_file("manifests/base/web.yaml", "")
        .with_program("git", program(Some(0), "4f0c1d2\n"))
        .with_program("false", program(Some(1), ""));
    for (method, url, status, json) in [
        (Method::GET, "https://releases.example.com/latest", 200, r#"{"version":"1.4.2"}"#),
        (Method::GET, "https://releases.example.com/none", 404, r#"{"error":"no such release"}"#),
        (Method::POST, "https://chat.example.com/hook", 204, ""),
        (Method::PUT, "https://files.example.com/report.txt", 201, ""),
        (Method::PATCH, "https://files.example.com/report.txt", 200, ""),
        (Method::DELETE, "https://files.example.com/report.txt", 204, ""),
    ] {
        let (status, body) = (StatusCode::from_u16(status).expect("a status"), json.into());
        let headers = [(CONTENT_TYPE, HeaderValue::from_static("application/json"))].into_iter().collect();
        world = world.with_http(method, url, HttpAnswer { status, headers, body });
    }
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn every_example_gives_what_it_says() {
    let session = Session::builder(Arc::new(world())).build();
    let mut wrong = String::new();
    for spec in specs() {
        for example in spec.examples {
            let script = Script::new(spec.full_name(), example.source);
            let result = session.run(&script, RunOptions::default()).await;
            let problem = match (&example.result, result) {
                (Expect::Cluster, _) => continue,
                (Expect::Json(wanted), Ok(outcome)) => {
                    let wanted = json::read(wanted, "example", &Budget::default()).expect("the expectation is JSON");
                    (outcome.value != wanted).then(|| format!("gives {:?}, not {wanted:?}", outcome.value))
                }
                (Expect::Error(code), Err(error)) => {
                    (error.diagnostic.code != *code).then(|| format!("fails with {:?}, not {code}", error.diagnostic))
                }
                (Expect::Json(_), Err(error)) => Some(format!("fails: {:?}", error.diagnostic)),
                (Expect::Error(code), Ok(outcome)) => Some(format!("gives {:?}, not {code}", outcome.value)),
            };
            if let Some(problem) = problem {
                let _ = writeln!(wrong, "{} ({}): {problem}", spec.full_name(), example.title);
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn every_spec_is_complete() {
    for spec in specs() {
        let name = spec.full_name();
        assert!(spec.summary.ends_with('.'), "{name}: the summary is a sentence");
        assert!(!spec.examples.is_empty(), "{name}: an example says more than a paragraph");
        assert!(spec.params.iter().all(|param| param.text.ends_with('.')), "{name}: texts of params are sentences");
        assert!(spec.options.iter().all(|option| option.text.ends_with('.')), "{name}: texts of options are sentences");
        let takes_map = |param: &Param| param.default.is_some() && matches!(param.kind, Type::Any | Type::Object);
        let ambiguous = !spec.options.is_empty() && spec.params.iter().any(takes_map);
        assert!(!ambiguous, "{name}: an optional map and options cannot be told apart");
    }
}

#[test]
fn every_spec_has_a_name_of_its_own() {
    let mut names: Vec<String> = specs().map(Spec::full_name).collect();
    names.sort();
    let before = names.len();
    names.dedup();
    assert_eq!(names.len(), before, "two specs share a name");
}
