//! The SHA-256 hash of bytes.

use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;
use sha2::{Digest as _, Sha256};

pub(super) const SPEC: Spec = Spec {
    group: "hash",
    name: "sha256",
    form: Form::Namespaced,
    summary: "Gives the SHA-256 hash of bytes or a text.",
    details: "",
    params: &[Param { name: "value", kind: Type::Bytes, text: "What to hash; of a text, its UTF-8.", default: None }],
    options: &[],
    returns: Returns { kind: Type::Text, text: "The hash as lowercase hexadecimal digits." },
    errors: &[],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[Example {
        title: "A text",
        source: r#"hash::sha256("abc")"#,
        result: Expect::Json(r#""ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad""#),
    }],
    run: |call| sha256(call),
};

fn sha256(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    Ok(super::hexadecimal(&Sha256::digest(call.bytes(0)?)).into())
}
