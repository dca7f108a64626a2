//! Writes a value as YAML.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use crate::value::yaml;
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "yaml",
    name: "encode",
    form: Form::Namespaced,
    summary: "Writes a value as one YAML document that every reader reads back alike.",
    details: "Texts that a reader could take for something else are quoted.",
    params: &[Param { name: "value", kind: Type::Any, text: "What to write.", default: None }],
    options: &[],
    returns: Returns { kind: Type::Text, text: "The YAML, with a line break at its end." },
    errors: &[codes::UNREPRESENTABLE, codes::VALUE_BUDGET],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "A map",
            source: r#"yaml::encode(#{a: [1, "1", ()]})"#,
            result: Expect::Json(r#""a:\n- 1\n- \"1\"\n- null\n""#),
        },
        Example {
            title: "Bytes have no form",
            source: "yaml::encode(blob(2))",
            result: Expect::Error(codes::UNREPRESENTABLE),
        },
    ],
    run: |call| encode(call),
};

fn encode(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    Ok(yaml::write(&call.node(0)?).into())
}
