//! Reads the log of a container.

use super::arguments::{each_line, reach, subject};
use crate::cluster::read::{Follow, LogOptions, Timestamps, Which};
use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Opt, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "cluster",
    name: "logs",
    form: Form::Method(&[Type::Cluster]),
    summary: "Reads the log of a container, line by line.",
    details: "Without a closure the lines are collected: use `tail` or `since` for long logs. With a closure each line is handed over as it comes; with `follow` until the container ends, or until the closure gives `false`.",
    params: &[
        Param { name: "pod", kind: Type::Reference, text: "The pod.", default: None },
        Param {
            name: "each",
            kind: Type::Closure(1),
            text: "Called with each line.",
            default: Some("collect the lines"),
        },
    ],
    options: &[
        Opt { name: "container", kind: Type::Text, text: "The container.", default: "the pod's only one" },
        Opt {
            name: "previous",
            kind: Type::Boolean,
            text: "The run of the container before its last restart.",
            default: "false",
        },
        Opt {
            name: "follow",
            kind: Type::Boolean,
            text: "Wait for what will be written; needs the closure.",
            default: "false",
        },
        Opt { name: "tail", kind: Type::Integer, text: "Only that many lines from the end.", default: "all" },
        Opt {
            name: "since",
            kind: Type::Duration,
            text: "Only what was written in that time before now.",
            default: "all",
        },
        Opt { name: "timestamps", kind: Type::Boolean, text: "Lines begin with their time.", default: "false" },
        Opt {
            name: "limit_bytes",
            kind: Type::Integer,
            text: "At most that many bytes.",
            default: "16777216 without a closure",
        },
    ],
    returns: Returns { kind: Type::List, text: "The lines; nothing with a closure." },
    errors: &[codes::NOT_FOUND, codes::BAD_REQUEST, codes::FORBIDDEN],
    effect: Effect::Read,
    since: "0.1.0",
    examples: &[
        Example {
            title: "The end of a crash",
            source: r#"cluster.logs("Pod/shop/web-0", #{ previous: true, tail: 20 })"#,
            result: Expect::Cluster,
        },
        Example {
            title: "Until it is ready",
            source: r#"cluster.logs(pod, |line| !line.contains("ready"), #{ follow: true })"#,
            result: Expect::Cluster,
        },
    ],
    run: |call| logs(call),
};

/// What is collected at most without a closure.
const MOST: u64 = 16 * 1024 * 1024;

fn logs(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let subject = subject(call, 0)?;
    let each = if call.is_given(1) { Some(call.closure(1)?) } else { None };
    let mut options = LogOptions::default();
    options.container = call.text_option("container").map(str::to_owned);
    options.which = if call.flag("previous") { Which::Previous } else { Which::Current };
    options.follow = if call.flag("follow") { Follow::Yes } else { Follow::No };
    options.timestamps = if call.flag("timestamps") { Timestamps::Yes } else { Timestamps::No };
    options.tail = call.count_option("tail")?;
    options.since = call.duration_option("since")?;
    options.limit_bytes = call.count_option("limit_bytes")?.or(each.is_none().then_some(MOST));
    if each.is_none() && options.follow == Follow::Yes {
        return Err(call
            .invalid("option `follow`", "a log that is followed needs a closure for its lines", None)
            .into());
    }
    let mut lines = reach(call, async |target, context| {
        let reference = subject.resolve(target, context).await?;
        target.logs(context, &reference, &options).await
    })?;
    each_line(call, &mut lines, each.as_ref())
}
