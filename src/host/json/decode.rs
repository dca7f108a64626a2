//! Reads a JSON text.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type, from_node};
use crate::value::{Budget, json};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "json",
    name: "decode",
    form: Form::Namespaced,
    summary: "Reads a JSON text.",
    details: "A key that stands twice is an error. Whole numbers stay whole; maps keep the order of their keys.",
    params: &[Param { name: "text", kind: Type::Bytes, text: "The JSON, as text or bytes.", default: None }],
    options: &[],
    returns: Returns { kind: Type::Any, text: "The value." },
    errors: &[codes::JSON, codes::DUPLICATE_KEY, codes::VALUE_BUDGET, codes::ENCODING],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "A map",
            source: r#"json::decode("{\"a\": [1, 2.5, null]}").a"#,
            result: Expect::Json("[1,2.5,null]"),
        },
        Example {
            title: "A key twice",
            source: r#"json::decode("{\"a\": 1, \"a\": 2}")"#,
            result: Expect::Error(codes::DUPLICATE_KEY),
        },
        Example { title: "Cut short", source: r#"json::decode("{\"a\": ")"#, result: Expect::Error(codes::JSON) },
    ],
    run: |call| decode(call),
};

fn decode(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    Ok(from_node(&json::read(call.bytes(0)?, "text", &Budget::default())?))
}
