//! Takes a known end off.

use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "text",
    name: "strip_suffix",
    form: Form::Namespaced,
    summary: "Gives the text without a known part at its end, if it is there.",
    details: "",
    params: &[
        Param { name: "text", kind: Type::Text, text: "The text.", default: None },
        Param { name: "suffix", kind: Type::Text, text: "The part to take off.", default: None },
    ],
    options: &[],
    returns: Returns { kind: Type::Text, text: "What is left; the whole text where it is not there." },
    errors: &[],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[Example {
        title: "There",
        source: r#"text::strip_suffix("app.yaml", ".yaml")"#,
        result: Expect::Json(r#""app""#),
    }],
    run: |call| strip_suffix(call),
};

fn strip_suffix(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (text, suffix) = (call.text(0)?, call.text(1)?);
    Ok(text.strip_suffix(&suffix).unwrap_or(&text).into())
}
