//! Replaces every occurrence of a part.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "text",
    name: "replace",
    form: Form::Namespaced,
    summary: "Gives the text with every occurrence of a part replaced.",
    details: "A text's own `replace(from, to)` changes the variable; this gives a new text. For patterns use `regex::replace`.",
    params: &[
        Param { name: "text", kind: Type::Text, text: "The text.", default: None },
        Param { name: "from", kind: Type::Text, text: "The part to replace.", default: None },
        Param { name: "to", kind: Type::Text, text: "What stands in its place.", default: None },
    ],
    options: &[],
    returns: Returns { kind: Type::Text, text: "The new text." },
    errors: &[codes::INVALID_ARGUMENT, codes::DATA_TOO_LARGE],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "Another registry",
            source: r#"text::replace("docker.io/nginx", "docker.io", "registry.example.com")"#,
            result: Expect::Json(r#""registry.example.com/nginx""#),
        },
        Example {
            title: "Nothing to look for",
            source: r#"text::replace("a", "", "b")"#,
            result: Expect::Error(codes::INVALID_ARGUMENT),
        },
    ],
    run: |call| replace(call),
};

fn replace(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (text, from, to) = (call.text(0)?, call.text(1)?, call.text(2)?);
    if from.is_empty() {
        return Err(call.invalid("`from`", "it is empty", None).into());
    }
    let found = text.matches(&from).count();
    super::fits(call, (text.len() - found * from.len()).saturating_add(found.saturating_mul(to.len())))?;
    Ok(text.replace(&from, &to).into())
}
