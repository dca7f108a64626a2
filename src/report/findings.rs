//! Findings of a check for people and for the machines that show them: annotations of GitHub Actions, SARIF 2.1.0.

use super::{Form, result};
use crate::diag::{Code, Diagnostic, Severity, SourceMap, Style, codes, render};
use crate::value::Node;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// Version of the document that `-o json` and `-o yaml` print.
const VERSION: i64 = 1;

/// The forms in which findings are printed.
#[derive(Debug, Clone, Copy)]
pub enum FindingsForm {
    /// With excerpts of the source texts, for people.
    Text(Style),
    /// One JSON document.
    Json,
    /// One YAML document.
    Yaml,
    /// Annotations for GitHub Actions.
    Github,
    /// SARIF 2.1.0, with what gives the page of a code: Markdown that needs no other page.
    Sarif(fn(Code) -> String),
}

/// Findings in that form, with a final line break; nothing for people where there is nothing to say.
#[must_use]
pub fn findings(found: &[Diagnostic], sources: &SourceMap, form: FindingsForm) -> String {
    match form {
        FindingsForm::Text(style) => found.iter().map(|finding| render(finding, sources, style)).collect(),
        FindingsForm::Json => result(&document(found), Form::Json),
        FindingsForm::Yaml => result(&document(found), Form::Yaml),
        FindingsForm::Github => found.iter().map(annotation).collect(),
        FindingsForm::Sarif(page) => result(&node(&sarif(found, page)), Form::Json),
    }
}

fn document(found: &[Diagnostic]) -> Node {
    Node::from([("version", Node::Int(VERSION)), ("findings", node(found))])
}

fn node(value: &(impl serde::Serialize + ?Sized)) -> Node {
    // Diagnostics and JSON documents are trees.
    Node::from_serialize(value).unwrap_or_default()
}

/// `::error file=a.rhai,line=3,col=9,title=E0102::no function …`: GitHub shows it beside the line.
/// <https://docs.github.com/actions/reference/workflow-commands-for-github-actions>
fn annotation(finding: &Diagnostic) -> String {
    let level = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let mut line = format!("::{level} ");
    if let Some(label) = finding.labels.first() {
        let (span, start) = (&label.span, label.span.start);
        // Writing to a String cannot fail.
        let _ = write!(line, "file={},line={},col={},", property(&span.file), start.line, start.column);
        if span.length > 0 {
            let _ = write!(line, "endColumn={},", start.column + span.length);
        }
    }
    let _ = writeln!(line, "title={}::{}", finding.code, data(&sentence(finding)));
    line
}

/// The message with all advice.
fn sentence(finding: &Diagnostic) -> String {
    let mut lines = vec![finding.message.clone()];
    lines.extend(finding.notes.iter().cloned());
    lines.extend(finding.hints.iter().map(|hint| format!("help: {hint}")));
    lines.join("\n")
}

/// A message of a workflow command must stay on its line.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property must not end early either.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>
fn sarif(found: &[Diagnostic], page: fn(Code) -> String) -> Value {
    let mut rules: Vec<Code> = codes::ALL.to_vec();
    rules.retain(|code| found.iter().any(|finding| finding.code == *code));
    let results: Vec<Value> = found.iter().map(|finding| sarif_result(finding, &rules)).collect();
    json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "rutter",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.iter().map(|code| sarif_rule(*code, &page(*code))).collect::<Vec<_>>(),
            } },
            // Columns count characters, not the UTF-16 units of the default.
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

/// The page goes with the findings: there is no place on the web that is certain to have the one of this version.
fn sarif_rule(code: Code, page: &str) -> Value {
    // Behind the heading; what comes then are examples and advice.
    let explanation = page.split("\n\n").nth(1).unwrap_or_default();
    json!({
        "id": code.name(),
        "name": code.kind(),
        "shortDescription": { "text": code.title() },
        "help": { "text": explanation, "markdown": page },
    })
}

fn sarif_result(finding: &Diagnostic, rules: &[Code]) -> Value {
    let level = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let locations: Vec<Value> = finding.labels.iter().take(1).map(|label| sarif_location(&label.span)).collect();
    json!({
        "ruleId": finding.code.name(),
        "ruleIndex": rules.iter().position(|code| *code == finding.code),
        "level": level,
        "message": { "text": sentence(finding) },
        "locations": locations,
    })
}

fn sarif_location(span: &crate::diag::Span) -> Value {
    let mut region = json!({ "startLine": span.start.line, "startColumn": span.start.column });
    if span.length > 0 {
        region["endColumn"] = json!(span.start.column + span.length);
    }
    json!({ "physicalLocation": { "artifactLocation": { "uri": uri(&span.file) }, "region": region } })
}

/// A relative path as a URI reference: what is neither a letter, a digit nor one of a few marks is written in hexadecimal.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.strip_prefix("./").unwrap_or(path).bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => uri.push(char::from(byte)),
            other => {
                let _ = write!(uri, "%{other:02X}");
            }
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Span;

    fn finding() -> Diagnostic {
        let finding = Diagnostic::error(codes::UNKNOWN_FUNCTION, "no function `a::b`, 100%\nor so");
        finding.at(Span::point("a,b:c d.rhai", 3, 9)).hint("did you mean `c`?")
    }

    fn json(form: FindingsForm) -> Value {
        serde_json::from_str(&findings(&[finding()], &SourceMap::default(), form)).unwrap()
    }

    #[test]
    fn an_annotation_is_one_line_that_nothing_in_it_can_end() {
        assert_eq!(
            findings(&[finding()], &SourceMap::default(), FindingsForm::Github),
            "::error file=a%2Cb%3Ac d.rhai,line=3,col=9,title=E0102::no function `a::b`, 100%25%0Aor so%0Ahelp: did you mean `c`?\n"
        );
    }

    #[test]
    fn the_document_has_a_version_and_all_parts_of_a_finding() {
        let document = json(FindingsForm::Json);
        assert_eq!(document["version"], 1);
        assert_eq!(document["findings"][0]["labels"][0]["column"], 9);
        assert_eq!(document["findings"][0]["severity"], "error");
    }

    #[test]
    fn a_sarif_result_points_to_its_rule_and_region() {
        let run = &json(FindingsForm::Sarif(|code| format!("# {code}\n\nNobody has it.\n\n## More\n")))["runs"][0];
        let result = &run["results"][0];
        assert_eq!(run["tool"]["driver"]["rules"][0]["id"], result["ruleId"]);
        let help = json!({ "text": "Nobody has it.", "markdown": "# E0102\n\nNobody has it.\n\n## More\n" });
        assert_eq!((&result["ruleIndex"], &run["tool"]["driver"]["rules"][0]["help"]), (&json!(0), &help));
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "a%2Cb%3Ac%20d.rhai");
        assert_eq!(place["region"], json!({ "startLine": 3, "startColumn": 9 }));
    }

    #[test]
    fn machines_get_a_document_where_nothing_was_found() {
        let none = |form| findings(&[], &SourceMap::default(), form);
        assert_eq!(none(FindingsForm::Text(Style::Plain)), "");
        assert_eq!(none(FindingsForm::Yaml), "version: 1\nfindings: []\n");
        assert!(none(FindingsForm::Sarif(|_| String::new())).contains("\"results\": []"));
    }
}
