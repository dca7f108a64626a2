//! The layers together, above a scripted transport: what is sent, how often, and what comes back.

use crate::cluster::error::Error;
use crate::cluster::read::GetOptions;
use crate::cluster::scripted::{Reply, Scripted};
use crate::cluster::write::ApplyOptions;
use crate::cluster::{CancelToken, Context, Problem, Result, Stage, Target};
use crate::diag::{Explain, codes};
use crate::journal::{Event, Memory};
use crate::object::{KindQuery, Name};
use crate::value::Node;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

const POD: &str = "GET /api/v1/namespaces/default/pods/a";
const APPLY: &str = "PATCH /api/v1/namespaces/default/configmaps/a?fieldManager=rutter&fieldValidation=Strict";

fn pod() -> Reply {
    Reply::json(
        200,
        r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","uid":"u1","resourceVersion":"7","managedFields":[]}}"#,
    )
}

fn status(code: u16) -> Reply {
    Reply::json(code, format!(r#"{{"kind":"Status","code":{code},"message":"scripted {code}"}}"#))
}

async fn get(server: &Scripted, run: &Context) -> Result<Node> {
    get_from(&server.target(), run).await
}

async fn get_from(target: &Target, run: &Context) -> Result<Node> {
    target.get(run, &KindQuery::parse("Pod").unwrap(), &Name::parse("a").unwrap(), &GetOptions::default()).await
}

async fn apply(server: &Scripted, run: &Context) -> Result<Node> {
    let object = Node::from([
        ("apiVersion", "v1".into()),
        ("kind", "ConfigMap".into()),
        ("metadata", [("name", "a".into()), ("uid", "old".into()), ("managedFields", Node::list(Vec::new()))].into()),
    ]);
    server.target().apply(run, &object, &ApplyOptions::default()).await
}

#[tokio::test(start_paused = true)]
async fn reads_again_after_a_busy_server_a_failing_one_and_a_broken_connection() {
    let server = Scripted::with_kinds()
        .on(POD, status(429).with("retry-after", "3"))
        .on(POD, status(500))
        .on(POD, status(503).with("retry-after", "2"))
        .on(POD, Reply::Fail(Stage::Sent))
        .on(POD, Reply::Broken(vec![r#"{"apiVersion":"#.into()]))
        .on(POD, pod());
    let started = Instant::now();
    let object = get(&server, &Context::default()).await.unwrap();
    assert_eq!(object.text_at(&["metadata", "uid"]), Some("u1"));
    assert_eq!(object.at(&["metadata", "managedFields"]), None);
    assert_eq!(server.lines().len(), 6);
    assert!(started.elapsed() >= Duration::from_secs(5), "the server's pauses were kept");
}

#[tokio::test(start_paused = true)]
async fn does_not_repeat_what_the_server_has_decided() {
    for (code, problem) in [
        (400, Problem::BadRequest),
        (401, Problem::Unauthorized),
        (403, Problem::Forbidden),
        (405, Problem::Unsupported),
        (409, Problem::Conflict),
        (410, Problem::Expired),
        (413, Problem::Invalid),
        (422, Problem::Invalid),
    ] {
        let server = Scripted::with_kinds().on(POD, status(code)).on(POD, pod());
        let error = get(&server, &Context::default()).await.unwrap_err();
        assert_eq!(error.problem(), Some(problem), "{code}");
        assert_eq!(server.lines().len(), 1, "{code}");
    }
}

#[tokio::test(start_paused = true)]
async fn gives_up_a_failing_server_after_five_repetitions() {
    let server = Scripted::with_kinds().always(POD, status(502));
    let error = get(&server, &Context::default()).await.unwrap_err();
    assert_eq!(error.problem(), Some(Problem::ServerError));
    assert_eq!(server.lines().len(), 6);
}

#[tokio::test(start_paused = true)]
async fn a_retry_after_of_a_day_is_one_of_a_minute() {
    let server = Scripted::with_kinds().on(POD, status(429).with("retry-after", "100000")).on(POD, pod());
    let started = Instant::now();
    get(&server, &Context::default()).await.unwrap();
    assert!(started.elapsed() >= Duration::from_secs(60) && started.elapsed() < Duration::from_secs(70));
}

#[tokio::test(start_paused = true)]
async fn a_pause_beyond_the_deadline_ends_the_call_at_once() {
    let server = Scripted::with_kinds().on(POD, status(429).with("retry-after", "50"));
    let started = Instant::now();
    let error = get(&server, &Context::default().within(Duration::from_secs(20))).await.unwrap_err();
    assert_eq!(error.code(), codes::TOO_MANY_REQUESTS);
    assert!(started.elapsed() < Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn waits_for_a_server_that_is_away_and_says_so() {
    let journal = Arc::new(Memory::default());
    let mut server = Scripted::with_kinds();
    for _ in 0..20 {
        server = server.on(POD, Reply::Fail(Stage::Connect));
    }
    let server = server.on(POD, pod());
    get(&server, &Context::new(journal.clone())).await.unwrap();
    let events = journal.events();
    let waits = events.iter().filter(|event| matches!(event, Event::Waiting { calls: 1, .. })).count();
    assert_eq!((server.lines().len(), waits), (21, 19), "the first failure may be one connection's trouble");
    assert!(matches!(events.last(), Some(Event::Reached { .. })), "{events:?}");
}

#[tokio::test(start_paused = true)]
async fn says_how_many_calls_wait_for_a_server_and_when_the_next_one_tries() {
    let (journal, started) = (Arc::new(Memory::default()), Instant::now());
    let mut server = Scripted::with_kinds().on(POD, pod());
    for _ in 0..300 {
        server = server.on(POD, Reply::Fail(Stage::Connect));
    }
    let (server, run) = (server.always(POD, pod()), Context::new(journal.clone()));
    let target = server.target();
    get_from(&target, &run).await.unwrap();
    let all = futures_util::future::join_all((0..8).map(|_| get_from(&target, &run))).await;
    assert!(all.iter().all(Result::is_ok));
    let events = journal.events();
    let waiting = events.iter().filter_map(|event| match event {
        Event::Waiting { calls, next, .. } => Some((*calls, *next)),
        _ => None,
    });
    let waiting: Vec<(usize, Duration)> = waiting.collect();
    assert_eq!(waiting.iter().map(|(calls, _)| *calls).max(), Some(8));
    assert!(waiting.iter().all(|(_, next)| *next <= Duration::from_secs(5)), "{waiting:?}");
    let reached: Vec<_> = events.iter().filter(|event| matches!(event, Event::Reached { .. })).collect();
    assert_eq!(reached.len(), 1, "{reached:?}");
    assert!(started.elapsed() > Duration::from_secs(10));
}

#[tokio::test(start_paused = true)]
async fn a_certificate_that_proves_nothing_ends_a_call_at_once_also_of_a_server_that_was_known() {
    let server = Scripted::with_kinds().on(POD, pod()).on(POD, Reply::Untrusted).on(POD, pod());
    let (target, run, started) = (server.target(), Context::default(), Instant::now());
    get_from(&target, &run).await.unwrap();
    let error = get_from(&target, &run).await.unwrap_err();
    assert_eq!((error.code(), error.hint().as_deref()), (codes::TLS, Some("scripted hint")));
    assert_eq!((server.lines().len(), started.elapsed()), (2, Duration::ZERO));
}

#[tokio::test(start_paused = true)]
async fn a_server_that_never_answered_is_not_waited_for() {
    let server = Scripted::new()
        .always("GET /api", Reply::Fail(Stage::Connect))
        .always("GET /apis", Reply::Fail(Stage::Connect));
    let started = Instant::now();
    let error = get(&server, &Context::default()).await.unwrap_err();
    assert_eq!(error.code(), codes::UNREACHABLE);
    assert!(started.elapsed() < Duration::from_secs(2));
}

#[tokio::test(start_paused = true)]
async fn a_server_that_stays_away_is_named_at_the_deadline() {
    let server = Scripted::with_kinds().always(POD, Reply::Fail(Stage::Connect));
    let started = Instant::now();
    let error = get(&server, &Context::default()).await.unwrap_err();
    assert_eq!(error.to_string(), "cannot get Pod/default/a in cluster test: scripted failure");
    assert!(started.elapsed() > Duration::from_secs(110) && started.elapsed() <= Duration::from_secs(120));
}

#[tokio::test(start_paused = true)]
async fn a_silent_server_ends_the_call_at_its_deadline() {
    let server = Scripted::with_kinds().always(POD, Reply::Silent);
    let started = Instant::now();
    let error = get(&server, &Context::default().within(Duration::from_secs(45))).await.unwrap_err();
    assert_eq!(error.to_string(), "cannot get Pod/default/a in cluster test: no answer within 45s");
    assert_eq!(error.notes(), ["before that: no answer within 30 s"]);
    assert_eq!(started.elapsed().as_secs(), 45);
}

#[tokio::test(start_paused = true)]
async fn a_stop_ends_a_call_in_the_middle() {
    let server = Scripted::with_kinds().always(POD, Reply::Silent);
    let cancel = CancelToken::new();
    let run = Context::default().cancelled_by(cancel.clone());
    let stop = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        cancel.cancel();
    };
    let started = Instant::now();
    let (read, ()) = tokio::join!(get(&server, &run), stop);
    assert!(matches!(read, Err(Error::Cancelled { .. })));
    assert_eq!(started.elapsed().as_secs(), 1);
}

#[tokio::test(start_paused = true)]
async fn sends_an_apply_again_with_the_same_bytes() {
    let journal = Arc::new(Memory::default());
    let server = Scripted::with_kinds().on(APPLY, Reply::Fail(Stage::Sent)).on(APPLY, pod());
    apply(&server, &Context::new(journal.clone())).await.unwrap();
    let sent = server.sent();
    assert_eq!(sent.len(), 2);
    assert_eq!(sent[0], sent[1]);
    assert_eq!(sent[0].1, r#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","namespace":"default"}}"#);
    let events = journal.events();
    assert!(matches!(&events[1], Event::Intent(intent) if intent.object == "ConfigMap/default/a"), "{events:?}");
    assert!(matches!(&events[2], Event::Retry { attempt: 1, .. }));
    assert!(
        matches!(&events[3], Event::Done(done) if done.status == Some(200) && done.uid.as_deref() == Some("u1") && done.resource_version.as_deref() == Some("7"))
    );
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_only_its_host_is_told() {
    let away = status(307).with("location", "https://evil.example:8443/steal?token=abc");
    let server = Scripted::with_kinds().on(POD, away);
    let error = get(&server, &Context::default()).await.unwrap_err();
    assert_eq!(error.code(), codes::REDIRECT);
    assert_eq!(error.to_string(), "cannot get Pod/default/a in cluster test: the server redirects to evil.example");
}

#[tokio::test]
async fn an_endless_answer_is_cut_at_its_cap() {
    let server = Scripted::with_kinds().on(POD, Reply::Endless(vec![b' '; 1 << 20].into()));
    let error = get(&server, &Context::default()).await.unwrap_err();
    assert_eq!(error.code(), codes::RESPONSE_TOO_LARGE);
}

#[tokio::test]
async fn an_answer_that_announces_too_much_is_not_read() {
    let huge = Reply::json(200, "{}").with("content-length", "2147483648");
    let server = Scripted::with_kinds().on(POD, huge);
    assert_eq!(get(&server, &Context::default()).await.unwrap_err().code(), codes::RESPONSE_TOO_LARGE);
}

#[tokio::test]
async fn garbage_and_endless_depth_are_malformed_answers() {
    for body in ["<html>login</html>".to_owned(), "[".repeat(1_000_000), "{} {}".to_owned(), String::new()] {
        let server = Scripted::with_kinds().on(POD, Reply::json(200, body));
        assert_eq!(get(&server, &Context::default()).await.unwrap_err().code(), codes::MALFORMED_RESPONSE);
    }
}

#[tokio::test]
async fn the_same_warning_is_told_once_per_run() {
    let journal = Arc::new(Memory::default());
    let warned = || pod().with("warning", r#"299 - "old API""#);
    let server = Scripted::with_kinds().on(POD, warned()).on(POD, warned());
    let run = Context::new(journal.clone());
    get(&server, &run).await.unwrap();
    get(&server, &run).await.unwrap();
    let told =
        journal.events().into_iter().filter(|event| matches!(event, Event::Warning { text, .. } if text == "old API"));
    assert_eq!(told.count(), 1);
}

#[tokio::test]
async fn kubes_own_client_goes_through_the_stack() {
    let server = Scripted::new().on("GET /api/v1/namespaces/x/pods/a", pod());
    let client = server.target().client();
    let send = |uri: &str| client.request_text(http::Request::get(uri).body(Vec::new()).unwrap());
    assert!(send("/api/v1/namespaces/x/pods/a").await.unwrap().contains("u1"));
    for uri in ["/api/v1/namespaces/x/pods/a%2fb", "/api/v1/namespaces/x/pods/../b", "/api/v1/namespaces/x/pods/a?x=y"]
    {
        assert!(send(uri).await.is_err(), "{uri}");
    }
    assert_eq!(server.lines().len(), 1, "nothing else was sent");
}

#[tokio::test(start_paused = true)]
async fn a_cluster_in_trouble_is_not_buried_under_repetitions() {
    let server = Scripted::with_kinds().always(POD, status(503));
    let target = server.target();
    let (kind, name) = (KindQuery::parse("Pod").unwrap(), Name::parse("a").unwrap());
    let (run, options) = (Context::default(), GetOptions::default());
    let calls = (0..100).map(|_| target.get(&run, &kind, &name, &options));
    let failed = futures_util::future::join_all(calls).await.into_iter().filter(Result::is_err).count();
    assert_eq!(failed, 100);
    let sent = server.lines().len();
    assert!(sent < 100 * 2 + 60, "one repetition each, and few more: {sent}");
}

#[tokio::test(start_paused = true)]
async fn a_run_says_how_long_its_calls_may_take() {
    let server = Scripted::with_kinds().always(POD, Reply::Silent);
    let started = Instant::now();
    let error = get(&server, &Context::default().calls_within(Duration::from_secs(7))).await.unwrap_err();
    assert_eq!((error.code(), started.elapsed().as_secs()), (codes::TIMEOUT, 7));
}

#[tokio::test(start_paused = true)]
async fn a_refusal_whose_body_never_ends_is_what_has_arrived_of_it() {
    let body = r#"{"kind":"Status","code":403,"reason":"Forbidden","message":"pods \"a\" is forbidden"}"#;
    let server = Scripted::with_kinds().on(POD, Reply::Dripping(403, body.into()));
    let started = Instant::now();
    let error = get(&server, &Context::default()).await.unwrap_err();
    assert_eq!(error.problem(), Some(Problem::Forbidden), "{error}");
    assert_eq!(error.to_string(), r#"cannot get Pod/default/a in cluster test: pods "a" is forbidden"#);
    assert_eq!((server.lines().len(), started.elapsed().as_secs()), (1, 2));
}
