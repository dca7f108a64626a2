//! Methods and properties of objects: maps that are shared, and changed by copying the changed part only.

mod get;

use super::{Spec, from_node};
use crate::value::Node;
use rhai::Dynamic;

/// All methods of objects.
pub(super) const FUNCTIONS: &[&Spec] = &[&get::SPEC];

/// The short names of what every Kubernetes object keeps under `metadata`: `name`, `namespace`, `labels`, `annotations`,
/// and `ref`. `()` for anything else.
pub(super) fn shorthand(object: &Node, key: &str) -> Dynamic {
    let Some(metadata) = object.get("metadata").filter(|metadata| metadata.as_map().is_some()) else {
        return Dynamic::UNIT;
    };
    match key {
        "name" | "namespace" => metadata.get(key).map(from_node).unwrap_or_default(),
        "labels" | "annotations" => {
            metadata.get(key).map_or_else(|| from_node(&Node::map(crate::value::Map::new())), from_node)
        }
        "ref" => from_node(&reference(object, metadata)),
        _ => Dynamic::UNIT,
    }
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
