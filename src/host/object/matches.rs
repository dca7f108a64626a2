//! Tells whether a label selector selects an object.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use crate::object::LabelSelector;
use crate::value::Node;
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "object",
    name: "matches",
    form: Form::Method(&[Type::Object]),
    summary: "Tells whether a label selector selects the object.",
    details: "",
    params: &[Param {
        name: "selector",
        kind: Type::Selector,
        text: "The selector, in kubectl's form or as a map of equalities.",
        default: None,
    }],
    options: &[],
    returns: Returns { kind: Type::Boolean, text: "Whether it does." },
    errors: &[codes::INVALID_SELECTOR],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "A text",
            source: r#"#{metadata: #{labels: #{app: "web", tier: "front"}}}.matches("app=web,tier in (front, back)")"#,
            result: Expect::Json("true"),
        },
        Example {
            title: "A map of equalities",
            source: r#"#{metadata: #{labels: #{app: "web"}}}.matches(#{app: "api"})"#,
            result: Expect::Json("false"),
        },
        Example {
            title: "No selector",
            source: r#"#{metadata: #{}}.matches("app in")"#,
            result: Expect::Error(codes::INVALID_SELECTOR),
        },
    ],
    run: |call| matches(call),
};

fn matches(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let selector = match call.node(0)? {
        Node::Str(text) => LabelSelector::parse(&text)?,
        other => LabelSelector::from_node(&other)?,
    };
    Ok(selector.selects(&call.object()?).into())
}
