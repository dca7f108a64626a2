//! Nodes as YAML text, laid out as kubectl prints it.
//!
//! Written here and not by serde-saphyr, because a text must be quoted whenever any reader in the field takes it for
//! something else, whether it follows YAML 1.1 or 1.2: the rules for that are those of the reader beside it, and one place
//! has to know both. Strings over several lines become `|` blocks where those are safe.

use super::super::Node;
use super::scalar;

/// YAML for one document: block style, two spaces, lists at their parent's column, keys in their order.
///
/// What [`super::read_one`] reads back equals `node`. A float that is NaN or infinite, which no reader of this crate makes,
/// is written as `null`.
///
/// ```
/// use rutter::value::{Node, yaml};
/// let node = Node::from([("on", "yes".into()), ("ports", Node::list(vec![80.into()])), ("script", "a\nb\n".into())]);
/// assert_eq!(yaml::write(&node), "\"on\": \"yes\"\nports:\n- 80\nscript: |\n  a\n  b\n");
/// ```
#[must_use]
pub fn write(node: &Node) -> String {
    let mut out = String::new();
    block(&mut out, node, 0, Start::Line);
    out
}

/// YAML for several documents, with `---` between them.
#[must_use]
pub fn write_documents<'n>(nodes: impl IntoIterator<Item = &'n Node>) -> String {
    let mut out = String::new();
    for (index, node) in nodes.into_iter().enumerate() {
        if index > 0 {
            out.push_str("---\n");
        }
        block(&mut out, node, 0, Start::Line);
    }
    out
}

/// Where on its line a node begins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Start {
    /// At the start of a line, or after `- ` or `? `: at its own column.
    Line,
    /// After `key:`.
    Key,
}

/// Longer keys are written after `? `: readers look for the colon of a key no farther than 1024 characters.
const LONGEST_KEY: usize = 1000;

/// Writes a node whose keys or dashes stand in `column`, with the line break after it.
fn block(out: &mut String, node: &Node, column: usize, start: Start) {
    match node {
        Node::List(items) if !items.is_empty() => {
            let column = if start == Start::Key { column.saturating_sub(2) } else { column };
            for (index, item) in items.iter().enumerate() {
                line(out, column, start, index);
                out.push_str("- ");
                block(out, item, column + 2, Start::Line);
            }
        }
        Node::Map(map) if !map.is_empty() => {
            for (index, (key, value)) in map.iter().enumerate() {
                line(out, column, start, index);
                let key = inline(key);
                if key.len() > LONGEST_KEY {
                    out.push_str("? ");
                    out.push_str(&key);
                    out.push('\n');
                    indent(out, column);
                } else {
                    out.push_str(&key);
                }
                out.push(':');
                block(out, value, column + 2, Start::Key);
            }
        }
        scalar => {
            if start == Start::Key {
                out.push(' ');
            }
            self::scalar(out, scalar, column);
            out.push('\n');
        }
    }
}

/// Begins the line of an item or entry; the first one of a nested container stands where its parent left off.
fn line(out: &mut String, column: usize, start: Start, index: usize) {
    match (start, index) {
        (Start::Line, 0) => {}
        (Start::Key, 0) => {
            out.push('\n');
            indent(out, column);
        }
        _ => indent(out, column),
    }
}

fn indent(out: &mut String, column: usize) {
    out.extend(std::iter::repeat_n(' ', column));
}

fn scalar(out: &mut String, node: &Node, column: usize) {
    match node {
        Node::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Node::Int(value) => out.push_str(&value.to_string()),
        Node::UInt(value) => out.push_str(&value.to_string()),
        Node::Float(value) if value.is_finite() => out.push_str(&float(*value)),
        Node::Null | Node::Float(_) => out.push_str("null"),
        Node::Str(text) if is_block(text) => literal(out, text, column.max(2)),
        Node::Str(text) => out.push_str(&inline(text)),
        Node::List(_) => out.push_str("[]"),
        Node::Map(_) => out.push_str("{}"),
    }
}

/// With a dot and a signed exponent: `1e16` is a text to YAML 1.1.
fn float(value: f64) -> String {
    let text = format!("{value:?}");
    match text.split_once('e') {
        Some((digits, exponent)) => {
            let fraction = if digits.contains('.') { "" } else { ".0" };
            let sign = if exponent.starts_with('-') { "" } else { "+" };
            format!("{digits}{fraction}e{sign}{exponent}")
        }
        None => text,
    }
}

