//! A node as JSON text. Keys in their order; a float keeps its `.0` or exponent, so that it reads back as a float.

use super::super::Node;
use std::fmt::{self, Write};

/// Compact JSON.
///
/// A float that is NaN or infinite, which no reader of this crate makes, is written as `null`.
#[must_use]
pub fn write(node: &Node) -> String {
    let mut out = String::new();
    // A writer to a String cannot fail.
    let _ = Writer { out: &mut out, indent: None }.node(node, 0);
    out
}

/// JSON over several lines, indented by two spaces. No line break at the end.
#[must_use]
pub fn write_pretty(node: &Node) -> String {
    let mut out = String::new();
    let _ = Writer { out: &mut out, indent: Some(2) }.node(node, 0);
    out
}

/// A text as a JSON string, in quotes.
pub(in crate::value) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    let _ = string(&mut out, text);
    out
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Writer { out: f, indent: None }.node(self, 0)
    }
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

struct Writer<'o, W> {
    out: &'o mut W,
    indent: Option<usize>,
}

impl<W: Write> Writer<'_, W> {
    fn node(&mut self, node: &Node, level: usize) -> fmt::Result {
        match node {
            Node::Null => self.out.write_str("null"),
            Node::Bool(value) => write!(self.out, "{value}"),
            Node::Int(value) => write!(self.out, "{value}"),
            Node::UInt(value) => write!(self.out, "{value}"),
            Node::Float(value) if value.is_finite() => write!(self.out, "{value:?}"),
            Node::Float(_) => self.out.write_str("null"),
            Node::Str(text) => string(self.out, text),
            Node::List(items) if items.is_empty() => self.out.write_str("[]"),
            Node::Map(map) if map.is_empty() => self.out.write_str("{}"),
            Node::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.out.write_char(if index == 0 { '[' } else { ',' })?;
                    self.line(level + 1)?;
                    self.node(item, level + 1)?;
                }
                self.line(level)?;
                self.out.write_char(']')
            }
            Node::Map(map) => {
                for (index, (key, value)) in map.iter().enumerate() {
                    self.out.write_char(if index == 0 { '{' } else { ',' })?;
                    self.line(level + 1)?;
                    string(self.out, key)?;
                    self.out.write_str(if self.indent.is_some() { ": " } else { ":" })?;
                    self.node(value, level + 1)?;
                }
                self.line(level)?;
                self.out.write_char('}')
            }
        }
    }

    fn line(&mut self, level: usize) -> fmt::Result {
        match self.indent {
            Some(width) => write!(self.out, "\n{:1$}", "", level * width),
            None => Ok(()),
        }
    }
}

fn string(out: &mut impl Write, text: &str) -> fmt::Result {
    out.write_char('"')?;
    let mut plain = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escape = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0x8 => "\\b",
            0xc => "\\f",
            0..0x20 => "",
            _ => continue,
        };
        out.write_str(&text[plain..at])?;
        plain = at + 1;
        if escape.is_empty() { write!(out, "\\u{byte:04x}")? } else { out.write_str(escape)? }
    }
    out.write_str(&text[plain..])?;
    out.write_char('"')
}

#[cfg(test)]
mod tests {
    use super::{write, write_pretty};
    use crate::value::{Node, json};

    #[test]
    fn keeps_a_float_a_float() {
        for (value, text) in [
            (1.0, "1.0"),
            (1e16, "1e16"),
            (-0.0, "-0.0"),
            (0.1, "0.1"),
            (1e-7, "1e-7"),
            (f64::MAX, "1.7976931348623157e308"),
        ] {
            assert_eq!(write(&Node::Float(value)), text);
            assert_eq!(json::read(text, "test", &Default::default()), Ok(Node::Float(value)));
        }
    }

    #[test]
    fn escapes_what_json_must_escape_and_nothing_else() {
        let node = Node::text("\"\\\n\r\t\u{8}\u{c}\u{0}\u{1f}\u{7f}é\u{2028}😀/");
        assert_eq!(write(&node), "\"\\\"\\\\\\n\\r\\t\\b\\f\\u0000\\u001f\u{7f}é\u{2028}😀/\"");
        assert_eq!(json::read(write(&node), "test", &Default::default()), Ok(node));
    }

    #[test]
    fn indents_by_two_and_leaves_empty_containers_short() {
        let node = json::read(r#"{"a":[1,{}],"b":[],"c":{"d":null}}"#, "test", &Default::default()).unwrap();
        assert_eq!(
            write_pretty(&node),
            "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": [],\n  \"c\": {\n    \"d\": null\n  }\n}"
        );
    }
}
