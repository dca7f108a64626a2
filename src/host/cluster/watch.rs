//! Follows the objects of a kind.

use super::arguments::{failure, kind, list_options, reach};
use super::options::{FIELDS, LABELS, NAMESPACES};
use crate::cluster::read::{Change, WatchOptions};
use crate::diag::codes;
use crate::host::handle::Shape;
use crate::host::live::Live;
use crate::host::{
    Bridge, Call, Effect, Example, Expect, Form, Opt, Param, Returns, Spec, Thrown, Type, learn_secrets,
};
use crate::value::Node;
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "cluster",
    name: "watch",
    form: Form::Method(&[Type::Cluster]),
    summary: "Follows the objects of a kind: tells what there is, then every change.",
    details: "The closure is called with `#{type, object}`; the type is `added`, `modified`, `deleted`, or `synced` (without an object) once all that there was has been told. It ends the watch by giving `false`. Broken connections and forgotten versions are taken up again; no change is told twice or lost.",
    params: &[
        Param { name: "kind", kind: Type::Kind, text: "The kind.", default: None },
        Param {
            name: "on_event",
            kind: Type::Closure(1),
            text: "Called with each event; `false` ends the watch.",
            default: None,
        },
    ],
    options: &[
        NAMESPACES,
        LABELS,
        FIELDS,
        Opt {
            name: "timeout",
            kind: Type::Duration,
            text: "Ends the watch after that time, which is no error.",
            default: "none",
        },
    ],
    returns: Returns { kind: Type::Boolean, text: "`true` if the closure ended it, `false` if its time was over." },
    errors: &[codes::UNKNOWN_KIND, codes::FORBIDDEN, codes::WATCH],
    effect: Effect::Read,
    since: "0.1.0",
    examples: &[Example {
        title: "Until three pods run",
        source: r#"cluster.watch("Pod", #{ labels: "app=web", timeout: "1m" }, |event| event.type != "synced")"#,
        result: Expect::Cluster,
    }],
    run: |call| watch(call),
};

fn watch(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (kind, on_event) = (kind(call, 0)?, call.closure(1)?);
    let selection = list_options(call)?;
    let mut options = WatchOptions::default();
    (options.scope, options.labels, options.fields) = (selection.scope, selection.labels, selection.fields);
    let ends = call.duration_option("timeout")?.map(Bridge::after);
    let (target, mut watch) =
        reach(call, async |target, context| Ok((target.clone(), target.watch(context, &kind, &options).await?)))?;
    let mut shape = Shape::Free;
    loop {
        let next = async { watch.next().await.map_err(failure) };
        let Some(change) = call.host().bridge().wait_until(ends, next)? else { return Ok(Dynamic::FALSE) };
        let event = event(change);
        event.get("object").into_iter().for_each(|object| learn_secrets(call.host(), object));
        if matches!(shape, Shape::Free) {
            shape = event.get("object").and_then(|object| Live::new(&target, object)).map_or(shape, Shape::Each);
        }
        let answer = on_event.call((shape.value(&event),))?;
        if answer.as_bool() == Ok(false) {
            return Ok(Dynamic::TRUE);
        }
    }
}

fn event(change: Change) -> Node {
    let (word, object) = match change {
        Change::Added(object) => ("added", object),
        Change::Modified(object) => ("modified", object),
        Change::Deleted(object) => ("deleted", object),
        _ => ("synced", Node::Null),
    };
    Node::from([("type", word.into()), ("object", object)])
}
