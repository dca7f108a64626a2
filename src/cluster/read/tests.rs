//! Lists, watches and logs above a scripted server.

use super::{Change, Content, Follow, ListOptions, LogOptions, Watch, WatchOptions};
use crate::cluster::scripted::{Reply, Scripted};
use crate::cluster::{Context, Error, Problem, Result, Scope};
use crate::diag::{Explain, codes};
use crate::object::{KindQuery, Name, Namespace, ObjectRef};
use crate::value::Node;
use bytes::Bytes;
use std::time::Duration;

const FIRST: &str = "GET /api/v1/namespaces/default/pods?limit=500";

fn pod_kind() -> KindQuery {
    KindQuery::parse("Pod").unwrap()
}

fn items(names: &[&str]) -> String {
    let items: Vec<String> = names
        .iter()
        .map(|name| format!(r#"{{"metadata":{{"name":"{name}","uid":"u-{name}","resourceVersion":"1"}}}}"#))
        .collect();
    items.join(",")
}

fn page(names: &[&str], token: &str) -> Reply {
    let metadata = format!(r#"{{"resourceVersion":"100","continue":"{token}"}}"#);
    Reply::json(
        200,
        format!(r#"{{"kind":"PodList","apiVersion":"v1","metadata":{metadata},"items":[{}]}}"#, items(names)),
    )
}

fn next(token: &str) -> String {
    format!("{FIRST}&continue={token}")
}

fn expired() -> Reply {
    Reply::json(410, r#"{"kind":"Status","code":410,"reason":"Expired","message":"too old"}"#)
}

async fn names(server: &Scripted, options: &ListOptions) -> Result<Vec<String>> {
    let list = server.target().list(&Context::default(), &pod_kind(), options).await?;
    Ok(list.items.iter().map(|item| item.text_at(&["metadata", "name"]).unwrap().to_owned()).collect())
}

#[tokio::test]
async fn pages_by_500_where_servers_do_not_stream() {
    let server = Scripted::with_kinds().on(FIRST, page(&["a", "b"], "t1")).on(&next("t1"), page(&["c"], ""));
    let list = server.target().list(&Context::default(), &pod_kind(), &ListOptions::default()).await.unwrap();
    assert_eq!(list.items.len(), 3);
    assert_eq!(list.resource_version, "100");
    for item in &list.items {
        assert_eq!((item.text_at(&["apiVersion"]), item.text_at(&["kind"])), (Some("v1"), Some("Pod")));
    }
}

#[tokio::test]
async fn asks_once_where_servers_stream_lists() {
    for version in ["v1.34.0", "v1.37.2", "v1.35.1-eks-123"] {
        let server = Scripted::with_kinds_of(version).on("GET /api/v1/namespaces/default/pods", page(&["a"], ""));
        assert_eq!(names(&server, &ListOptions::default()).await.unwrap(), ["a"], "{version}");
    }
}

#[tokio::test]
async fn stops_at_the_limit() {
    let line = "GET /api/v1/pods?limit=2";
    let server = Scripted::with_kinds().on(line, page(&["a", "b", "c"], "more"));
    let options = ListOptions { scope: Scope::All, limit: Some(2), ..ListOptions::default() };
    assert_eq!(names(&server, &options).await.unwrap(), ["a", "b"]);
    let none = ListOptions { limit: Some(0), ..ListOptions::default() };
    assert!(names(&server, &none).await.unwrap().is_empty());
    assert_eq!(server.lines().len(), 1);
}

#[tokio::test]
async fn a_list_that_is_kept_is_begun_anew_when_the_server_forgets_it() {
    let server = Scripted::with_kinds()
        .on(FIRST, page(&["a"], "t1"))
        .on(&next("t1"), expired())
        .on(FIRST, page(&["x"], "t2"))
        .on(&next("t2"), page(&["y"], ""));
    assert_eq!(names(&server, &ListOptions::default()).await.unwrap(), ["x", "y"]);
}

#[tokio::test]
async fn a_list_that_is_forgotten_again_and_again_is_given_up() {
    let server = Scripted::with_kinds().always(FIRST, page(&["a"], "t1")).always(&next("t1"), expired());
    assert_eq!(names(&server, &ListOptions::default()).await.unwrap_err().code(), codes::EXPIRED);
    assert_eq!(server.lines().len(), 6, "three lists of two requests");
}

#[tokio::test]
async fn a_list_that_is_handed_out_is_not_begun_anew() {
    let server = Scripted::with_kinds().on(FIRST, page(&["a"], "t1")).on(&next("t1"), expired());
    let mut pager = server.target().stream(&Context::default(), &pod_kind(), &ListOptions::default()).await.unwrap();
    assert!(pager.next().await.unwrap().is_some());
    assert_eq!(pager.next().await.unwrap_err().problem(), Some(Problem::Expired));
    assert_eq!(pager.next().await.unwrap(), None, "an error ends it");
}

#[tokio::test(start_paused = true)]
async fn a_reader_that_takes_its_time_gets_the_whole_list_of_then() {
    let mut server = Scripted::with_kinds().on(FIRST, page(&["a"], "t1"));
    for number in 1..200 {
        server = server.on(&next(&format!("t{number}")), page(&["x"], &format!("t{}", number + 1)));
    }
    let server = server.on(&next("t200"), page(&["z"], ""));
    let mut pager = server.target().stream(&Context::default(), &pod_kind(), &ListOptions::default()).await.unwrap();
    pager.next().await.unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(server.lines().len() < 100, "only so much is read ahead");
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(server.lines().len(), 201, "the server is not made to wait for ever");
    let mut count = 1;
    while pager.next().await.unwrap().is_some() {
        count += 1;
    }
    assert_eq!((count, pager.resource_version()), (201, "100"));
}

#[tokio::test(start_paused = true)]
async fn a_list_that_nobody_wants_any_more_is_not_read_on() {
    let server = Scripted::with_kinds().on(FIRST, page(&["a"], "t1")).on(&next("t1"), Reply::Silent);
    let mut pager = server.target().stream(&Context::default(), &pod_kind(), &ListOptions::default()).await.unwrap();
    pager.next().await.unwrap();
    drop(pager);
    tokio::time::sleep(Duration::from_secs(100)).await;
    assert_eq!(server.lines().len(), 2, "the request that hung was not repeated");
}

#[tokio::test]
async fn the_same_next_page_twice_is_an_error() {
    let server = Scripted::with_kinds().on(FIRST, page(&["a"], "t1")).always(&next("t1"), page(&["a"], "t1"));
    let error = names(&server, &ListOptions::default()).await.unwrap_err();
    assert_eq!(error.code(), codes::MALFORMED_RESPONSE);
    assert_eq!(server.lines().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_list_that_breaks_in_the_middle_is_begun_anew() {
    let half = Bytes::from(format!(r#"{{"kind":"PodList","items":[{},"#, items(&["a", "b"])));
    let server = Scripted::with_kinds().on(FIRST, Reply::Broken(vec![half])).on(FIRST, page(&["a", "b", "c"], ""));
    assert_eq!(names(&server, &ListOptions::default()).await.unwrap(), ["a", "b", "c"]);
}

#[tokio::test(start_paused = true)]
async fn a_list_that_stalls_is_ended_and_says_so() {
    let half = Bytes::from(format!(r#"{{"kind":"PodList","items":[{},"#, items(&["a"])));
    let server = Scripted::with_kinds().on(FIRST, Reply::Stuck(vec![half]));
    let error = names(&server, &ListOptions::default()).await.unwrap_err();
    assert_eq!(error.code(), codes::TIMEOUT);
    assert_eq!(error.notes(), ["before that: the answer paused for 60 s"]);
}

#[tokio::test(start_paused = true)]
async fn an_endless_list_is_cut_at_its_cap() {
    let server = Scripted::with_kinds().on(FIRST, Reply::Endless(vec![b' '; 1 << 20].into()));
    assert_eq!(names(&server, &ListOptions::default()).await.unwrap_err().code(), codes::RESPONSE_TOO_LARGE);
}

#[tokio::test]
async fn what_is_no_list_is_malformed() {
    for body in ["<html>", "[]", "{}", r#"{"kind":"Pod","metadata":{}}"#, r#"{"kind":"PodList","items":[{"#] {
        let server = Scripted::with_kinds().on(FIRST, Reply::json(200, body));
        assert_eq!(
            names(&server, &ListOptions::default()).await.unwrap_err().code(),
            codes::MALFORMED_RESPONSE,
            "{body}"
        );
    }
}

#[tokio::test]
async fn metadata_only_objects_know_what_they_are() {
    let item = r#"{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":{"name":"a"}}"#;
    let list = format!(
        r#"{{"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/v1","metadata":{{}},"items":[{item}]}}"#
    );
    let server = Scripted::with_kinds().on(FIRST, Reply::json(200, list));
    let options = ListOptions { content: Content::Metadata, ..ListOptions::default() };
    let list = server.target().list(&Context::default(), &pod_kind(), &options).await.unwrap();
    assert_eq!((list.items[0].text_at(&["apiVersion"]), list.items[0].text_at(&["kind"])), (Some("v1"), Some("Pod")));
}

#[tokio::test]
async fn a_namespace_for_a_kind_without_one_is_an_error() {
    let server = Scripted::with_kinds();
    let scope = Scope::Namespace(Namespace::parse("shop").unwrap());
    let options = ListOptions { scope, ..ListOptions::default() };
    let listed = server.target().list(&Context::default(), &KindQuery::parse("Node").unwrap(), &options).await;
    assert_eq!(listed.unwrap_err().code(), codes::NAMESPACE);
    assert!(server.lines().is_empty());
}

#[tokio::test]
async fn an_absent_object_is_none_and_an_absent_resource_an_error() {
    let line = "GET /api/v1/namespaces/default/pods/a";
    let absent = r#"{"kind":"Status","code":404,"reason":"NotFound","message":"pods \"a\" not found","details":{"name":"a","kind":"pods"}}"#;
    let server =
        Scripted::with_kinds().on(line, Reply::json(404, absent)).on(line, Reply::json(404, "404 page not found"));
    let (target, run, name) = (server.target(), Context::default(), Name::parse("a").unwrap());
    let find = async || target.find(&run, &pod_kind(), &name, &super::GetOptions::default()).await;
    assert_eq!(find().await.unwrap(), None);
    assert_eq!(find().await.unwrap_err().problem(), Some(Problem::NoSuchResource));
}

fn watch_line(version: &str) -> String {
    format!(
        "GET /api/v1/namespaces/default/pods?watch=true&allowWatchBookmarks=true&resourceVersion={version}&timeoutSeconds=290"
    )
}

fn event(kind: &str, name: &str, version: &str) -> Bytes {
    let object = format!(
        r#"{{"kind":"Pod","apiVersion":"v1","metadata":{{"name":"{name}","uid":"u-{name}","resourceVersion":"{version}"}}}}"#
    );
    format!(r#"{{"type":"{kind}","object":{object}}}{}"#, '\n').into()
}

fn told(change: &Change) -> String {
    let name = |object: &Node| object.text_at(&["metadata", "name"]).unwrap_or_default().to_owned();
    match change {
        Change::Added(object) => format!("+{}", name(object)),
        Change::Modified(object) => format!("~{}", name(object)),
        Change::Deleted(object) => format!("-{}", name(object)),
        Change::Synced => "synced".to_owned(),
    }
}

#[tokio::test(start_paused = true)]
async fn a_watch_tells_what_there_is_and_every_change_across_breaks_and_oblivion() {
    let gone =
        Bytes::from(r#"{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"too old"}}"#);
    let bookmark = Bytes::from(r#"{"type":"BOOKMARK","object":{"kind":"Pod","metadata":{"resourceVersion":"150"}}}"#);
    let server = Scripted::with_kinds()
        .on(FIRST, page(&["a", "b"], ""))
        .on(&watch_line("100"), Reply::Broken(vec![event("ADDED", "c", "101"), bookmark]))
        .on(&watch_line("150"), Reply::Answer(200, Vec::new(), vec![event("MODIFIED", "a", "151"), gone]))
        .on(FIRST, page(&["b", "d"], ""))
        .on(&watch_line("100"), Reply::Stuck(vec![event("DELETED", "b", "160")]))
        .on(&watch_line("160"), Reply::Stuck(vec![event("ADDED", "e", "161")]));
    let mut watch = server.target().watch(&Context::default(), &pod_kind(), &WatchOptions::default()).await.unwrap();
    let mut seen = Vec::new();
    for _ in 0..11 {
        seen.push(told(&watch.next().await.unwrap()));
    }
    assert_eq!(seen, ["+a", "+b", "synced", "+c", "~a", "-a", "-c", "+d", "synced", "-b", "+e"]);
    assert_eq!(watch.known().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_watch_that_breaks_again_and_again_is_given_up() {
    let server =
        Scripted::with_kinds().on(FIRST, page(&["a"], "")).always(&watch_line("100"), Reply::Broken(Vec::new()));
    let mut watch = server.target().watch(&Context::default(), &pod_kind(), &WatchOptions::default()).await.unwrap();
    assert_eq!(told(&watch.next().await.unwrap()), "+a");
    assert_eq!(watch.next().await.unwrap(), Change::Synced);
    let error = watch.next().await.unwrap_err();
    assert_eq!(error.code(), codes::WATCH);
    let message = error.to_string();
    assert!(message.starts_with("cannot watch ") && message.contains("it broke 21 times in a row"), "{message}");
}

#[tokio::test(start_paused = true)]
async fn a_watch_that_falls_silent_is_an_error_unless_somebody_takes_it_up_again() {
    let server = Scripted::with_kinds().on(&watch_line("100"), Reply::Stuck(Vec::new()));
    let (target, run, options) = (server.target(), Context::default(), WatchOptions::default());
    let pods = target.resolve(&run, &pod_kind()).await.unwrap();
    let mut stream = target.watch_from(&run, &pods, &options, "100").await.unwrap();
    let error = stream.next().await.unwrap_err();
    assert_eq!(error.code(), codes::WATCH);
    assert!(error.to_string().ends_with("the server was silent for 90 s"), "{error}");
}

/// As in a `select!` beside something that never rests.
async fn next_between_others(watch: &mut Watch) -> Change {
    loop {
        if let Ok(change) = tokio::time::timeout(Duration::from_millis(10), watch.next()).await {
            return change.unwrap();
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_watch_that_is_let_go_again_and_again_opens_with_one_request() {
    let late = |reply| Reply::Late(Duration::from_millis(100), Box::new(reply));
    let server = Scripted::with_kinds()
        .always(FIRST, late(page(&["a"], "")))
        .always(&watch_line("100"), late(Reply::Stuck(vec![event("ADDED", "b", "101")])));
    let mut watch = server.target().watch(&Context::default(), &pod_kind(), &WatchOptions::default()).await.unwrap();
    let mut seen = Vec::new();
    for _ in 0..3 {
        let change = tokio::time::timeout(Duration::from_secs(5), next_between_others(&mut watch)).await;
        seen.push(told(&change.expect("it gets on")));
    }
    assert_eq!(seen, ["+a", "synced", "+b"]);
    assert_eq!(server.lines(), [FIRST.to_owned(), watch_line("100")]);
}

#[tokio::test(start_paused = true)]
async fn a_watch_that_nobody_wants_any_more_is_not_opened() {
    let server = Scripted::with_kinds().on(FIRST, page(&[], "")).always(&watch_line("100"), Reply::Silent);
    let mut watch = server.target().watch(&Context::default(), &pod_kind(), &WatchOptions::default()).await.unwrap();
    assert_eq!(watch.next().await.unwrap(), Change::Synced);
    assert!(tokio::time::timeout(Duration::from_millis(10), watch.next()).await.is_err(), "it is being opened");
    drop(watch);
    tokio::time::sleep(Duration::from_secs(100)).await;
    assert_eq!(server.lines().len(), 2, "the request that hung was not repeated");
}

#[tokio::test(start_paused = true)]
async fn a_watch_ends_at_the_runs_deadline() {
    let server = Scripted::with_kinds().on(FIRST, page(&[], "")).on(&watch_line("100"), Reply::Stuck(Vec::new()));
    let run = Context::default().within(Duration::from_secs(20));
    let mut watch = server.target().watch(&run, &pod_kind(), &WatchOptions::default()).await.unwrap();
    assert_eq!(watch.next().await.unwrap(), Change::Synced);
    let started = tokio::time::Instant::now();
    assert!(matches!(watch.next().await, Err(Error::Timeout { .. })));
    assert_eq!(started.elapsed().as_secs(), 20);
}

fn pod_a() -> ObjectRef {
    let pod =
        Node::from([("apiVersion", "v1".into()), ("kind", "Pod".into()), ("metadata", [("name", "a".into())].into())]);
    ObjectRef::of(&pod).unwrap()
}

#[tokio::test]
async fn a_log_comes_line_by_line_whatever_its_pieces_are() {
    let line = "GET /api/v1/namespaces/default/pods/a/log?tailLines=5";
    let pieces = ["one\ntw", "o\r\n\nthr", "ee"].map(Bytes::from).to_vec();
    let server = Scripted::with_kinds().on(line, Reply::Answer(200, Vec::new(), pieces));
    let options = LogOptions { tail: Some(5), ..LogOptions::default() };
    let mut logs = server.target().logs(&Context::default(), &pod_a(), &options).await.unwrap();
    let mut lines = Vec::new();
    while let Some(line) = logs.next().await.unwrap() {
        lines.push(line);
    }
    assert_eq!(lines, ["one", "two", "", "three"]);
}

#[tokio::test]
async fn an_endless_line_of_a_log_is_cut_into_pieces() {
    let line = "GET /api/v1/namespaces/default/pods/a/log";
    let server = Scripted::with_kinds().on(line, Reply::Endless(vec![b'x'; 1 << 16].into()));
    let mut logs = server.target().logs(&Context::default(), &pod_a(), &LogOptions::default()).await.unwrap();
    assert_eq!(logs.next().await.unwrap().unwrap().len(), 1 << 20);
    assert_eq!(logs.next().await.unwrap().unwrap().len(), 1 << 20);
}

#[tokio::test(start_paused = true)]
async fn a_log_that_is_not_followed_has_the_time_of_a_call_and_its_reader_all_he_wants() {
    let pod = pod_a();
    let followed = LogOptions { follow: Follow::Yes, ..LogOptions::default() };
    let read = async |options: &LogOptions, run: &Context| {
        let query = if options.follow == Follow::Yes { "?follow=true" } else { "" };
        let line = format!("GET /api/v1/namespaces/default/pods/a/log{query}");
        let server = Scripted::with_kinds().on(&line, Reply::Stuck(vec!["one\n".into()]));
        let mut logs = server.target().logs(run, &pod, options).await.unwrap();
        assert_eq!(logs.next().await.unwrap().as_deref(), Some("one"));
        tokio::time::sleep(Duration::from_secs(600)).await;
        let asked = tokio::time::Instant::now();
        let next = tokio::time::timeout(Duration::from_secs(3_600), logs.next()).await;
        (next.ok().map(Result::unwrap_err), asked.elapsed().as_secs())
    };
    let (error, waited) = read(&LogOptions::default(), &Context::default().calls_within(Duration::from_secs(5))).await;
    assert_eq!((error.unwrap().code(), waited), (codes::TIMEOUT, 5));
    let (error, waited) = read(&LogOptions::default(), &Context::default()).await;
    let error = error.unwrap();
    assert_eq!((error.notes(), waited), (vec!["before that: the answer paused for 60 s".to_owned()], 60));
    let (error, waited) = read(&followed, &Context::default().calls_within(Duration::from_secs(5))).await;
    assert_eq!((error.is_none(), waited), (true, 3_600), "a log that is followed may be silent");
}

/// Both ways of listing, with what they ask for after the query of the first page.
async fn pages(server: &Scripted) -> [Result<()>; 2] {
    let (target, run, options) = (server.target(), Context::default(), ListOptions::default());
    let list = async { target.list(&run, &pod_kind(), &options).await.map(drop) };
    let table = async { target.table(&run, &pod_kind(), &options).await.map(drop) };
    let limit = Duration::from_secs(3_600);
    let late = "it ends";
    [tokio::time::timeout(limit, list).await.expect(late), tokio::time::timeout(limit, table).await.expect(late)]
}

const ROWS: &str = "&includeObject=None";

fn rows(token: &str) -> Reply {
    Reply::json(200, format!(r#"{{"kind":"Table","metadata":{{"continue":"{token}"}},"rows":[{{"cells":["a"]}}]}}"#))
}

#[tokio::test(start_paused = true)]
async fn next_pages_that_go_round_in_a_circle_are_an_error() {
    let mut server = Scripted::with_kinds().on(FIRST, page(&["a"], "t0")).on(&format!("{FIRST}{ROWS}"), rows("t0"));
    for turn in 0..2_000 {
        let (token, following) = (format!("t{}", turn % 3), format!("t{}", (turn + 1) % 3));
        server = server.on(&next(&token), page(&["a"], &following));
        server = server.on(&format!("{FIRST}{ROWS}&continue={token}"), rows(&following));
    }
    for ended in pages(&server).await {
        assert_eq!(ended.unwrap_err().code(), codes::MALFORMED_RESPONSE);
    }
    assert_eq!(server.lines().len(), 8, "each of the four pages once");
}

#[tokio::test(start_paused = true)]
async fn the_pages_of_a_list_together_have_as_long_as_a_list_in_one_piece() {
    let busy = || Reply::json(429, "busy").with("retry-after", "60");
    let mut server = Scripted::with_kinds().on(FIRST, page(&["a"], "t0")).on(&format!("{FIRST}{ROWS}"), rows("t0"));
    for number in 0..20 {
        let (token, following) = (format!("t{number}"), format!("t{}", number + 1));
        let table = format!("{FIRST}{ROWS}&continue={token}");
        server = server.on(&next(&token), busy()).on(&next(&token), page(&["a"], &following));
        server = server.on(&table, busy()).on(&table, rows(&following));
    }
    for ended in pages(&server).await {
        let error = ended.unwrap_err();
        assert_eq!(error.code(), codes::TIMEOUT, "{error}");
        assert!(error.notes()[0].contains("pages"), "{:?}", error.notes());
    }
}

#[tokio::test(start_paused = true)]
async fn a_reader_that_takes_his_time_for_each_page_gets_them_all() {
    let mut server = Scripted::with_kinds().on(FIRST, page(&["a"], "t0"));
    for number in 0..200 {
        server = server.on(&next(&format!("t{number}")), page(&["a"], &format!("t{}", number + 1)));
    }
    let server = server.on(&next("t200"), page(&["z"], ""));
    let mut pager = server.target().stream(&Context::default(), &pod_kind(), &ListOptions::default()).await.unwrap();
    let mut count = 0;
    tokio::time::sleep(Duration::from_secs(3_600)).await;
    while pager.next().await.unwrap().is_some() {
        tokio::time::sleep(Duration::from_secs(10)).await;
        count += 1;
    }
    assert_eq!(count, 202);
}
