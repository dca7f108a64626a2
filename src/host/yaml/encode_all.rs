//! Writes a YAML document for each item.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use crate::value::yaml;
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "yaml",
    name: "encode_all",
    form: Form::Namespaced,
    summary: "Writes a YAML document for each item of a list, with `---` between them.",
    details: "",
    params: &[Param { name: "documents", kind: Type::List, text: "What to write.", default: None }],
    options: &[],
    returns: Returns { kind: Type::Text, text: "The YAML, with a line break at its end." },
    errors: &[codes::UNREPRESENTABLE, codes::VALUE_BUDGET],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[Example {
        title: "Two",
        source: "yaml::encode_all([#{a: 1}, #{b: 2}])",
        result: Expect::Json(r#""a: 1\n---\nb: 2\n""#),
    }],
    run: |call| encode_all(call),
};

fn encode_all(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let documents = call.items(0)?.nodes()?;
    Ok(yaml::write_documents(documents.iter()).into())
}
