//! The scheduler against a small model of a cluster, told step by step: no time passes but what the test says.

use super::account::Fate;
use super::forecast::Forecast;
use super::scheduler::{Answer, End, OnBlocked, Scheduler};
use crate::object::ObjectRef;
use crate::value::Node;
use std::time::Duration;
use tokio::time::Instant;

struct Pod<'a> {
    name: &'a str,
    app: &'a str,
    owner: &'a str,
    status: &'a str,
    on: &'a str,
}

const READY: &str = r#"{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}"#;
const UNREADY: &str = r#"{"phase":"Running","conditions":[{"type":"Ready","status":"False"}]}"#;
const PENDING: &str = r#"{"phase":"Pending"}"#;
const FAILED: &str = r#"{"phase":"Failed"}"#;

fn web(name: &str) -> Pod<'_> {
    Pod { name, app: "web", owner: "ReplicaSet", status: READY, on: "n1" }
}

impl Pod<'_> {
    fn node(&self, extra: &str) -> Node {
        let Self { name, app, owner, status, on } = self;
        let owners = match *owner {
            "" => String::new(),
            kind => format!(
                r#","ownerReferences":[{{"apiVersion":"apps/v1","kind":"{kind}","name":"o","uid":"o","controller":true}}]"#
            ),
        };
        let text = format!(
            r#"{{"apiVersion":"v1","kind":"Pod","metadata":{{"name":"{name}","namespace":"shop","uid":"u-{name}","labels":{{"app":"{app}"}}{owners}{extra}}},"spec":{{"nodeName":"{on}"}},"status":{status}}}"#
        );
        serde_json::from_str(&text).unwrap()
    }
}

