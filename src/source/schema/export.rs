//! The schema as JSON Schema 2020-12 for others: web forms, editors, documentation.

use super::{ParamSchema, Type};
use crate::value::{Map, Node};

impl ParamSchema {
    /// The params as a complete JSON Schema: what the author wrote, with what this crate takes for granted made explicit
    /// (`additionalProperties: false`, the types of an `enum`) and secrets marked `writeOnly`, as forms expect it.
    #[must_use]
    pub fn to_json_schema(&self) -> Node {
        let mut schema = Map::new();
        schema.insert("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.insert("type", "object");
        if let Some(map) = explicit(&self.document).as_map() {
            map.iter().for_each(|(key, value)| drop(schema.insert(key.clone(), value.clone())));
        }
        schema.insert("additionalProperties", false);
        Node::map(schema)
    }
}

fn explicit(node: &Node) -> Node {
    let Some(map) = node.as_map() else { return node.clone() };
    let mut schema: Map = map.iter().map(|(key, value)| (key.clone(), keyword(key, value))).collect();
    if map.get("format").and_then(Node::as_str) == Some("secret") {
        schema.insert("writeOnly", true);
    }
    let is_object = map.get("type").is_some_and(|types| {
        types.as_str() == Some("object") || types.as_list().is_some_and(|all| all.contains(&Node::from("object")))
    });
    if is_object && !schema.contains("additionalProperties") {
        schema.insert("additionalProperties", false);
    }
    if !schema.contains("type") {
        let choices = map.get("enum").and_then(Node::as_list).unwrap_or_default();
        let mut types: Vec<Node> = Vec::new();
        for value in choices.iter().chain(map.get("const")) {
            let name = Node::from(Type::of(value).name());
            if !types.contains(&name) {
                types.push(name);
            }
        }
        if !types.is_empty() {
            schema.insert("type", Node::list(types));
        }
    }
    Node::map(schema)
}

/// Only these keywords hold schemas; a `default` may look like one.
fn keyword(key: &str, value: &Node) -> Node {
    match (key, value) {
        ("items" | "additionalProperties", value) => explicit(value),
        ("properties", Node::Map(map)) => {
            Node::map(map.iter().map(|(name, schema)| (name.clone(), explicit(schema))).collect())
        }
        (_, other) => other.clone(),
    }
}
