//! Between the value tree and the script's own values.

use super::Failure;
use super::handle::{List, Object, Shape, Unsigned};
use crate::diag::codes;
use crate::value::{Map, Node};
use rhai::Dynamic;
use std::sync::Arc;

/// Levels of nesting that a value from a script may have; as in documents.
const DEPTH: usize = 128;

/// Values that a value from a script may have in it, those that it shares counted each time they stand in it. Enough for
/// all pods of a large cluster.
const VALUES: usize = 10_000_000;

/// A node as a script value: scalars become the script's own, maps and lists stay shared.
pub fn from_node(node: &Node) -> Dynamic {
    shaped(node, || Shape::Free)
}

/// The same with the shape of a map, or of a list's items.
pub(crate) fn shaped(node: &Node, shape: impl FnOnce() -> Shape) -> Dynamic {
    match node {
        Node::Null => Dynamic::UNIT,
        Node::Bool(value) => Dynamic::from_bool(*value),
        Node::Int(value) => Dynamic::from_int(*value),
        Node::UInt(value) => Dynamic::from(Unsigned(*value)),
        Node::Float(value) => Dynamic::from_float(*value),
        Node::Str(text) => Dynamic::from(rhai::ImmutableString::from(&**text)),
        Node::List(items) => Dynamic::from(List { items: Arc::clone(items), shape: shape() }),
        Node::Map(_) => Dynamic::from(Object { node: node.clone(), shape: shape() }),
    }
}

/// A script value as a node.
///
/// # Errors
/// `E0406` for what no document can hold (closures, clusters, NaN, bytes), naming where in the value it stands;
/// `E0404` for more than 128 levels of nesting, which is also what a value that contains itself ends in.
pub fn to_node(value: &Dynamic) -> Result<Node, Failure> {
    convert(value, &mut Vec::new())
}

/// A script value as a part of another one.
///
/// # Errors
/// As for [`to_node`], and `E0404` for what would let the other grow without bound: a value put into itself again and
/// again takes no memory, but neither can it be written, nor dropped without an end to the stack.
pub(crate) fn to_part(value: &Dynamic) -> Result<Node, Failure> {
    let node = to_node(value)?;
    bounded(&node, 0)?;
    Ok(node)
}

/// Refuses what is nested too deeply or has too many values, without walking more of it than is allowed.
fn bounded(node: &Node, depth: usize) -> Result<(), Failure> {
    let mut left = VALUES;
    walk(node, depth, &mut left)
}

fn walk(node: &Node, depth: usize, left: &mut usize) -> Result<(), Failure> {
    if depth > DEPTH {
        return Err(too_deep());
    }
    *left = left
        .checked_sub(1)
        .ok_or_else(|| Failure::new(codes::VALUE_BUDGET, format!("a value has more than {VALUES} values in it")))?;
    match node {
        Node::List(items) => items.iter().try_for_each(|item| walk(item, depth + 1, left)),
        Node::Map(map) => map.values().try_for_each(|value| walk(value, depth + 1, left)),
        _ => Ok(()),
    }
}

fn too_deep() -> Failure {
    Failure::new(codes::VALUE_BUDGET, format!("a value is nested more than {DEPTH} levels deep"))
        .hint("a value that contains itself never ends")
}

fn convert(value: &Dynamic, path: &mut Vec<String>) -> Result<Node, Failure> {
    if path.len() > DEPTH {
        return Err(too_deep());
    }
    if value.is_unit() {
        return Ok(Node::Null);
    }
    if let Ok(flag) = value.as_bool() {
        return Ok(Node::Bool(flag));
    }
    if let Ok(number) = value.as_int() {
        return Ok(Node::Int(number));
    }
    if let Ok(number) = value.as_float() {
        return float(number, path);
    }
    if let Ok(letter) = value.as_char() {
        return Ok(Node::text(letter.to_string()));
    }
    if let Ok(text) = value.as_immutable_string_ref() {
        return Ok(Node::text(text.as_str()));
    }
    if let Ok(items) = value.as_array_ref() {
        return sequence(&items, path);
    }
    if let Ok(map) = value.as_map_ref() {
        return mapping(&map, path);
    }
    if let Some(node) = shared(value) {
        // A handle by itself was bounded when it was made.
        if !path.is_empty() {
            bounded(&node, path.len())?;
        }
        return Ok(node);
    }
    if let Some(number) = value.read_lock::<Unsigned>() {
        return Ok(Node::from(number.0));
    }
    Err(unrepresentable(value.type_name(), path))
}

fn shared(value: &Dynamic) -> Option<Node> {
    if let Some(object) = value.read_lock::<Object>() {
        return Some(object.node.clone());
    }
    value.read_lock::<List>().map(|list| Node::List(Arc::clone(&list.items)))
}

fn float(number: f64, path: &[String]) -> Result<Node, Failure> {
    if number.is_finite() { Ok(Node::Float(number)) } else { Err(unrepresentable("a number that is not finite", path)) }
}

fn sequence(items: &[Dynamic], path: &mut Vec<String>) -> Result<Node, Failure> {
    let mut nodes = Vec::with_capacity(items.len());
    for (at, item) in items.iter().enumerate() {
        path.push(format!("[{at}]"));
        nodes.push(convert(item, path)?);
        path.pop();
    }
    Ok(Node::list(nodes))
}

fn mapping(entries: &rhai::Map, path: &mut Vec<String>) -> Result<Node, Failure> {
    let mut map = Map::new();
    for (key, value) in entries {
        path.push(format!(".{key}"));
        map.insert(key.as_str(), convert(value, path)?);
        path.pop();
    }
    Ok(Node::map(map))
}

fn unrepresentable(what: &str, path: &[String]) -> Failure {
    let what = if what == "Fn" { "a closure" } else { what.rsplit("::").next().unwrap_or(what) };
    let place = if path.is_empty() { String::new() } else { format!(" at {}", path.concat().trim_start_matches('.')) };
    let failure = Failure::new(codes::UNREPRESENTABLE, format!("{what}{place} cannot be part of a document"));
    match what {
        "blob" => failure.hint("encode bytes as text with `base64::encode(bytes)`"),
        "a closure" => failure.hint("call the closure and use its result"),
        _ => failure,
    }
}
