//! Makes a text wider.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "text",
    name: "pad_start",
    form: Form::Namespaced,
    summary: "Makes the text as wide as wanted by repeating a character before it.",
    details: "The width is counted in characters.",
    params: &[
        Param { name: "text", kind: Type::Text, text: "The text.", default: None },
        Param { name: "width", kind: Type::Integer, text: "How many characters it should have.", default: None },
        Param { name: "fill", kind: Type::Text, text: "The character to repeat.", default: Some("a space") },
    ],
    options: &[],
    returns: Returns { kind: Type::Text, text: "The new text; the old one where it is wide enough." },
    errors: &[codes::INVALID_ARGUMENT, codes::DATA_TOO_LARGE],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example { title: "With spaces", source: r#"text::pad_start("7", 3)"#, result: Expect::Json(r#""  7""#) },
        Example { title: "With zeros", source: r#"text::pad_start("7", 3, "0")"#, result: Expect::Json(r#""007""#) },
        Example {
            title: "Too wide",
            source: r#"text::pad_start("7", 100000000)"#,
            result: Expect::Error(codes::DATA_TOO_LARGE),
        },
    ],
    run: |call| pad_start(call),
};

fn pad_start(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (text, missing) = (call.text(0)?, super::padding(call)?);
    Ok(format!("{missing}{text}").into())
}
