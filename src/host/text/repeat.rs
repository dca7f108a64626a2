//! Repeats a text.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "text",
    name: "repeat",
    form: Form::Namespaced,
    summary: "Repeats the text.",
    details: "",
    params: &[
        Param { name: "text", kind: Type::Text, text: "The text.", default: None },
        Param { name: "count", kind: Type::Integer, text: "How often.", default: None },
    ],
    options: &[],
    returns: Returns { kind: Type::Text, text: "The new text." },
    errors: &[codes::INVALID_ARGUMENT, codes::DATA_TOO_LARGE],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example { title: "A line", source: r#"text::repeat("=-", 3)"#, result: Expect::Json(r#""=-=-=-""#) },
        Example {
            title: "Too often",
            source: r#"text::repeat("ab", 100000000)"#,
            result: Expect::Error(codes::DATA_TOO_LARGE),
        },
    ],
    run: |call| repeat(call),
};

fn repeat(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (text, count) = (call.text(0)?, super::count(call, 1)?);
    super::fits(call, text.len().saturating_mul(count))?;
    Ok(text.repeat(count).into())
}
