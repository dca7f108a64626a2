//! Decodes a part of a URL.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Failure, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "url",
    name: "decode_component",
    form: Form::Namespaced,
    summary: "Decodes the `%XX` of one part of a URL.",
    details: "A `+` stays a `+`; in a query it means a space, which `url::decode_query` knows.",
    params: &[Param { name: "text", kind: Type::Text, text: "The encoded text.", default: None }],
    options: &[],
    returns: Returns { kind: Type::Text, text: "The text." },
    errors: &[codes::DECODE, codes::ENCODING],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "A slash and a space",
            source: r#"url::decode_component("a%2Fb%20c")"#,
            result: Expect::Json(r#""a/b c""#),
        },
        Example { title: "Cut short", source: r#"url::decode_component("a%2")"#, result: Expect::Error(codes::DECODE) },
        Example {
            title: "Not a text",
            source: r#"url::decode_component("%FF")"#,
            result: Expect::Error(codes::ENCODING),
        },
    ],
    run: |call| decode_component(call),
};

fn decode_component(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let text = call.text(0)?;
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let pair = digit(rest.next()).zip(digit(rest.next()));
        let (high, low) =
            pair.ok_or_else(|| Failure::new(codes::DECODE, "a `%` is not followed by two hexadecimal digits"))?;
        bytes.push(high << 4 | low);
    }
    let text =
        String::from_utf8(bytes).map_err(|_| Failure::new(codes::ENCODING, "what it decodes to is not UTF-8"))?;
    Ok(text.into())
}

fn digit(byte: Option<u8>) -> Option<u8> {
    char::from(byte?).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}
