//! Reads one YAML document.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type, from_node};
use crate::value::{Budget, yaml};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "yaml",
    name: "decode",
    form: Form::Namespaced,
    summary: "Reads one YAML document, as kubectl reads it.",
    details: "Unquoted `on`, `yes` and `014` are what kubectl makes of them: `true`, `true` and `12`. A key that stands twice \
              is an error. For several documents use `yaml::decode_all`.",
    params: &[Param { name: "text", kind: Type::Text, text: "The document.", default: None }],
    options: &[],
    returns: Returns { kind: Type::Any, text: "The value; `()` for an empty document." },
    errors: &[codes::YAML, codes::DUPLICATE_KEY, codes::VALUE_BUDGET],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "A map",
            source: r#"yaml::decode("a: 1\nb: [x, on]")"#,
            result: Expect::Json(r#"{"a":1,"b":["x",true]}"#),
        },
        Example {
            title: "A key twice",
            source: r#"yaml::decode("a: 1\na: 2")"#,
            result: Expect::Error(codes::DUPLICATE_KEY),
        },
    ],
    run: |call| decode(call),
};

fn decode(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let document = yaml::read_one(&call.text(0)?, "text", &Budget::default())?;
    Ok(from_node(document.node()))
}
