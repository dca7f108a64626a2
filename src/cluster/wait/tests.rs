//! Waits above a scripted server.

use super::{Condition, Moment, Verdict, WaitError, WaitOptions};
use crate::cluster::Context;
use crate::cluster::scripted::{Reply, Scripted};
use crate::diag::{Explain, codes};
use crate::object::{GroupVersionKind, Name, ObjectRef};
use std::time::Duration;

const LIST: &str = "GET /api/v1/namespaces/default/pods?fieldSelector=metadata.name%3Da&limit=500";
const WATCH: &str = "GET /api/v1/namespaces/default/pods?watch=true&allowWatchBookmarks=true&resourceVersion=100&timeoutSeconds=290&fieldSelector=metadata.name%3Da";

fn pod(uid: &str, version: u32, phase: &str) -> String {
    let ready = if phase == "Running" { r#""conditions":[{"type":"Ready","status":"True"}],"# } else { "" };
    format!(
        r#"{{"apiVersion":"v1","kind":"Pod","metadata":{{"name":"a","namespace":"default","uid":"{uid}","resourceVersion":"{version}"}},"status":{{{ready}"phase":"{phase}"}}}}"#
    )
}

fn list(items: &str) -> Reply {
    Reply::json(
        200,
        format!(r#"{{"kind":"PodList","apiVersion":"v1","metadata":{{"resourceVersion":"100"}},"items":[{items}]}}"#),
    )
}

/// These events, and then nothing for as long as one listens.
fn events(events: &[(&str, String)]) -> Reply {
    let lines = events.iter().map(|(kind, object)| format!("{{\"type\":\"{kind}\",\"object\":{object}}}\n").into());
    Reply::Stuck(lines.collect())
}

fn reference(uid: Option<&str>) -> ObjectRef {
    let gvk = GroupVersionKind::parse("v1", "Pod").unwrap();
    ObjectRef { gvk, namespace: None, name: Name::parse("a").unwrap(), uid: uid.map(Into::into) }
}

async fn wait(
    server: &Scripted,
    uid: Option<&str>,
    condition: &str,
    options: WaitOptions,
) -> Result<String, WaitError> {
    let condition = Condition::parse(condition).unwrap();
    let met = server.target().wait(&Context::default(), &reference(uid), &condition, &options).await?;
    Ok(met.map_or("nothing".to_owned(), |object| {
        let text = |path: &[&str]| object.text_at(path).unwrap().to_owned();
        format!("{} {}", text(&["metadata", "uid"]), text(&["status", "phase"]))
    }))
}

fn within(timeout: u64, stable_for: u64) -> WaitOptions {
    WaitOptions { timeout: Duration::from_secs(timeout), stable_for: Duration::from_secs(stable_for) }
}

#[tokio::test(start_paused = true)]
async fn asks_once_and_then_listens() {
    let server = Scripted::with_kinds()
        .on(LIST, list(&pod("u", 1, "Pending")))
        .on(WATCH, events(&[("MODIFIED", pod("u", 101, "Running"))]));
    assert_eq!(wait(&server, None, "ready", within(60, 0)).await.unwrap(), "u Running");
    assert_eq!(server.lines(), [LIST, WATCH]);
}

#[tokio::test(start_paused = true)]
async fn waits_for_what_does_not_exist_yet() {
    let server = Scripted::with_kinds().on(LIST, list("")).on(WATCH, events(&[("ADDED", pod("u", 101, "Running"))]));
    assert_eq!(wait(&server, None, "exists", within(60, 0)).await.unwrap(), "u Running");
}

#[tokio::test(start_paused = true)]
async fn an_object_that_was_replaced_is_deleted() {
    let server = Scripted::with_kinds().always(LIST, list(&pod("new", 1, "Running"))).always(WATCH, events(&[]));
    assert_eq!(wait(&server, Some("old"), "deleted", within(60, 0)).await.unwrap(), "nothing");
    let error = wait(&server, Some("old"), "ready", within(60, 0)).await.unwrap_err();
    assert_eq!(error.code(), codes::WAIT_FAILED);
    assert_eq!(error.to_string(), "Pod/default/a was not ready, and waiting does not help: it was deleted");
}

#[tokio::test(start_paused = true)]
async fn has_to_hold_without_interruption() {
    let flapping = [("MODIFIED", pod("u", 101, "Pending")), ("MODIFIED", pod("u", 102, "Running"))];
    let server = Scripted::with_kinds().on(LIST, list(&pod("u", 1, "Running"))).on(WATCH, events(&flapping));
    let started = tokio::time::Instant::now();
    assert_eq!(wait(&server, None, "ready", within(60, 10)).await.unwrap(), "u Running");
    assert!(started.elapsed() >= Duration::from_secs(10));
    let server = Scripted::with_kinds().on(LIST, list(&pod("u", 1, "Running"))).always(WATCH, events(&[]));
    let error = wait(&server, None, "ready", within(5, 10)).await.unwrap_err();
    assert_eq!(error.to_string(), "Pod/default/a was not ready after 5s: it held for 5s, not for 10s");
}

#[tokio::test(start_paused = true)]
async fn a_failed_object_ends_the_wait_at_once() {
    let server = Scripted::with_kinds().on(LIST, list(&pod("u", 1, "Failed"))).always(WATCH, events(&[]));
    let started = tokio::time::Instant::now();
    let error = wait(&server, None, "ready", within(60, 0)).await.unwrap_err();
    assert_eq!(error.code(), codes::WAIT_FAILED);
    assert!(started.elapsed() < Duration::from_secs(10));
}

#[tokio::test(start_paused = true)]
async fn the_deadline_comes_with_what_was_seen_last() {
    let server = Scripted::with_kinds().on(LIST, list(&pod("u", 1, "Pending"))).always(WATCH, events(&[]));
    let error = wait(&server, None, "jsonpath={.status.phase}=Running", within(300, 0)).await.unwrap_err();
    assert_eq!(error.code(), codes::NOT_READY);
    assert_eq!(
        error.to_string(),
        "Pod/default/a did not reach jsonpath={.status.phase}=Running after 5m0s: status.phase is `Pending`"
    );
    let notes = error.notes();
    assert_eq!(
        notes[0],
        "waiting for: jsonpath={.status.phase}=Running, last seen 5m0s ago: status.phase is `Pending`"
    );
    assert_eq!(notes[1], "because: Pod/default/a: Pending, it has no node yet");
}

#[tokio::test(start_paused = true)]
async fn a_wait_for_what_never_comes_says_that_there_is_none() {
    let server = Scripted::with_kinds().on(LIST, list("")).always(WATCH, events(&[]));
    let error = wait(&server, None, "ready", within(30, 0)).await.unwrap_err();
    assert_eq!(error.to_string(), "Pod/default/a was not ready after 30s: it does not exist");
}

#[tokio::test(start_paused = true)]
async fn whoever_waits_may_judge_for_himself() {
    let server = Scripted::with_kinds()
        .on(LIST, list(&pod("u", 1, "Pending")))
        .on(WATCH, events(&[("MODIFIED", pod("u", 101, "Running"))]));
    let (target, run) = (server.target(), Context::default());
    let mut waiting = target.waiting(&run, &reference(None), &Condition::Exists, &within(60, 0)).await.unwrap();
    let mut seen = Vec::new();
    loop {
        match waiting.next().await.unwrap() {
            Moment::Held => break,
            Moment::Seen(object) => {
                let phase = object.as_ref().and_then(|object| object.text_at(&["status", "phase"])).unwrap().to_owned();
                let is_met = phase == "Running";
                seen.push(phase);
                waiting.judge(if is_met { Verdict::Met } else { Verdict::Pending(String::new()) }).await.unwrap();
            }
        }
    }
    assert_eq!(seen, ["Pending", "Running"]);
}

#[tokio::test(start_paused = true)]
async fn a_crashing_container_is_explained_with_its_last_words() {
    let crashing = r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","namespace":"default","uid":"u","resourceVersion":"1"},"spec":{"nodeName":"n","containers":[{"name":"app","resources":{"limits":{"memory":"256Mi"}}}]},"status":{"phase":"Running","containerStatuses":[{"name":"app","restartCount":6,"state":{"waiting":{"reason":"CrashLoopBackOff"}},"lastState":{"terminated":{"exitCode":137,"reason":"OOMKilled"}}}]}}"#;
    let log = "GET /api/v1/namespaces/default/pods/a/log?container=app&previous=true&tailLines=3&limitBytes=4096";
    let warned = r#"{"kind":"EventList","apiVersion":"events.k8s.io/v1","metadata":{"resourceVersion":"1"},"items":[{"metadata":{"name":"e"},"type":"Warning","reason":"BackOff","note":"Back-off restarting failed container","deprecatedCount":12}]}"#;
    let events_line = "GET /apis/events.k8s.io/v1/namespaces/default/events?fieldSelector=regarding.kind%3DPod%2Cregarding.name%3Da%2Cregarding.uid%3Du&limit=500";
    let server = Scripted::with_kinds()
        .on(LIST, list(crashing))
        .always(WATCH, events(&[]))
        .on(log, Reply::Answer(200, Vec::new(), vec!["java.lang.OutOfMemoryError: Java heap space\n".into()]))
        .on(events_line, Reply::json(200, warned));
    let error = wait(&server, None, "ready", within(30, 0)).await.unwrap_err();
    let notes = error.notes();
    assert!(notes[1].starts_with("because: Pod/default/a, container app: CrashLoopBackOff, exit code 137 (OOMKilled)"));
    assert_eq!(notes[2], "last log: \"java.lang.OutOfMemoryError: Java heap space\"", "{:#?}", server.lines());
    assert_eq!(
        notes[3],
        "event: Pod/default/a: BackOff: Back-off restarting failed container (12 times)",
        "{:#?}",
        server.lines()
    );
    assert_eq!(error.hint().unwrap(), "memory limit is 256Mi; see `rutter doc E0311`");
}
