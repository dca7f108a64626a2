//! The MD5 hash of bytes.

use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use md5::{Digest as _, Md5};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "hash",
    name: "md5",
    form: Form::Namespaced,
    summary: "Gives the MD5 hash of bytes or a text.",
    details: "For comparing with what others made. It protects against no attacker: two different values with the same hash can be made.",
    params: &[Param { name: "value", kind: Type::Bytes, text: "What to hash; of a text, its UTF-8.", default: None }],
    options: &[],
    returns: Returns { kind: Type::Text, text: "The hash as lowercase hexadecimal digits." },
    errors: &[],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[Example {
        title: "A text",
        source: r#"hash::md5("abc")"#,
        result: Expect::Json(r#""900150983cd24fb0d6963f7d28e17f72""#),
    }],
    run: |call| md5(call),
};

fn md5(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    Ok(super::hexadecimal(&Md5::digest(call.bytes(0)?)).into())
}
