//! Cuts a text into lines.

use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type, from_node};
use crate::value::Node;
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "text",
    name: "lines",
    form: Form::Namespaced,
    summary: "Cuts the text into its lines.",
    details: r#"A line ends with `\n` or `\r\n`; a break at the very end begins no further line."#,
    params: &[Param { name: "text", kind: Type::Text, text: "The text.", default: None }],
    options: &[],
    returns: Returns { kind: Type::List, text: "The lines, without their line breaks." },
    errors: &[],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[Example {
        title: "Two lines",
        source: r#"text::lines("a\nb\n")"#,
        result: Expect::Json(r#"["a","b"]"#),
    }],
    run: |call| lines(call),
};

fn lines(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let text = call.text(0)?;
    Ok(from_node(&Node::list(text.lines().map(Node::from).collect())))
}
