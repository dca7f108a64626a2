//! Moves every line to the right.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "text",
    name: "indent",
    form: Form::Namespaced,
    summary: "Puts spaces before every line that is not empty.",
    details: "",
    params: &[
        Param { name: "text", kind: Type::Text, text: "The text.", default: None },
        Param { name: "count", kind: Type::Integer, text: "How many spaces.", default: None },
    ],
    options: &[],
    returns: Returns { kind: Type::Text, text: "The new text." },
    errors: &[codes::INVALID_ARGUMENT, codes::DATA_TOO_LARGE],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example { title: "By two", source: r#"text::indent("a:\n\nb", 2)"#, result: Expect::Json(r#""  a:\n\n  b""#) },
        Example {
            title: "By too many",
            source: r#"text::indent("a", 100000000)"#,
            result: Expect::Error(codes::DATA_TOO_LARGE),
        },
    ],
    run: |call| indent(call),
};

fn indent(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (text, count) = (call.text(0)?, super::count(call, 1)?);
    let lines = text.split_inclusive('\n').filter(|line| !is_blank(line)).count();
    super::fits(call, text.len().saturating_add(lines.saturating_mul(count)))?;
    let margin = " ".repeat(count);
    let mut moved = String::new();
    for line in text.split_inclusive('\n') {
        if !is_blank(line) {
            moved.push_str(&margin);
        }
        moved.push_str(line);
    }
    Ok(moved.into())
}

fn is_blank(line: &str) -> bool {
    line.trim_end_matches(['\r', '\n']).is_empty()
}
