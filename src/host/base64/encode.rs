//! Writes bytes as base64.

use crate::host::{Call, Effect, Example, Expect, Form, Opt, Param, Returns, Spec, Thrown, Type};
use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD as STANDARD, BASE64_URL_SAFE_NO_PAD as URL_SAFE_NO_PAD};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "base64",
    name: "encode",
    form: Form::Namespaced,
    summary: "Writes bytes or a text as base64.",
    details: "The form for URLs uses `-` and `_`, and has no padding.",
    params: &[Param { name: "value", kind: Type::Bytes, text: "What to write; of a text, its UTF-8.", default: None }],
    options: &[Opt {
        name: "url_safe",
        kind: Type::Boolean,
        text: "The form for URLs and file names.",
        default: "false",
    }],
    returns: Returns { kind: Type::Text, text: "The base64, on one line." },
    errors: &[],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example { title: "A text", source: r#"base64::encode("hello?")"#, result: Expect::Json(r#""aGVsbG8/""#) },
        Example {
            title: "For a URL",
            source: r#"base64::encode("hello?", #{ url_safe: true })"#,
            result: Expect::Json(r#""aGVsbG8_""#),
        },
    ],
    run: |call| encode(call),
};

fn encode(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let bytes = call.bytes(0)?;
    Ok(if call.flag("url_safe") { URL_SAFE_NO_PAD.encode(bytes) } else { STANDARD.encode(bytes) }.into())
}
