//! Writes a list as YAML.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Returns, Spec, Thrown, Type};
use crate::value::{Node, yaml};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "list",
    name: "to_yaml",
    form: Form::Method(&[Type::List]),
    summary: "Writes the list as one YAML document. For a document of each item use `yaml::encode_all(list)`.",
    details: "",
    params: &[],
    options: &[],
    returns: Returns { kind: Type::Text, text: "The YAML, with a line break at its end." },
    errors: &[codes::UNREPRESENTABLE],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[Example {
        title: "Two",
        source: r#"[1, "on"].to_yaml()"#,
        result: Expect::Json(r#""- 1\n- \"on\"\n""#),
    }],
    run: |call| to_yaml(call),
};

fn to_yaml(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    Ok(yaml::write(&Node::List(call.sequence()?.nodes()?)).into())
}
