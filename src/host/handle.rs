//! The values that scripts hold without copying: objects and lists over shared [`Node`]s.
//!
//! They are values, not references into a cluster: changing one changes nothing anywhere else.

use crate::value::Node;
use std::sync::Arc;

/// A map: an object from a cluster, or any part of one.
#[derive(Debug, Clone, PartialEq)]
pub struct Object {
    /// Always a `Node::Map`.
    pub(crate) node: Node,
    /// What is known of its fields.
    pub(crate) shape: Shape,
}

/// What is known of an object's fields beyond those it has.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) enum Shape {
    /// Nothing: an absent field reads as `()`.
    #[default]
    Free,
    /// The checked params of a runbook: these names and no others.
    Params(Arc<[String]>),
}

impl Object {
    /// An object of unknown shape; `node` must be a map.
    pub(crate) fn free(node: Node) -> Self {
        debug_assert!(matches!(node, Node::Map(_)));
        Self { node, shape: Shape::Free }
    }

    /// The params of a runbook: reading a name that is none of `names` is an error.
    pub(crate) fn params(params: crate::value::Map, names: Vec<String>) -> Self {
        Self { node: Node::map(params), shape: Shape::Params(names.into()) }
    }

    /// The tree.
    #[must_use]
    pub fn node(&self) -> &Node {
        &self.node
    }
}

/// A list over shared nodes.
#[derive(Debug, Clone, PartialEq)]
pub struct List {
    pub(crate) items: Arc<Vec<Node>>,
}

impl List {
    /// A list of these nodes.
    #[must_use]
    pub fn new(items: Vec<Node>) -> Self {
        Self { items: Arc::new(items) }
    }

    /// The items.
    #[must_use]
    pub fn items(&self) -> &[Node] {
        &self.items
    }
}

/// An integer above the script's own range (`i64`): kept exactly, compared and printed, not calculated with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unsigned(pub u64);

/// The `params` of a run as a script value.
pub fn params(params: crate::value::Map, names: Vec<String>) -> rhai::Dynamic {
    rhai::Dynamic::from(Object::params(params, names))
}
