//! Why an object is not as it should be: its conditions, the worst of its pods, the last lines of a crashing container, the
//! last warnings of the controllers.
//!
//! Every lookup is best effort and all of them share one small budget: an explanation never fails and never takes long.

mod pods;

use super::condition::described;
use crate::cluster::read::{LogOptions, Which};
use crate::cluster::{Context, Target};
use crate::diag::printable;
use crate::object::{ObjectRef, meta, pod};
use crate::value::Node;
use std::time::Duration;
use tokio::time::Instant;

/// All lookups together.
const BUDGET: Duration = Duration::from_secs(5);
const LOG_LINES: u64 = 3;
const LOG_BYTES: u64 = 4_096;
/// Characters of one log line or event.
const LONGEST: usize = 300;
const EVENTS: usize = 3;

/// What was found out.
#[derive(Debug, Default)]
pub(super) struct Findings {
    /// What was observed.
    pub(super) notes: Vec<String>,
    /// What would help.
    pub(super) hint: Option<String>,
}

/// Looks for the reasons.
pub(super) async fn explain(target: &Target, run: &Context, reference: &ObjectRef, object: Option<&Node>) -> Findings {
    let mut findings = Findings::default();
    let Some(object) = object else { return findings };
    // The run's own calls may be out of time; these may use what is left of the run itself.
    let run = run.clone().calls_within(BUDGET);
    findings.notes.extend(conditions(object));
    let looking = look(target, &run, reference, object, &mut findings);
    // What was found until then stays.
    let _ = tokio::time::timeout_at(Instant::now() + BUDGET, looking).await;
    findings
}

async fn look(target: &Target, run: &Context, reference: &ObjectRef, object: &Node, findings: &mut Findings) {
    let pods = pods::of(target, run, reference, object).await;
    let worst = pods::worst(&pods);
    if let Some(worst) = &worst {
        findings.notes.push(format!("because: {worst}"));
        findings.hint = worst.hint();
        if let Some(last) = log(target, run, worst).await {
            findings.notes.push(last);
        }
    }
    let uid = meta::uid(object).map(Into::into);
    let mut told = warnings(target, run, &ObjectRef { uid, ..reference.clone() }).await;
    if let Some(worst) = worst.filter(|worst| !worst.reference.same_object(reference)) {
        told.extend(warnings(target, run, &worst.reference).await);
    }
    findings.notes.extend(told);
}

/// Conditions that speak against the object, beside the one that every message has.
fn conditions(object: &Node) -> Vec<String> {
    const MOST: usize = 4;
    // Their True is the bad news.
    const BAD: [&str; 12] = [
        "ReplicaFailure",
        "Failed",
        "FailureTarget",
        "Stalled",
        "MemoryPressure",
        "DiskPressure",
        "PIDPressure",
        "NetworkUnavailable",
        "NamespaceDeletionDiscoveryFailure",
        "NamespaceDeletionContentFailure",
        "NamespaceContentRemaining",
        "NamespaceFinalizersRemaining",
    ];
    let speaks_against = |condition: &meta::Condition<'_>| {
        let is_bad = BAD.contains(&condition.name);
        // A condition without a reason explains nothing.
        (is_bad && condition.is_true()) || (!is_bad && condition.is_false() && !condition.reason.is_empty())
    };
    let told = meta::conditions(object);
    let told = told.iter().filter(|condition| speaks_against(condition)).take(MOST);
    told.map(|condition| shortened(&format!("condition {}: {}", condition.name, described(condition)))).collect()
}

/// `last log: "java.lang.OutOfMemoryError: Java heap space"`
async fn log(target: &Target, run: &Context, worst: &pods::Worst) -> Option<String> {
    let problem = worst.problem.as_ref()?;
    // A container without an end has written nothing that would explain one.
    problem.exit_code?;
    let mut options = LogOptions::default();
    options.container = Some(problem.container.clone());
    options.which = if problem.is_crashing() { Which::Previous } else { Which::Current };
    (options.tail, options.limit_bytes) = (Some(LOG_LINES), Some(LOG_BYTES));
    let mut log = target.logs(run, &worst.reference, &options).await.ok()?;
    let mut lines = Vec::new();
    while let Ok(Some(line)) = log.next().await {
        if !line.trim().is_empty() && lines.len() < EVENTS {
            lines.push(format!("\"{}\"", shortened(line.trim())));
        }
    }
    (!lines.is_empty()).then(|| format!("last log: {}", lines.join("\n          ")))
}

/// `event: Pod/shop/web-1: FailedMount: MountVolume.SetUp failed (3 times)`
async fn warnings(target: &Target, run: &Context, reference: &ObjectRef) -> Vec<String> {
    let Ok(events) = target.events(run, reference, Some(BUDGET)).await else { return Vec::new() };
    let bad: Vec<&Node> = events.iter().filter(|event| event.text_at(&["type"]) == Some("Warning")).collect();
    let last = &bad[bad.len().saturating_sub(EVENTS)..];
    last.iter().map(|event| shortened(&format!("event: {reference}: {}", told_by(event)))).collect()
}

fn told_by(event: &Node) -> String {
    let reason = event.text_at(&["reason"]).unwrap_or_default();
    let message = event.text_at(&["note"]).or_else(|| event.text_at(&["message"])).unwrap_or_default();
    let count = [&["series", "count"][..], &["deprecatedCount"], &["count"]];
    match count.iter().find_map(|place| event.int_at(place)).filter(|count| *count > 1) {
        Some(count) => format!("{reason}: {} ({count} times)", message.trim()),
        None => format!("{reason}: {}", message.trim()),
    }
}

/// One line, in characters that print, of a bounded length.
fn shortened(text: &str) -> String {
    let line = printable(&text.split_whitespace().collect::<Vec<_>>().join(" "));
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// Whether the pod has a place to run.
fn is_placed(object: &Node) -> bool {
    pod::node_name(object).is_some()
}
