//! The SHA-512 hash of bytes.

use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;
use sha2::{Digest as _, Sha512};

pub(super) const SPEC: Spec = Spec {
    group: "hash",
    name: "sha512",
    form: Form::Namespaced,
    summary: "Gives the SHA-512 hash of bytes or a text.",
    details: "",
    params: &[Param { name: "value", kind: Type::Bytes, text: "What to hash; of a text, its UTF-8.", default: None }],
    options: &[],
    returns: Returns { kind: Type::Text, text: "The hash as lowercase hexadecimal digits." },
    errors: &[],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[Example {
        title: "A text",
        source: r#"hash::sha512("abc")"#,
        result: Expect::Json(
            r#""ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f""#,
        ),
    }],
    run: |call| sha512(call),
};

fn sha512(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    Ok(super::hexadecimal(&Sha512::digest(call.bytes(0)?)).into())
}
