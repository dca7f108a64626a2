//! Makes a pattern of a plain text.

use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "regex",
    name: "escape",
    form: Form::Namespaced,
    summary: "Makes a pattern that matches exactly this text.",
    details: "",
    params: &[Param { name: "text", kind: Type::Text, text: "The text.", default: None }],
    options: &[],
    returns: Returns { kind: Type::Text, text: "The pattern." },
    errors: &[],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[Example { title: "Dots", source: r#"regex::escape("1.2.3")"#, result: Expect::Json(r#""1\\.2\\.3""#) }],
    run: |call| escape(call),
};

fn escape(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    Ok(regex::escape(&call.text(0)?).into())
}