/// Whether a text can be a `|` block that reads back alike everywhere.
fn is_block(text: &str) -> bool {
    let mut lines = text.split('\n').filter(|line| !line.is_empty());
    let Some(first) = lines.clone().next() else { return false };
    text.contains('\n')
        // The first line tells the indentation.
        && !first.starts_with(' ')
        // Lines of nothing but blanks, and tabs where indentation ends, are read in different ways.
        && lines.all(|line| !line.starts_with('\t') && !line.trim_end_matches([' ', '\t']).is_empty())
        && text.chars().all(|c| matches!(c, '\n' | '\t') || is_printable(c))
}

fn literal(out: &mut String, text: &str, column: usize) {
    let body = text.trim_end_matches('\n');
    out.push_str(match text.len() - body.len() {
        0 => "|-",
        1 => "|",
        _ => "|+",
    });
    let body = text.strip_suffix('\n').unwrap_or(text);
    for line in body.split('\n') {
        out.push('\n');
        if !line.is_empty() {
            indent(out, column);
            out.push_str(line);
        }
    }
}

/// A text on one line: plain, in single or in double quotes.
fn inline(text: &str) -> String {
    if is_plain(text) {
        text.to_owned()
    } else if text.contains(['"', '\\']) && text.chars().all(is_printable) {
        format!("'{}'", text.replace('\'', "''"))
    } else {
        quoted(text)
    }
}

fn quoted(text: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if is_printable(c) => out.push(c),
            // A writer to a String cannot fail.
            c => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
        }
    }
    out.push('"');
    out
}

/// Whether a character may stand for itself in every version of YAML and is no line break in any.
fn is_printable(c: char) -> bool {
    match c {
        '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => false,
        other => !other.is_control(),
    }
}

/// Whether a text needs no quotes: every reader takes it for a text, and for this one.
fn is_plain(text: &str) -> bool {
    text.chars().all(is_printable) && !is_syntax(text) && !is_other_type(text)
}

/// Whether a plain text would be read as something of YAML's own.
fn is_syntax(text: &str) -> bool {
    match text.as_bytes() {
        // `-` may begin a text, if no blank follows it and it is no document marker.
        [] | [b'-'] | [b'-', b' ' | b'-', ..] => true,
        [b'?' | b':' | b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|' | b'>', ..] => true,
        [b'\'' | b'"' | b'%' | b'@' | b'`' | b' ', ..] => true,
        _ => text.ends_with([' ', ':']) || text.contains(": ") || text.contains(" #"),
    }
}

/// Whether some reader takes a plain text for something that is no text.
fn is_other_type(text: &str) -> bool {
    const WORDS: [&str; 13] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "~", "=", "<<", "..."];
    if WORDS.iter().any(|word| word.eq_ignore_ascii_case(text)) {
        return true;
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let mut bytes = unsigned.bytes();
    match bytes.next() {
        Some(b'.') => [".inf", ".nan"].iter().any(|word| word.eq_ignore_ascii_case(unsigned)) || is_number(unsigned),
        Some(b'0') if matches!(unsigned.as_bytes().get(1), Some(b'x' | b'X' | b'o' | b'O' | b'b' | b'B')) => true,
        Some(b'0'..=b'9') => is_number(unsigned) || is_sexagesimal(unsigned) || is_date(unsigned),
        _ => false,
    }
}

/// Some readers allow underscores, some commas, and what is a number too large for one is none too large for another.
fn is_number(text: &str) -> bool {
    let digits = text.replace(['_', ','], "");
    scalar::is_decimal(digits.as_bytes()) || digits.bytes().all(|byte| byte == b'.')
}

/// `1:30`, which YAML 1.1 reads as ninety.
fn is_sexagesimal(text: &str) -> bool {
    text.contains(':') && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'_' | b':' | b'.'))
}

/// Whether it begins with a date, which YAML 1.1 reads as a moment.
fn is_date(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let is_digits = |part: Option<&str>, lengths: std::ops::RangeInclusive<usize>| {
        part.is_some_and(|part| lengths.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    is_digits(parts.next(), 4..=4)
        && is_digits(parts.next(), 1..=2)
        && parts.next().is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}
