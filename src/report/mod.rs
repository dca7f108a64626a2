//! From results to text: for people as tables, for machines as one JSON or YAML document. Pure: same input, same bytes.

mod findings;
mod table;

pub use findings::{FindingsForm, findings};

use crate::diag::Diagnostic;
use crate::value::{Map, Node, json, yaml};

/// The forms of `-o`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Form {
    /// Tables and plain text for people.
    #[default]
    Text,
    /// One JSON document.
    Json,
    /// One YAML document.
    Yaml,
}

/// A run's result in that form, with a final line break; nothing for people where there is no result.
#[must_use]
pub fn result(value: &Node, form: Form) -> String {
    match form {
        Form::Json => escaped(&json::write_pretty(value)) + "\n",
        Form::Yaml => yaml::write(value),
        Form::Text => text(value),
    }
}

/// What a command that failed prints where a document is wanted: `{"error": {…}}`, with the data that came with the error
/// as `details`, null where there is none.
#[must_use]
pub fn error(diagnostic: &Diagnostic, details: Option<&Node>) -> Node {
    // A diagnostic is a map of texts and numbers.
    let described = Node::from_serialize(diagnostic).unwrap_or_default();
    let mut fields: Map = described.as_map().cloned().unwrap_or_default();
    fields.insert("details", details.cloned().unwrap_or_default());
    Node::from([("error", Node::from(fields))])
}

/// JSON in which what could move a terminal's cursor is escaped, too: the format lets C1 controls and bidirectional marks
/// stand as they are. They occur in texts only, where an escape means the same.
fn escaped(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for character in json.chars() {
        if crate::diag::is_unprintable(character) {
            // All of them are in the basic plane.
            text.push_str(&format!("\\u{:04x}", u32::from(character)));
        } else {
            text.push(character);
        }
    }
    text
}

fn text(value: &Node) -> String {
    match value {
        Node::Null => String::new(),
        Node::Str(text) => printable_line(text),
        Node::List(items) if items.is_empty() => String::new(),
        Node::Map(_) | Node::List(_) => match table::table(value) {
            Some(table) => table.to_string(),
            None => crate::diag::printable(&yaml::write(value)),
        },
        scalar => format!("{scalar}\n"),
    }
}

fn printable_line(text: &str) -> String {
    let mut line = crate::diag::printable(text);
    if !line.ends_with('\n') {
        line.push('\n');
    }
    line
}
