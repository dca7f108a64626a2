//! Finds the candidate that a mistyped text stands for.

use crate::diag;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type, from_node};
use crate::value::Node;
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "text",
    name: "closest",
    form: Form::Namespaced,
    summary: "Finds the candidate that a mistyped text probably stands for.",
    details: "Close is what differs by at most a third of its characters; letter case does not count.",
    params: &[
        Param { name: "text", kind: Type::Text, text: "The text.", default: None },
        Param { name: "candidates", kind: Type::List, text: "The known texts.", default: None },
    ],
    options: &[],
    returns: Returns { kind: Type::Any, text: "The candidate; `()` where none is close." },
    errors: &[],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "A typing mistake",
            source: r#"text::closest("prodution", ["staging", "production"])"#,
            result: Expect::Json(r#""production""#),
        },
        Example {
            title: "None is close",
            source: r#"text::closest("x", ["staging", "production"])"#,
            result: Expect::Json("null"),
        },
    ],
    run: |call| closest(call),
};

fn closest(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (text, candidates) = (call.text(0)?, call.items(1)?.nodes()?);
    let best = diag::closest(&text, candidates.iter().filter_map(Node::as_str));
    Ok(from_node(&best.into()))
}
