//! Reads all documents of a YAML text.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type, from_node};
use crate::value::{Budget, Node, yaml};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "yaml",
    name: "decode_all",
    form: Form::Namespaced,
    summary: "Reads all documents of a YAML text, as kubectl reads them.",
    details: "Empty documents are left out. A text that begins with `{` is read as JSON documents.",
    params: &[Param { name: "text", kind: Type::Text, text: "The documents.", default: None }],
    options: &[],
    returns: Returns { kind: Type::List, text: "The documents that are not empty, in their order." },
    errors: &[codes::YAML, codes::DUPLICATE_KEY, codes::VALUE_BUDGET],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "Two documents",
            source: r#"yaml::decode_all("a: 1\n---\nb: 2\n---\n")"#,
            result: Expect::Json(r#"[{"a":1},{"b":2}]"#),
        },
        Example { title: "No YAML", source: r#"yaml::decode_all("a: [")"#, result: Expect::Error(codes::YAML) },
    ],
    run: |call| decode_all(call),
};

fn decode_all(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let documents = yaml::read_documents(&call.text(0)?, "text", &Budget::default())?;
    Ok(from_node(&Node::list(documents.into_iter().map(yaml::Document::into_node).collect())))
}
