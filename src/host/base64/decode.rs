//! Reads base64 into bytes.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "base64",
    name: "decode",
    form: Form::Namespaced,
    summary: "Reads base64 into bytes.",
    details: "Both forms are read, with or without padding; line breaks and spaces are skipped.",
    params: &[Param { name: "text", kind: Type::Text, text: "The base64.", default: None }],
    options: &[],
    returns: Returns { kind: Type::Bytes, text: "The bytes." },
    errors: &[codes::DECODE],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example { title: "Three bytes", source: r#"base64::decode("AAEC").len()"#, result: Expect::Json("3") },
        Example { title: "No base64", source: r#"base64::decode("a$b=")"#, result: Expect::Error(codes::DECODE) },
    ],
    run: |call| decode(call),
};

fn decode(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    Ok(Dynamic::from_blob(super::bytes(&call.text(0)?)?))
}
