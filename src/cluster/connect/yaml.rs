//! The text of a kubeconfig as a tree. A parser's message may quote the text, which may hold secrets: only the place is kept.

use super::ConnectError;
use crate::value::{Map, Node};
use std::path::Path;

pub(super) fn parse(path: &Path, text: &str) -> Result<Node, ConnectError> {
    if text.trim().is_empty() {
        return Ok(Node::Null);
    }
    serde_yaml::from_str::<serde_json::Value>(text).map(from_json).map_err(|error| {
        let place = error.location().map(|at| (at.line() as u32, at.column() as u32));
        ConnectError::Kubeconfig { path: path.to_path_buf(), problem: "it is no valid YAML".to_owned(), place }
    })
}

fn from_json(value: serde_json::Value) -> Node {
    use serde_json::Value;
    match value {
        Value::Null => Node::Null,
        Value::Bool(flag) => Node::Bool(flag),
        Value::Number(number) => number.as_i64().map_or(Node::Float(0.0), Node::Int),
        Value::String(text) => Node::text(text),
        Value::Array(items) => Node::list(items.into_iter().map(from_json).collect()),
        Value::Object(entries) => {
            let mut map = Map::new();
            for (key, value) in entries {
                map.insert(key, from_json(value));
            }
            Node::map(map)
        }
    }
}

/// The tree as JSON text's model, for what is handed to plugins.
pub(super) fn to_json(node: &Node) -> serde_json::Value {
    use serde_json::Value;
    match node {
        Node::Null => Value::Null,
        Node::Bool(flag) => Value::Bool(*flag),
        Node::Int(number) => (*number).into(),
        Node::UInt(number) => (*number).into(),
        Node::Float(number) => (*number).into(),
        Node::Str(text) => Value::String(text.to_string()),
        Node::List(items) => items.iter().map(to_json).collect(),
        Node::Map(map) => map.iter().map(|(key, value)| (key.to_string(), to_json(value))).collect(),
    }
}
