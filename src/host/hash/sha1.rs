//! The SHA-1 hash of bytes.

use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;
use sha1::{Digest as _, Sha1};

pub(super) const SPEC: Spec = Spec {
    group: "hash",
    name: "sha1",
    form: Form::Namespaced,
    summary: "Gives the SHA-1 hash of bytes or a text.",
    details: "For comparing with what others made. It protects against no attacker: two different values with the same hash can be made.",
    params: &[Param { name: "value", kind: Type::Bytes, text: "What to hash; of a text, its UTF-8.", default: None }],
    options: &[],
    returns: Returns { kind: Type::Text, text: "The hash as lowercase hexadecimal digits." },
    errors: &[],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[Example {
        title: "A text",
        source: r#"hash::sha1("abc")"#,
        result: Expect::Json(r#""a9993e364706816aba3e25717850c26c9cd0d89d""#),
    }],
    run: |call| sha1(call),
};

fn sha1(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    Ok(super::hexadecimal(&Sha1::digest(call.bytes(0)?)).into())
}
