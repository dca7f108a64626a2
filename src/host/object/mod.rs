//! Methods and properties of objects: maps that are shared, and changed by copying the changed part only.

mod get;
mod has;
mod is_empty;
mod keys;
mod len;
mod matches;
mod merge;
mod owners;
mod remove;
mod require;
mod set;
mod to_json;
mod to_map;
mod to_yaml;
mod values;
mod walk;

use super::Spec;
use super::handle::{List, Object, Shape};
use super::{Failure, from_node};
use crate::diag::codes;
use crate::value::Node;
use rhai::Dynamic;

/// All methods of objects.
pub(super) const FUNCTIONS: &[&Spec] = &[
    &get::SPEC,
    &require::SPEC,
    &has::SPEC,
    &set::SPEC,
    &remove::SPEC,
    &merge::SPEC,
    &keys::SPEC,
    &values::SPEC,
    &len::SPEC,
    &is_empty::SPEC,
    &to_yaml::SPEC,
    &to_json::SPEC,
    &to_map::SPEC,
    &owners::SPEC,
    &matches::SPEC,
];

/// The short names of what every Kubernetes object keeps under `metadata`: `name`, `namespace`, `labels`, `annotations`,
/// and `ref`. `None` for anything else.
pub(super) fn shorthand(object: &Object, key: &str) -> Option<Dynamic> {
    let metadata = object.node.get("metadata").filter(|metadata| metadata.as_map().is_some())?;
    match key {
        "name" | "namespace" => Some(metadata.get(key).map(from_node).unwrap_or_default()),
        "labels" | "annotations" => {
            Some(metadata.get(key).map_or_else(|| from_node(&Node::map(crate::value::Map::new())), from_node))
        }
        "ref" => Some(from_node(&reference(&object.node, metadata))),
        _ => None,
    }
}

/// Sets what a short name of [`shorthand`] stands for; gives the value back where the name is none, or cannot be set.
pub(super) fn set_shorthand(object: &mut Object, key: &str, value: Node) -> Option<Node> {
    let holder = object.node.get("metadata").filter(|metadata| metadata.as_map().is_some());
    if key == "ref" && holder.is_some_and(|metadata| reference(&object.node, metadata) == value) {
        // The engine writes back what it has called a method on.
        return None;
    }
    if holder.is_none() || !["name", "namespace", "labels", "annotations"].contains(&key) {
        return Some(value);
    }
    let metadata = object.node.as_map_mut().and_then(|map| map.get_mut("metadata")).and_then(Node::as_map_mut)?;
    metadata.insert(key, value);
    None
}

/// What names the object: everything a later call needs to find this very object again, uid included.
fn reference(object: &Node, metadata: &Node) -> Node {
    let mut map = crate::value::Map::new();
    for (key, holder) in
        [("apiVersion", object), ("kind", object), ("namespace", metadata), ("name", metadata), ("uid", metadata)]
    {
        if let Some(value) = holder.get(key) {
            map.insert(key, value.clone());
        }
    }
    Node::map(map)
}

/// A copy in the script's own maps and arrays, as deep as it goes.
pub(super) fn owned(value: &Dynamic) -> Dynamic {
    if let Some(map) = value.read_lock::<rhai::Map>() {
        return Dynamic::from_map(map.iter().map(|(key, value)| (key.clone(), owned(value))).collect());
    }
    if let Some(items) = value.read_lock::<rhai::Array>() {
        return Dynamic::from_array(items.iter().map(owned).collect());
    }
    if let Some(object) = value.read_lock::<Object>() {
        return owned_node(&object.node);
    }
    if let Some(list) = value.read_lock::<List>() {
        return Dynamic::from_array(list.items.iter().map(owned_node).collect());
    }
    value.clone()
}

fn owned_node(node: &Node) -> Dynamic {
    match node {
        Node::Map(map) => {
            Dynamic::from_map(map.iter().map(|(key, value)| ((&**key).into(), owned_node(value))).collect())
        }
        Node::List(items) => Dynamic::from_array(items.iter().map(owned_node).collect()),
        scalar => from_node(scalar),
    }
}

/// Refuses to change the checked params of a runbook, which a variable of the script's own may also hold.
fn changeable(receiver: &Dynamic) -> Result<(), Failure> {
    match receiver.read_lock::<Object>() {
        Some(object) if matches!(object.shape, Shape::Params(_)) => {
            Err(Failure::new(codes::CONSTANT, "params cannot be changed")
                .hint("copy them with `params.to_map()` and change the copy"))
        }
        _ => Ok(()),
    }
}
