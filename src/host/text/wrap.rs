//! Breaks long lines.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "text",
    name: "wrap",
    form: Form::Namespaced,
    summary: "Breaks lines between words so that none is longer than a width, where words allow.",
    details: "Line breaks of the text stay; several spaces become one.",
    params: &[
        Param { name: "text", kind: Type::Text, text: "The text.", default: None },
        Param { name: "width", kind: Type::Integer, text: "The most characters of a line.", default: None },
    ],
    options: &[],
    returns: Returns { kind: Type::Text, text: "The new text." },
    errors: &[codes::INVALID_ARGUMENT],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "At ten",
            source: r#"text::wrap("one two three four", 10)"#,
            result: Expect::Json(r#""one two\nthree four""#),
        },
        Example {
            title: "A word is not broken",
            source: r#"text::wrap("a https://example.com", 5)"#,
            result: Expect::Json(r#""a\nhttps://example.com""#),
        },
    ],
    run: |call| wrap(call),
};

fn wrap(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (text, width) = (call.text(0)?, super::count(call, 1)?);
    let lines: Vec<String> = text.split('\n').map(|line| wrapped(line, width)).collect();
    Ok(lines.join("\n").into())
}

fn wrapped(line: &str, width: usize) -> String {
    let (mut out, mut column) = (String::with_capacity(line.len()), 0);
    for word in line.split_whitespace() {
        let length = word.chars().count();
        if column > 0 && column + 1 + length > width {
            out.push('\n');
            column = 0;
        }
        if column > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += length;
    }
    out
}
