//! Encodes a text for a URL.

use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;
use std::fmt::Write as _;

pub(super) const SPEC: Spec = Spec {
    group: "url",
    name: "encode_component",
    form: Form::Namespaced,
    summary: "Encodes a text so that it can stand as one part of a path or query.",
    details: "",
    params: &[Param { name: "text", kind: Type::Text, text: "The text.", default: None }],
    options: &[],
    returns: Returns {
        kind: Type::Text,
        text: "The text with `%XX` for everything but letters, digits, `-`, `_`, `.` and `~`.",
    },
    errors: &[],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[Example {
        title: "A slash and a space",
        source: r#"url::encode_component("a/b c")"#,
        result: Expect::Json(r#""a%2Fb%20c""#),
    }],
    run: |call| encode_component(call),
};

fn encode_component(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let mut encoded = String::new();
    for byte in call.text(0)?.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            encoded.push(char::from(byte));
        } else {
            // Writing to a text does not fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    Ok(encoded.into())
}
