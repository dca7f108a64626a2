//! Writes a list as JSON.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Returns, Spec, Thrown, Type};
use crate::value::{Node, json};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "list",
    name: "to_json",
    form: Form::Method(&[Type::List]),
    summary: "Writes the list as JSON on one line.",
    details: "",
    params: &[],
    options: &[],
    returns: Returns { kind: Type::Text, text: "The JSON." },
    errors: &[codes::UNREPRESENTABLE],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[Example { title: "Two", source: r#"[1, "a"].to_json()"#, result: Expect::Json(r#""[1,\"a\"]""#) }],
    run: |call| to_json(call),
};

fn to_json(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    Ok(json::write(&Node::List(call.sequence()?.nodes()?)).into())
}
