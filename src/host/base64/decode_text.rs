//! Reads base64 into a text.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Failure, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "base64",
    name: "decode_text",
    form: Form::Namespaced,
    summary: "Reads base64 that holds a text, as the values of a Secret often do.",
    details: "As `base64::decode`, and the bytes must be UTF-8.",
    params: &[Param { name: "text", kind: Type::Text, text: "The base64.", default: None }],
    options: &[],
    returns: Returns { kind: Type::Text, text: "The text." },
    errors: &[codes::DECODE, codes::ENCODING],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "A value of a Secret",
            source: r#"base64::decode_text("czNjcjN0")"#,
            result: Expect::Json(r#""s3cr3t""#),
        },
        Example {
            title: "Not a text",
            source: r#"base64::decode_text("/w==")"#,
            result: Expect::Error(codes::ENCODING),
        },
    ],
    run: |call| decode_text(call),
};

fn decode_text(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let bytes = super::bytes(&call.text(0)?)?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Failure::new(codes::ENCODING, format!("what the base64 holds is not UTF-8 from byte {at} on"))
            .hint("read bytes with `base64::decode`")
    })?;
    Ok(text.into())
}
