//! Cuts a text at all matches.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type, from_node};
use crate::value::Node;
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "regex",
    name: "split",
    form: Form::Namespaced,
    summary: "Cuts the text at all matches of the pattern.",
    details: "",
    params: &[
        Param { name: "text", kind: Type::Text, text: "The text.", default: None },
        Param { name: "pattern", kind: Type::Text, text: "The regular expression.", default: None },
    ],
    options: &[],
    returns: Returns { kind: Type::List, text: "The texts between the matches." },
    errors: &[codes::PATTERN, codes::DATA_TOO_LARGE],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[Example {
        title: "Commas and spaces",
        source: r#"regex::split("a, b,c", `,\s*`)"#,
        result: Expect::Json(r#"["a","b","c"]"#),
    }],
    run: |call| split(call),
};

fn split(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (text, pattern) = (call.text(0)?, super::pattern(call)?);
    let mut parts = Vec::new();
    for part in pattern.split(&text) {
        super::room_for_more(call, parts.len())?;
        parts.push(Node::from(part));
    }
    Ok(from_node(&Node::list(parts)))
}
