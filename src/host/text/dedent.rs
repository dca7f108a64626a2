//! Moves all lines to the left.

use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "text",
    name: "dedent",
    form: Form::Namespaced,
    summary: "Takes off the white space that all lines begin with.",
    details: "Lines of white space only become empty.",
    params: &[Param { name: "text", kind: Type::Text, text: "The text.", default: None }],
    options: &[],
    returns: Returns { kind: Type::Text, text: "The new text." },
    errors: &[],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[Example {
        title: "Lines of a script",
        source: r#"text::dedent("  a:\n    b: 1\n\n  c: 2")"#,
        result: Expect::Json(r#""a:\n  b: 1\n\nc: 2""#),
    }],
    run: |call| dedent(call),
};

fn dedent(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let text = call.text(0)?;
    let margin = margin(&text).len();
    let lines = text.split_inclusive('\n').map(|line| {
        let blank = line.trim_matches([' ', '\t']);
        if matches!(blank, "" | "\n" | "\r\n") { blank } else { &line[margin..] }
    });
    Ok(lines.collect::<String>().into())
}

/// The spaces and tabs that all lines with other characters begin with.
fn margin(text: &str) -> &str {
    let mut margins = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]);
    let first = margins.next().unwrap_or_default();
    margins.fold(first, |common, margin| {
        let same = common.bytes().zip(margin.bytes()).take_while(|(a, b)| a == b).count();
        &common[..same]
    })
}
