//! Writes a value as JSON.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Opt, Param, Returns, Spec, Thrown, Type};
use crate::value::json;
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "json",
    name: "encode",
    form: Form::Namespaced,
    summary: "Writes a value as JSON.",
    details: "",
    params: &[Param { name: "value", kind: Type::Any, text: "What to write.", default: None }],
    options: &[Opt {
        name: "pretty",
        kind: Type::Boolean,
        text: "Over several lines, indented by two spaces.",
        default: "false",
    }],
    returns: Returns { kind: Type::Text, text: "The JSON, without a line break at its end." },
    errors: &[codes::UNREPRESENTABLE, codes::VALUE_BUDGET],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "On one line",
            source: r#"json::encode(#{a: [1, "x", ()]})"#,
            result: Expect::Json(r#""{\"a\":[1,\"x\",null]}""#),
        },
        Example {
            title: "Over several lines",
            source: "json::encode(#{a: 1}, #{ pretty: true })",
            result: Expect::Json(r#""{\n  \"a\": 1\n}""#),
        },
        Example {
            title: "A closure has no form",
            source: "json::encode(#{f: |x| x})",
            result: Expect::Error(codes::UNREPRESENTABLE),
        },
    ],
    run: |call| encode(call),
};

fn encode(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let value = call.node(0)?;
    let text = if call.flag("pretty") { json::write_pretty(&value) } else { json::write(&value) };
    Ok(text.into())
}
