//! Properties of a caught error: `catch (err) { err.kind … }`. They are one function nine times, hence one file.

use super::{Call, Effect, Example, Expect, Failure, Form, Returns, Spec, Thrown, Type, from_node};
use crate::diag::codes;
use crate::value::Node;
use rhai::Dynamic;

/// All properties of errors.
pub(super) const PROPERTIES: &[&Spec] =
    &[&KIND, &CODE, &MESSAGE, &HINT, &OBJECT, &CLUSTER, &CAUSES, &RETRY_AFTER, &DETAILS];

/// An example that catches an error and reads one property of it.
macro_rules! property {
    ($constant:ident, $name:literal, $kind:expr, $summary:literal, $text:literal, $read:expr, $source:literal => $json:literal) => {
        const $constant: Spec = Spec {
            group: "error",
            name: $name,
            form: Form::Property(&[Type::Failure]),
            summary: $summary,
            details: "",
            params: &[],
            options: &[],
            returns: Returns { kind: $kind, text: $text },
            errors: &[codes::INTERNAL],
            effect: Effect::Pure,
            since: "0.1.0",
            examples: &[Example {
                title: "In a `catch`",
                source: concat!("let seen; try { ", $source, " } catch (err) { seen = err.", $name, "; } seen"),
                result: Expect::Json($json),
            }],
            run: |call| property(call, $read),
        };
    };
}

property!(KIND, "kind", Type::Text, "The error's kind, to decide by: `not_found`, `conflict`, `forbidden`, `timeout` and so on.",
    "The word of the error's code; `rutter doc CODE` names it.",
    |failure| Node::from(failure.code().kind()), "fail(\"no\");" => "\"failed\"");
property!(CODE, "code", Type::Text, "The error's code.", "As in `E0305`.",
    |failure| Node::from(failure.code().name()), "fail(\"no\");" => "\"E0114\"");
property!(MESSAGE, "message", Type::Text, "What went wrong, in one sentence.", "The message without code and place.",
    |failure| Node::from(failure.diagnostic().message.as_str()), "fail(\"no\");" => "\"no\"");
property!(HINT, "hint", Type::Text, "What would help.", "The advice; `()` where there is none.",
    |failure| failure.diagnostic().hints.first().map(String::as_str).into(),
    "fail(\"no\", #{ hint: \"try again\" });" => "\"try again\"");
property!(OBJECT, "object", Type::Text, "The object it is about.", "As in `Deployment/shop/web`; `()` where it is about none.",
    |failure| failure.object().into(), "fail(\"no\");" => "null");
property!(CLUSTER, "cluster", Type::Text, "The cluster it is about.", "The target's name; `()` where it is about none.",
    |failure| failure.cluster().into(), "fail(\"no\");" => "null");
property!(CAUSES, "causes", Type::List, "What was observed: causes, conditions, events.", "A list of texts, possibly empty.",
    |failure| Node::list(failure.diagnostic().notes.iter().map(|note| Node::from(note.as_str())).collect()),
    "fail(\"no\");" => "[]");
property!(RETRY_AFTER, "retry_after", Type::Integer, "After how many seconds the server wants to be asked again.",
    "Whole seconds; `()` where it did not say.",
    |failure| failure.after().map(|after| Node::from(after.as_secs())).into(), "fail(\"no\");" => "null");
property!(DETAILS, "details", Type::Any, "Data that came with the error.", "What `fail(message, #{details})` was given, or what the call has to tell, as `cluster.evict_all` its account; `()` where there is none.",
    |failure| failure.data().cloned().into(), "fail(\"no\", #{ details: [1, 2] });" => "[1,2]");

fn property(call: &Call<'_, '_>, read: fn(&Failure) -> Node) -> Result<Dynamic, Thrown> {
    Ok(from_node(&read(&call.receiver::<Failure>()?)))
}
