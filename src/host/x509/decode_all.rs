//! Reads all certificates of a text.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type, from_node};
use crate::value::Node;
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "x509",
    name: "decode_all",
    form: Form::Namespaced,
    summary: "Reads all certificates of a PEM text: a chain or a bundle.",
    details: "",
    params: &[Param { name: "pem", kind: Type::Bytes, text: "The certificates in PEM form.", default: None }],
    options: &[],
    returns: Returns { kind: Type::List, text: "A map for each, as `x509::decode` gives it." },
    errors: &[codes::DECODE],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "How many",
            source: concat!("x509::decode_all(`", include_str!("example.pem"), "`).len()"),
            result: Expect::Json("1"),
        },
        Example { title: "None", source: r#"x509::decode_all("")"#, result: Expect::Json("[]") },
    ],
    run: |call| decode_all(call),
};

fn decode_all(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let mut all = Vec::new();
    for pem in super::blocks(&call.bytes(0)?) {
        all.push(super::described(&pem?)?);
    }
    Ok(from_node(&Node::list(all)))
}
