//! Tells whether a pattern occurs.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "regex",
    name: "is_match",
    form: Form::Namespaced,
    summary: "Tells whether the pattern occurs in the text.",
    details: r#"Use `^` and `$` to match the whole text. Backticks spare the backslashes: `` `\d+` ``. Syntax: that of the Rust crate `regex`, which has no look-around and takes linear time."#,
    params: &[
        Param { name: "text", kind: Type::Text, text: "The text.", default: None },
        Param { name: "pattern", kind: Type::Text, text: "The regular expression.", default: None },
    ],
    options: &[],
    returns: Returns { kind: Type::Boolean, text: "Whether it does." },
    errors: &[codes::PATTERN],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "Somewhere",
            source: r#"regex::is_match("web-7c9-x2x4k", "-[0-9a-z]{5}$")"#,
            result: Expect::Json("true"),
        },
        Example {
            title: "The whole text",
            source: r#"regex::is_match("v1.2", "^v[0-9]+$")"#,
            result: Expect::Json("false"),
        },
        Example { title: "No pattern", source: r#"regex::is_match("a", "(")"#, result: Expect::Error(codes::PATTERN) },
        Example {
            title: "Too large a pattern",
            source: r#"regex::is_match("a", "(a{1000}){1000}")"#,
            result: Expect::Error(codes::PATTERN),
        },
    ],
    run: |call| is_match(call),
};

fn is_match(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    Ok(super::pattern(call)?.is_match(&call.text(0)?).into())
}
