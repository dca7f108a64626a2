//! Layers put on each other: maps merge, lists and scalars replace, `null` removes.

use super::Layer;
use crate::source::Schema;
use crate::value::{FieldPath, Map, Node};
use std::collections::BTreeMap;

/// The values of all layers, and for each value which layer it is from.
#[derive(Default)]
pub(super) struct Merged {
    /// Still with its nulls: a key that was removed must not get its default back.
    pub(super) values: Map,
    origins: BTreeMap<FieldPath, usize>,
}

impl Merged {
    /// Puts a layer on top.
    pub(super) fn lay(&mut self, index: usize, layer: &Layer, schema: &Schema) {
        if let Some(map) = layer.values().as_map() {
            lay(&mut self.values, map, &FieldPath::root(), Some(schema), &mut |path| {
                // What was said about parts of the old value is void.
                self.origins.retain(|known, _| !known.steps().starts_with(path.steps()));
                self.origins.insert(path.clone(), index);
            });
        }
    }

    /// The layer that gave the value at a path or the nearest value around it.
    pub(super) fn origin(&self, path: &FieldPath) -> Option<usize> {
        (1..=path.steps().len()).rev().find_map(|length| self.origins.get(&path.prefix(length)).copied())
    }
}

fn lay(target: &mut Map, values: &Map, at: &FieldPath, schema: Option<&Schema>, note: &mut impl FnMut(&FieldPath)) {
    for (key, value) in values.iter() {
        let path = at.key(key);
        let schema = schema.and_then(|schema| schema.under(key));
        let Some(map) = value.as_map() else {
            note(&path);
            target.insert(key.clone(), value.clone());
            continue;
        };
        if target.get(key).and_then(Node::as_map).is_none() {
            let removed = target.get(key).is_some_and(Node::is_null);
            note(&path);
            target.insert(key.clone(), Map::new());
            // A lower layer removed the default; a map on top does not bring it back.
            if let (true, Some(default)) = (removed, schema.and_then(|schema| schema.default.as_ref())) {
                target.insert(key.clone(), nulls(default));
            }
        }
        if let Some(inner) = target.get_mut(key).and_then(Node::as_map_mut) {
            lay(inner, map, &path, schema, note);
        }
    }
}

/// The same keys, all removed.
fn nulls(default: &Node) -> Node {
    match default {
        Node::Map(map) => Node::map(map.iter().map(|(key, value)| (key.clone(), nulls(value))).collect()),
        _ => Node::Null,
    }
}

/// The value without the keys that were removed. Where the schema allows null it is a value and stays.
pub(super) fn without_removed(map: Map, schema: &Schema) -> Map {
    use crate::source::schema::Type;
    let mut kept = Map::new();
    for (key, value) in map {
        let schema = schema.under(&key);
        match value {
            Node::Null if !schema.is_some_and(|schema| schema.types.contains(&Type::Null)) => {}
            Node::Map(inner) => {
                let inner = std::sync::Arc::unwrap_or_clone(inner);
                let inner = match schema {
                    Some(schema) => without_removed(inner, schema),
                    None => inner,
                };
                kept.insert(key, inner);
            }
            other => {
                kept.insert(key, other);
            }
        }
    }
    kept
}
