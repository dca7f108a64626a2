//! Filling in defaults.

use super::{Schema, Type};
use crate::value::{Map, Node};
use std::sync::Arc;

impl Schema {
    /// The value with every default that it lacks. As in Kubernetes, the defaults of the keys of a map count only where the
    /// map is there: a map that should come into being by itself has a default of its own, `{}`. A default map lies under
    /// the map that is given, key by key; a key that is there as `null` gets no default.
    #[must_use]
    pub fn complete(&self, value: Node) -> Node {
        match value {
            Node::Map(map) => Node::map(self.complete_map(Arc::unwrap_or_clone(map))),
            Node::List(items) => match &self.list.items {
                Some(schema) => {
                    let items = Arc::unwrap_or_clone(items);
                    Node::list(items.into_iter().map(|item| schema.complete(item)).collect())
                }
                None => Node::List(items),
            },
            scalar => scalar,
        }
    }

    fn complete_map(&self, mut map: Map) -> Map {
        for property in &self.object.properties {
            let Some(default) = &property.schema.default else { continue };
            match map.get_mut(&property.name) {
                None => {
                    map.insert(property.name.clone(), default.clone());
                }
                Some(given) => lay_under(given, default),
            }
        }
        let known: Vec<Arc<str>> = map.keys().cloned().collect();
        for key in known {
            if let (Some(schema), Some(value)) = (self.under(&key), map.get_mut(&key)) {
                *value = schema.complete(std::mem::take(value));
            }
        }
        map
    }

    /// The value in the one form that scripts see: a whole float is an integer where integers are wanted, an integer is a
    /// float where any number is. Without this `params.ratio / 2` would round for `3` and not for `3.5`.
    #[must_use]
    pub fn settle(&self, value: Node) -> Node {
        match value {
            Node::Map(map) => {
                let entries = Arc::unwrap_or_clone(map).into_iter();
                Node::map(entries.map(|(key, value)| (key.clone(), self.settle_under(&key, value))).collect())
            }
            Node::List(items) => match &self.list.items {
                Some(schema) => {
                    let items = Arc::unwrap_or_clone(items);
                    Node::list(items.into_iter().map(|item| schema.settle(item)).collect())
                }
                None => Node::List(items),
            },
            Node::Float(number) if self.types.contains(&Type::Integer) => whole(number).unwrap_or(Node::Float(number)),
            Node::Int(number) if !self.types.contains(&Type::Integer) => exact_float(number),
            other => other,
        }
    }

    fn settle_under(&self, key: &str, value: Node) -> Node {
        match self.under(key) {
            Some(schema) => schema.settle(value),
            None => value,
        }
    }
}

fn lay_under(given: &mut Node, default: &Node) {
    let Some(default) = default.as_map() else { return };
    let Some(map) = given.as_map_mut() else { return };
    for (key, value) in default.iter() {
        match map.get_mut(key) {
            Some(given) => lay_under(given, value),
            None => {
                map.insert(key.clone(), value.clone());
            }
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
fn whole(number: f64) -> Option<Node> {
    let fits = number.fract() == 0.0 && (-9_007_199_254_740_992.0..=9_007_199_254_740_992.0).contains(&number);
    fits.then_some(Node::Int(number as i64))
}

/// Integers above 2^53 stay what they are: a float could not hold them.
#[expect(clippy::cast_precision_loss, reason = "the range is checked")]
fn exact_float(number: i64) -> Node {
    let exact = number.unsigned_abs() <= 1 << 53;
    if exact { Node::Float(number as f64) } else { Node::Int(number) }
}

#[cfg(test)]
mod tests {
    use super::super::{ObjectRule, Property, Schema, Type};
    use crate::value::Node;

    fn limits() -> Schema {
        let property = |name: &str, types, default: Node| {
            let schema = Schema { types: vec![types], default: Some(default), ..Schema::default() };
            Property { name: name.into(), required: false, schema }
        };
        let properties = vec![
            property("cpu", Type::Number, Node::Int(1)),
            property("names", Type::Object, Node::from([("a", Node::Int(1)), ("b", Node::Int(2))])),
        ];
        let object = ObjectRule { properties, ..ObjectRule::default() };
        Schema { types: vec![Type::Object], object, ..Schema::default() }
    }

    #[test]
    fn lays_default_maps_under_given_ones() {
        let given = Node::from([("names", Node::from([("b", Node::Int(3))]))]);
        assert_eq!(limits().complete(given).to_string(), r#"{"names":{"b":3,"a":1},"cpu":1}"#);
    }

    #[test]
    fn leaves_a_null_without_default() {
        let given = Node::from([("names", Node::Null), ("cpu", Node::Null)]);
        assert_eq!(limits().complete(given).to_string(), r#"{"names":null,"cpu":null}"#);
    }

    #[test]
    fn gives_numbers_the_form_of_their_type() {
        assert_eq!(limits().settle(Node::from([("cpu", Node::Int(1))])).to_string(), r#"{"cpu":1.0}"#);
        let integer = Schema { types: vec![Type::Integer], ..Schema::default() };
        assert_eq!(integer.settle(Node::Float(3.0)), Node::Int(3));
        let large = Schema { types: vec![Type::Number], ..Schema::default() };
        assert_eq!(large.settle(Node::Int(i64::MAX)), Node::Int(i64::MAX));
    }
}
