//! From the text of a flag to a value. The schema's type decides, never the look of the text: `--name 1` is a text where
//! texts are wanted.

use super::FlagKind;
use crate::source::schema::{Format, Schema, Type, shown};
use crate::value::{Budget, Node, json, yaml};

/// A text that is no value of the wanted type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextMismatch {
    /// What the schema wants.
    pub wanted: String,
    /// The text; a secret is only called one.
    pub got: String,
    /// What would help, if that is known.
    pub hint: Option<String>,
}

/// The value that a text stands for. A text that could have several of the schema's types has the narrowest: with
/// `type: [integer, string]`, `3` is an integer and `10%` a text. Lists are split at commas, unless their items may hold
/// some; a list in brackets and every map is read as JSON or YAML. `@` and `-` mean nothing special.
///
/// # Errors
/// The text stands for none of the types. Other rules of the schema are not looked at.
pub fn value_from_text(schema: &Schema, text: &str) -> Result<Node, TextMismatch> {
    let string = schema.types.contains(&Type::String);
    let readings = schema.types.iter().filter_map(|known| match known {
        Type::Null if !string => (text == "null").then_some(Node::Null),
        Type::Null | Type::String => None,
        Type::Boolean => truth(text),
        Type::Integer => integer(text),
        Type::Number => integer(text).or_else(|| number(text)),
        Type::Array => list(schema, text),
        Type::Object => structure(text).filter(|node| node.as_map().is_some()),
    });
    // Widest last: an integer before a number, scalars before lists.
    match readings.min_by_key(rank) {
        Some(value) => Ok(value),
        None if string => Ok(Node::from(text)),
        None => Err(mismatch(schema, text)),
    }
}

/// The value of a flag that was given these texts, in order.
pub(super) fn read_texts(schema: &Schema, kind: FlagKind, texts: &[String]) -> Result<Node, TextMismatch> {
    match (kind, texts) {
        (FlagKind::List, [_, _, ..]) => {
            let mut items = Vec::new();
            for text in texts {
                let part = value_from_text(schema, text)?;
                items.extend_from_slice(part.as_list().ok_or_else(|| mismatch(schema, text))?);
            }
            Ok(Node::list(items))
        }
        (_, [.., last]) => value_from_text(schema, last),
        (_, []) => value_from_text(schema, "true"),
    }
}

fn rank(node: &Node) -> u8 {
    match node {
        Node::Null | Node::Bool(_) => 0,
        Node::Int(_) | Node::UInt(_) => 1,
        Node::Float(_) => 2,
        Node::Map(_) => 3,
        Node::List(_) => 4,
        Node::Str(_) => 5,
    }
}

fn truth(text: &str) -> Option<Node> {
    match text {
        "true" => Some(Node::Bool(true)),
        "false" => Some(Node::Bool(false)),
        _ => None,
    }
}

/// Decimal digits with or without a minus sign, as JSON writes integers.
fn integer(text: &str) -> Option<Node> {
    number(text).filter(|node| matches!(node, Node::Int(_) | Node::UInt(_)))
}

fn number(text: &str) -> Option<Node> {
    let starts = text.starts_with(|c: char| c == '-' || c.is_ascii_digit());
    let node = if starts { json::read(text, "", &Budget::default()).ok()? } else { return None };
    node.as_f64().is_some().then_some(node)
}

fn list(schema: &Schema, text: &str) -> Option<Node> {
    if text.trim_start().starts_with('[') {
        return structure(text).filter(|node| node.as_list().is_some());
    }
    let Some(items) = &schema.list.items else { return Some(Node::list(split(text).map(Node::from).collect())) };
    // One map, one selector: what may hold commas itself stands alone.
    let whole = items.types.iter().any(|known| matches!(known, Type::Object | Type::Array))
        || items.format.is_some_and(Format::has_commas);
    let parts: Vec<&str> = if whole && !text.is_empty() { vec![text] } else { split(text).collect() };
    parts.into_iter().map(|part| value_from_text(items, part).ok()).collect::<Option<Vec<Node>>>().map(Node::list)
}

/// The empty text is the empty list.
fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').filter(move |_| !text.is_empty())
}

fn structure(text: &str) -> Option<Node> {
    yaml::read_one(text, "", &Budget::default()).ok().map(yaml::Document::into_node)
}

fn mismatch(schema: &Schema, text: &str) -> TextMismatch {
    let got = if schema.has_secret() { "a text that is not shown".to_owned() } else { shown(&Node::from(text)) };
    TextMismatch { wanted: wanted(schema), got, hint: hint(schema) }
}

fn wanted(schema: &Schema) -> String {
    match &schema.list.items {
        Some(items) if schema.types == [Type::Array] => format!("a list, each item {}", items.description()),
        _ => schema.description(),
    }
}

fn hint(schema: &Schema) -> Option<String> {
    let hint = match schema.types[..] {
        [Type::Object] => "write it as JSON: `'{\"cpu\": 1}'`",
        [Type::Array] => "join items by commas, or write the list as JSON: `'[\"a\", \"b\"]'`",
        [Type::Integer] => "digits only, with or without a minus sign",
        _ => return None,
    };
    Some(hint.to_owned())
}

/// What the value of a flag is called in help.
pub(super) fn value_name(schema: &Schema) -> String {
    if let Some(format) = schema.format {
        return format_name(format);
    }
    let Some(main) = schema.types.iter().find(|known| **known != Type::Null) else { return "VALUE".to_owned() };
    let name = match main {
        Type::Boolean => "BOOL",
        Type::Integer => "N",
        Type::Number => "NUMBER",
        Type::Object => "JSON",
        Type::Array => return schema.list.items.as_deref().map_or_else(|| "TEXT".to_owned(), value_name),
        Type::String | Type::Null => "TEXT",
    };
    name.to_owned()
}

fn format_name(format: Format) -> String {
    let name = match format {
        Format::LabelSelector | Format::FieldSelector => "SELECTOR",
        Format::IntOrPercent => "N|%",
        Format::DnsLabel | Format::DnsSubdomain => "NAME",
        Format::ImageReference => "IMAGE",
        Format::Semver => "VERSION",
        Format::DateTime => "TIME",
        Format::Uri => "URI",
        other => return other.name().replace('-', "_").to_uppercase(),
    };
    name.to_owned()
}
