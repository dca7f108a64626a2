//! Takes a known start off.

use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "text",
    name: "strip_prefix",
    form: Form::Namespaced,
    summary: "Gives the text without a known part at its start, if it is there.",
    details: "",
    params: &[
        Param { name: "text", kind: Type::Text, text: "The text.", default: None },
        Param { name: "prefix", kind: Type::Text, text: "The part to take off.", default: None },
    ],
    options: &[],
    returns: Returns { kind: Type::Text, text: "What is left; the whole text where it is not there." },
    errors: &[],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "There",
            source: r#"text::strip_prefix("docker.io/nginx", "docker.io/")"#,
            result: Expect::Json(r#""nginx""#),
        },
        Example {
            title: "Not there",
            source: r#"text::strip_prefix("nginx", "docker.io/")"#,
            result: Expect::Json(r#""nginx""#),
        },
    ],
    run: |call| strip_prefix(call),
};

fn strip_prefix(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (text, prefix) = (call.text(0)?, call.text(1)?);
    Ok(text.strip_prefix(&prefix).unwrap_or(&text).into())
}