fn budget(name: &str, app: &str, allowed: i64, disrupted: &[&str]) -> Node {
    let status = format!(r#""disruptionsAllowed":{allowed},"currentHealthy":3,"desiredHealthy":2,"expectedPods":3"#);
    budget_of(name, app, r#""minAvailable":2"#, &status, disrupted)
}

fn budget_of(name: &str, app: &str, spec: &str, status: &str, disrupted: &[&str]) -> Node {
    let disrupted: Vec<String> = disrupted.iter().map(|pod| format!(r#""{pod}":"2026-01-01T00:00:00Z""#)).collect();
    let text = format!(
        r#"{{"metadata":{{"name":"{name}","namespace":"shop","generation":1}},"spec":{{"selector":{{"matchLabels":{{"app":"{app}"}}}},{spec}}},"status":{{"observedGeneration":1,{status},"disruptedPods":{{{}}}}}}}"#,
        disrupted.join(",")
    );
    serde_json::from_str(&text).unwrap()
}

struct World {
    scheduler: Scheduler,
    now: Instant,
}

impl World {
    fn of(pods: &[Pod<'_>], budgets: &[Node], on_blocked: OnBlocked) -> Self {
        let jobs = pods.iter().map(|pod| pod.node("")).map(|node| (ObjectRef::of(&node).unwrap(), node)).collect();
        let (mut scheduler, now) = (Scheduler::new(jobs, on_blocked), Instant::now());
        for budget in budgets {
            scheduler.budget_seen(budget, now);
        }
        scheduler.synced(|_| true);
        Self { scheduler, now }
    }

    fn nodes_at_once(mut self, count: usize) -> Self {
        self.scheduler = self.scheduler.taking_nodes(Some(count));
        self
    }

    fn next(&mut self) -> Vec<String> {
        let chosen = self.scheduler.next(self.now);
        let mut names: Vec<String> =
            chosen.into_iter().map(|at| self.scheduler.jobs()[at].pod.name.to_string()).collect();
        names.sort();
        names
    }

    fn at(&self, name: &str) -> usize {
        self.scheduler.jobs().iter().position(|job| job.pod.name.as_str() == name).unwrap()
    }

    fn answer(&mut self, name: &str, answer: Answer) {
        self.scheduler.answered(self.at(name), answer, self.now);
    }

    fn pass(&mut self, seconds: u64) {
        self.now += Duration::from_secs(seconds);
    }

    fn fate(&self, name: &str) -> Option<&Fate> {
        self.scheduler.jobs()[self.at(name)].fate()
    }
}

#[test]
fn asks_no_budget_for_more_than_it_allows() {
    let mut world = World::of(&[web("a"), web("b"), web("c")], &[budget("web", "web", 1, &[])], OnBlocked::Fail);
    assert_eq!(world.next(), ["a"]);
    assert!(world.next().is_empty(), "one is under way");
    world.answer("a", Answer::Accepted);
    assert!(world.next().is_empty(), "the budget has not been seen without it yet");
    world.scheduler.budget_seen(&budget("web", "web", 0, &["a"]), world.now);
    world.scheduler.pod_gone(&web("a").node(""));
    assert_eq!(world.fate("a"), Some(&Fate::Evicted));
    assert!(world.next().is_empty(), "its replacement is not ready");
    world.scheduler.budget_seen(&budget("web", "web", 1, &[]), world.now);
    assert_eq!(world.next(), ["b"]);
}

#[test]
fn an_old_look_at_a_budget_does_not_free_what_was_asked_for() {
    let mut world = World::of(&[web("a"), web("b")], &[budget("web", "web", 1, &[])], OnBlocked::Fail);
    assert_eq!(world.next(), ["a"]);
    // The controller's own write, from before the eviction was written down.
    world.scheduler.budget_seen(&budget("web", "web", 1, &[]), world.now);
    world.answer("a", Answer::Accepted);
    assert!(world.next().is_empty());
}

#[test]
fn asks_a_budget_one_eviction_at_a_time_and_several_budgets_at_once() {
    let api = |name| Pod { app: "api", ..web(name) };
    let free = |name| Pod { app: "free", ..web(name) };
    let budgets = [budget("web", "web", 2, &[]), budget("api", "api", 2, &[])];
    let pods = [web("a"), web("b"), api("c"), api("d"), free("e"), free("f")];
    let mut world = World::of(&pods, &budgets, OnBlocked::Fail);
    assert_eq!(world.next(), ["a", "c", "e", "f"]);
    world.answer("a", Answer::Accepted);
    assert_eq!(world.next(), ["b"]);
}

#[test]
fn pods_that_are_down_anyway_go_first_and_take_nothing() {
    let down = Pod { status: UNREADY, ..web("z") };
    let pending = Pod { status: PENDING, ..web("y") };
    let ended = Pod { status: FAILED, ..web("x") };
    let mut world = World::of(&[web("a"), down, pending, ended], &[budget("web", "web", 0, &[])], OnBlocked::Fail);
    assert_eq!(world.next(), ["x", "y", "z"]);
}

#[test]
fn leaves_alone_what_would_be_back_at_once() {
    let daemon = Pod { owner: "DaemonSet", ..web("d") };
    let mirror = web("m").node(r#","annotations":{"kubernetes.io/config.mirror":"x"}"#);
    let daemon = daemon.node("");
    let jobs = [daemon, mirror].map(|node| (ObjectRef::of(&node).unwrap(), node)).to_vec();
    let mut scheduler = Scheduler::new(jobs, OnBlocked::Fail);
    scheduler.synced(|_| true);
    assert!(scheduler.next(Instant::now()).is_empty());
    assert!(scheduler.is_done());
    assert_eq!(scheduler.jobs()[0].fate(), Some(&Fate::Skipped("daemon_set".to_owned())));
    assert_eq!(scheduler.jobs()[1].fate(), Some(&Fate::Skipped("mirror".to_owned())));
    assert_eq!(Forecast::of(&scheduler).left_alone, 2);
}

#[test]
fn waits_as_long_as_the_server_says_or_until_the_budget_changes() {
    let mut world = World::of(&[web("a")], &[budget("web", "web", 1, &[])], OnBlocked::Fail);
    assert_eq!(world.next(), ["a"]);
    world.answer("a", Answer::NotYet(Duration::from_secs(10)));
    assert!(world.next().is_empty());
    assert_eq!(world.scheduler.wake_at(world.now), Some(world.now + Duration::from_secs(10)));
    world.pass(9);
    assert!(world.next().is_empty());
    world.pass(1);
    assert_eq!(world.next(), ["a"]);
    world.answer("a", Answer::Blocked("used up".to_owned()));
    assert!(world.next().is_empty());
    world.scheduler.budget_seen(&budget("web", "web", 1, &[]), world.now);
    assert_eq!(world.next(), ["a"]);
}

#[test]
fn a_server_that_asks_for_an_age_is_asked_again_after_a_minute() {
    for budgets in [vec![budget("web", "web", 1, &[])], Vec::new()] {
        for age in [Duration::from_secs(100_000), Duration::from_secs(u64::MAX)] {
            let mut world = World::of(&[web("a")], &budgets, OnBlocked::Fail);
            assert_eq!(world.next(), ["a"]);
            world.answer("a", Answer::NotYet(age));
            world.pass(59);
            assert!(world.next().is_empty());
            world.pass(1);
            assert_eq!(world.next(), ["a"]);
        }
    }
}

#[test]
fn a_budget_that_is_not_known_is_asked_again_by_the_clock() {
    let mut world = World::of(&[web("a")], &[], OnBlocked::Fail);
    assert_eq!(world.next(), ["a"]);
    world.answer("a", Answer::Blocked("used up".to_owned()));
    assert!(world.next().is_empty());
    world.pass(5);
    assert_eq!(world.next(), ["a"]);
}

#[test]
fn tells_before_it_starts_what_can_never_be_evicted() {
    let status = r#""disruptionsAllowed":0,"currentHealthy":3,"desiredHealthy":3,"expectedPods":3"#;
    let budgets = [
        budget_of("web", "web", r#""minAvailable":3"#, status, &[]),
        budget("one", "twice", 1, &[]),
        budget("two", "twice", 1, &[]),
        budget("api", "api", 1, &[]),
    ];
    let pods = [
        web("a"),
        Pod { app: "twice", ..web("b") },
        Pod { app: "api", ..web("c") },
        Pod { app: "api", ..web("d") },
        Pod { app: "free", owner: "", ..web("e") },
    ];
    let world = World::of(&pods, &budgets, OnBlocked::Fail);
    let forecast = Forecast::of(&world.scheduler);
    assert_eq!(forecast.summary(), "5 pods: 2 within budget now, 1 after replacements (shop/api), 2 blocked");
    let reasons: Vec<&str> = forecast.blocked.iter().map(|blocked| blocked.never.why.as_str()).collect();
    assert_eq!(
        reasons,
        [
            "2 budgets guard it, and the API server evicts no such pod: shop/one, shop/two",
            "budget shop/web needs 3 healthy pods of 3"
        ]
    );
    assert_eq!(forecast.unmanaged.len(), 1);
}

#[test]
fn a_budget_that_becomes_impossible_on_the_way_blocks_after_a_while() {
    let impossible = budget_of(
        "web",
        "web",
        r#""minAvailable":2"#,
        r#""disruptionsAllowed":0,"currentHealthy":2,"desiredHealthy":2,"expectedPods":2"#,
        &[],
    );
    for (on_blocked, fate) in [
        (OnBlocked::Fail, Some(Fate::Blocked("budget shop/web needs 2 healthy pods of 2".to_owned()))),
        (OnBlocked::Skip, Some(Fate::Skipped("budget shop/web needs 2 healthy pods of 2".to_owned()))),
        (OnBlocked::Wait, None),
    ] {
        let mut world = World::of(&[web("a")], &[budget("web", "web", 0, &[])], on_blocked);
        assert!(world.next().is_empty());
        world.scheduler.budget_seen(&impossible, world.now);
        assert!(world.next().is_empty());
        assert_eq!(world.fate("a"), None, "a rollout may be under way");
        world.pass(5);
        assert!(world.next().is_empty());
        assert_eq!(world.fate("a"), fate.as_ref());
    }
}

#[test]
fn every_pod_has_its_fate_when_the_time_is_over() {
    let pods =
        [web("a"), Pod { app: "free", ..web("b") }, Pod { app: "free", ..web("c") }, Pod { app: "free", ..web("d") }];
    let mut world = World::of(&pods, &[budget("web", "web", 0, &[])], OnBlocked::Fail);
    assert_eq!(world.next(), ["b", "c", "d"]);
    world.answer("b", Answer::Accepted);
    world.answer("c", Answer::Failed("forbidden".to_owned()));
    world.scheduler.stop(End::Time);
    assert!(world.scheduler.is_done());
    let words: Vec<&str> = ["a", "b", "c", "d"].iter().map(|name| world.fate(name).unwrap().word()).collect();
    assert_eq!(words, ["timed_out", "timed_out", "blocked", "in_doubt"]);
    assert_eq!(world.fate("a").unwrap().why().unwrap(), "budget shop/web (0 allowed, 3 pods healthy, 2 needed)");
}

#[test]
fn every_pod_has_its_fate_when_the_run_is_over() {
    let free = |name| Pod { app: "free", ..web(name) };
    let pods = [web("a"), web("b"), free("c"), free("d"), free("e"), free("f"), Pod { on: "n2", ..free("g") }];
    let mut world = World::of(&pods, &[budget("web", "web", 1, &[])], OnBlocked::Fail).nodes_at_once(1);
    assert_eq!(world.next(), ["a", "c", "d", "e", "f"]);
    world.answer("a", Answer::Blocked("1 allowed, then 0".to_owned()));
    world.answer("c", Answer::Accepted);
    world.answer("d", Answer::Accepted);
    world.scheduler.pod_gone(&free("d").node(""));
    world.answer("e", Answer::InDoubt("reset".to_owned()));
    world.scheduler.stop(End::Run);
    let words: Vec<&str> = pods.iter().map(|pod| world.fate(pod.name).unwrap().word()).collect();
    assert_eq!(words, ["blocked", "not_tried", "going", "evicted", "in_doubt", "in_doubt", "not_tried"]);
    assert_eq!(world.fate("g").unwrap().why().unwrap(), "its node's turn had not come");
}

#[test]
fn takes_so_many_nodes_at_a_time_and_the_next_one_when_one_is_empty() {
    let on = |on, name| Pod { on, app: "free", ..web(name) };
    let pods =
        [on("n1", "a"), on("n2", "b"), on("n1", "c"), Pod { owner: "DaemonSet", ..on("n3", "agent") }, on("n4", "d")];
    let mut world = World::of(&pods, &[], OnBlocked::Fail).nodes_at_once(2);
    assert_eq!(world.next(), ["a", "b", "c"]);
    for name in ["a", "b", "c"] {
        world.answer(name, Answer::Accepted);
    }
    world.scheduler.pod_gone(&pods[0].node(""));
    assert!(world.next().is_empty(), "a pod of n1 is still there");
    world.scheduler.pod_gone(&pods[2].node(""));
    assert_eq!(world.next(), ["d"], "n3 has nothing to move");
    world.answer("d", Answer::Accepted);
    world.scheduler.pod_gone(&pods[1].node(""));
    world.scheduler.pod_gone(&pods[4].node(""));
    assert!(world.scheduler.is_done());
}

#[test]
fn no_node_begins_after_a_pod_was_left_over() {
    let pods = [Pod { app: "free", ..web("a") }, web("b"), Pod { on: "n2", ..web("c") }];
    let mut world = World::of(&pods, &[], OnBlocked::Fail).nodes_at_once(1);
    assert_eq!(world.next(), ["a", "b"]);
    world.answer("a", Answer::Failed("forbidden".to_owned()));
    assert!(world.next().is_empty() && !world.scheduler.is_done(), "b is under way");
    world.answer("b", Answer::Gone);
    assert!(world.next().is_empty());
    assert!(world.scheduler.is_done());
    world.scheduler.stop(End::Time);
    assert_eq!(world.fate("c"), Some(&Fate::NotTried("a pod of an earlier node was left over".to_owned())));
}

#[test]
fn a_lost_answer_is_asked_again_and_told_when_it_stays_lost() {
    let mut world = World::of(&[web("a")], &[], OnBlocked::Fail);
    for _ in 0..3 {
        assert_eq!(world.next(), ["a"]);
        world.answer("a", Answer::InDoubt("reset".to_owned()));
        world.pass(2);
    }
    assert_eq!(world.fate("a"), Some(&Fate::InDoubt("reset".to_owned())));
}

#[test]
fn a_pod_is_done_when_its_uid_is_gone_and_not_its_name() {
    let mut world = World::of(&[web("a"), web("b"), web("c")], &[], OnBlocked::Fail);
    assert_eq!(world.next(), ["a", "b", "c"]);
    world.answer("a", Answer::Replaced);
    assert_eq!(world.fate("a"), Some(&Fate::Replaced));
    world.answer("b", Answer::Accepted);
    let mut successor = web("b").node("");
    if let Some(metadata) = successor.as_map_mut().and_then(|map| map.get_mut("metadata")).and_then(Node::as_map_mut) {
        metadata.insert("uid", "other");
    }
    world.scheduler.pod_seen(&successor);
    assert_eq!(world.fate("b"), None);
    world.scheduler.pod_gone(&web("b").node(""));
    assert_eq!(world.fate("b"), Some(&Fate::Evicted));
    // The watch may be faster than the answer.
    world.scheduler.pod_gone(&web("c").node(""));
    world.answer("c", Answer::Accepted);
    assert_eq!(world.fate("c"), Some(&Fate::Evicted));
    assert!(world.scheduler.is_done());
}

#[test]
fn a_pod_that_goes_after_its_eviction_was_refused_was_not_evicted() {
    let refusals = [
        Answer::Blocked("used up".to_owned()),
        Answer::NotYet(Duration::from_secs(1)),
        Answer::Refused("misconfigured".to_owned()),
        Answer::Again("429".to_owned()),
    ];
    for refused in refusals {
        let mut world = World::of(&[web("a"), web("b")], &[], OnBlocked::Wait);
        assert_eq!(world.next(), ["a", "b"]);
        world.answer("a", refused.clone());
        world.answer("b", refused.clone());
        world.scheduler.pod_gone(&web("a").node(""));
        assert_eq!(world.fate("a"), Some(&Fate::Gone), "{refused:?}");
        world.pass(10);
        assert_eq!(world.next(), ["b"]);
        world.answer("b", Answer::Gone);
        assert_eq!(world.fate("b"), Some(&Fate::Gone), "{refused:?}");
    }
}

#[test]
fn a_pod_that_goes_before_its_eviction_is_answered_has_the_fate_of_the_answer() {
    let doubt = || Answer::InDoubt("reset".to_owned());
    for (answer, fate) in [
        (Answer::Accepted, Fate::Evicted),
        (doubt(), Fate::Evicted),
        (Answer::Gone, Fate::Gone),
        (Answer::Replaced, Fate::Replaced),
        (Answer::Blocked("used up".to_owned()), Fate::Gone),
        (Answer::Failed("forbidden".to_owned()), Fate::Gone),
    ] {
        let mut world = World::of(&[web("a")], &[budget("web", "web", 1, &[])], OnBlocked::Fail);
        assert_eq!(world.next(), ["a"]);
        world.scheduler.pod_gone(&web("a").node(""));
        assert!(!world.scheduler.is_done(), "its eviction was not answered");
        world.answer("a", answer);
        assert_eq!(world.fate("a"), Some(&fate));
    }
    let mut world = World::of(&[web("a")], &[], OnBlocked::Fail);
    assert_eq!(world.next(), ["a"]);
    world.scheduler.pod_gone(&web("a").node(""));
    world.scheduler.stop(End::Run);
    assert_eq!(world.fate("a"), Some(&Fate::Evicted), "there was no time for the answer");
}

#[test]
fn a_pod_whose_answer_was_lost_counts_as_evicted_when_it_goes() {
    let mut world = World::of(&[web("a"), web("b"), web("c")], &[], OnBlocked::Fail);
    assert_eq!(world.next(), ["a", "b", "c"]);
    for name in ["a", "b", "c"] {
        world.answer(name, Answer::InDoubt("reset".to_owned()));
    }
    world.scheduler.pod_gone(&web("a").node(""));
    world.pass(2);
    assert_eq!(world.next(), ["b", "c"]);
    world.answer("b", Answer::Gone);
    world.answer("c", Answer::Replaced);
    assert!(["a", "b", "c"].iter().all(|name| world.fate(name) == Some(&Fate::Evicted)));
}

#[test]
fn a_pod_that_someone_else_deletes_is_not_said_to_be_evicted_while_it_lingers() {
    let deleted = web("a").node(r#","deletionTimestamp":"2026-01-01T00:00:00Z""#);
    for (end, why) in [
        (End::Run, "it was deleted by somebody else, and is not gone yet"),
        (End::Time, "it was deleted by somebody else, and is still terminating: is its node's kubelet running?"),
    ] {
        let mut world = World::of(&[web("a")], &[], OnBlocked::Fail);
        assert_eq!(world.next(), ["a"]);
        world.answer("a", Answer::Blocked("used up".to_owned()));
        world.scheduler.pod_seen(&deleted);
        world.scheduler.stop(end);
        assert_eq!(world.fate("a").unwrap().why(), Some(why));
    }
}

#[test]
fn a_pod_that_someone_else_deletes_is_not_asked() {
    let mut world = World::of(&[web("a")], &[], OnBlocked::Fail);
    world.scheduler.pod_seen(&web("a").node(r#","deletionTimestamp":"2026-01-01T00:00:00Z""#));
    assert!(world.next().is_empty());
    world.scheduler.pod_gone(&web("a").node(""));
    assert_eq!(world.fate("a"), Some(&Fate::Gone));
}

/// Many pods under many budgets in a cluster that replaces each pod: no answer is ever a refusal, and all of them go.
#[test]
fn works_through_a_large_drain_without_a_wasted_request() {
    const APPS: usize = 10;
    let names: Vec<(String, String)> = (0..200).map(|n| (format!("p{n}"), format!("app{}", n % APPS))).collect();
    let pods: Vec<Pod<'_>> = names.iter().map(|(name, app)| Pod { app, ..web(name) }).collect();
    let apps: Vec<String> = (0..APPS).map(|n| format!("app{n}")).collect();
    let budgets: Vec<Node> = apps.iter().map(|app| budget(app, app, 2, &[])).collect();
    let mut world = World::of(&pods, &budgets, OnBlocked::Fail);
    let mut rounds = 0;
    while !world.scheduler.is_done() {
        rounds += 1;
        assert!(rounds < 1_000, "it stands still");
        let asked = world.next();
        let mut per_app = std::collections::HashMap::new();
        for name in &asked {
            let app = &names[name[1..].parse::<usize>().unwrap()].1;
            *per_app.entry(app.clone()).or_insert(0) += 1;
            world.answer(name, Answer::Accepted);
            world.scheduler.budget_seen(&budget(app, app, 1, &[name]), world.now);
            world.scheduler.pod_gone(&Pod { app, ..web(name) }.node(""));
            world.scheduler.budget_seen(&budget(app, app, 2, &[]), world.now);
        }
        assert!(per_app.values().all(|count| *count <= 2));
    }
    assert_eq!(world.scheduler.requests, 200);
}
