//! Cuts a text to a length.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "text",
    name: "truncate",
    form: Form::Namespaced,
    summary: "Cuts the text so that it has at most so many characters, the mark of the cut included.",
    details: "",
    params: &[
        Param { name: "text", kind: Type::Text, text: "The text.", default: None },
        Param { name: "length", kind: Type::Integer, text: "The most characters it may have.", default: None },
        Param { name: "ending", kind: Type::Text, text: "What marks the cut.", default: Some(r#""…""#) },
    ],
    options: &[],
    returns: Returns { kind: Type::Text, text: "The text, cut if it was longer." },
    errors: &[codes::INVALID_ARGUMENT],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "Cut",
            source: r#"text::truncate("ImagePullBackOff", 10)"#,
            result: Expect::Json(r#""ImagePull…""#),
        },
        Example {
            title: "Short enough",
            source: r#"text::truncate("Running", 10)"#,
            result: Expect::Json(r#""Running""#),
        },
        Example {
            title: "Another mark",
            source: r#"text::truncate("abcdef", 4, "")"#,
            result: Expect::Json(r#""abcd""#),
        },
    ],
    run: |call| truncate(call),
};

fn truncate(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (text, length) = (call.text(0)?, super::count(call, 1)?);
    let ending = if call.is_given(2) { call.text(2)? } else { "…".to_owned() };
    if text.chars().count() <= length {
        return Ok(text.into());
    }
    let kept = length.saturating_sub(ending.chars().count());
    Ok(text.chars().take(kept).chain(ending.chars()).take(length).collect::<String>().into())
}
