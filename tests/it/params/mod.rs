//! Runbook headers and params: what they may say, and how every mistake is told.

mod header;
mod schema;
mod values;

use rutter::diag::{Diagnostic, SourceText};
use rutter::source::Runbook;

/// A runbook whose `params` are the given YAML, which starts at line 8, column 7 of the script.
fn with_params(params: &str) -> String {
    let mut text = "//! # Test\n//! ```yaml\n//! apiVersion: rutter.dev/v1\n//! kind: Runbook\n//! name: test\n//! \
                    version: 1.0.0\n//! params:\n"
        .to_owned();
    for line in params.lines() {
        text.push_str("//!   ");
        text.push_str(line);
        text.push('\n');
    }
    text + "//! ```\n1\n"
}

/// A runbook whose params have these properties; the first is at line 10, column 9.
fn with_properties(properties: &str) -> String {
    let indented: Vec<String> = properties.lines().map(|line| format!("  {line}")).collect();
    with_params(&format!("type: object\nproperties:\n{}", indented.join("\n")))
}

fn read(text: &str) -> Result<Runbook, Vec<Diagnostic>> {
    Runbook::read(&SourceText::new("t.rhai", text), &["context", "dry-run", "help"])
}

fn good(text: &str) -> Runbook {
    read(text).unwrap_or_else(|errors| panic!("{}", told(&errors).join("\n")))
}

/// Code, place, message and hints of each diagnostic, on one line.
fn told(diagnostics: &[Diagnostic]) -> Vec<String> {
    let one = |diagnostic: &Diagnostic| {
        let place = diagnostic
            .labels
            .first()
            .map_or_else(String::new, |label| format!(" {}:{}", label.span.start.line, label.span.start.column));
        let extra: String = diagnostic.notes.iter().map(|note| format!(" ; {note}")).collect();
        let hints: String = diagnostic.hints.iter().map(|hint| format!(" | {hint}")).collect();
        format!("{}{place} {}{extra}{hints}", diagnostic.code, diagnostic.message)
    };
    diagnostics.iter().map(one).collect()
}

fn refusals(text: &str) -> Vec<String> {
    told(&read(text).expect_err("the header should be refused"))
}
