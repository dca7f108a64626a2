//! Finds the first match.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type, from_node};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "regex",
    name: "find",
    form: Form::Namespaced,
    summary: "Finds the first match of the pattern.",
    details: "",
    params: &[
        Param { name: "text", kind: Type::Text, text: "The text.", default: None },
        Param { name: "pattern", kind: Type::Text, text: "The regular expression.", default: None },
    ],
    options: &[],
    returns: Returns { kind: Type::Any, text: "The text that matches; `()` where none does." },
    errors: &[codes::PATTERN],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example { title: "A number", source: r#"regex::find("took 250 ms", `\d+`)"#, result: Expect::Json(r#""250""#) },
        Example { title: "None", source: r#"regex::find("took long", `\d+`)"#, result: Expect::Json("null") },
    ],
    run: |call| find(call),
};

fn find(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (text, pattern) = (call.text(0)?, super::pattern(call)?);
    Ok(from_node(&pattern.find(&text).map(|found| found.as_str()).into()))
}
