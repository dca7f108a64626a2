//! The values that scripts hold without copying: objects and lists over shared [`Node`]s.
//!
//! They are values, not references into a cluster: changing one changes nothing anywhere else.

use super::convert::shaped;
use super::live::Live;
use super::{Host, Thrown};
use crate::cluster::Target;
use crate::value::{FieldPath, Node, Step};
use rhai::{Dynamic, ImmutableString};
use std::sync::Arc;

/// A map: an object from a cluster, or any part of one.
#[derive(Debug, Clone)]
pub struct Object {
    /// Always a `Node::Map`.
    pub(crate) node: Node,
    /// What is known of its fields.
    pub(crate) shape: Shape,
}

/// What is known of an object's fields beyond those it has.
#[derive(Debug, Clone, Default)]
pub(crate) enum Shape {
    /// Nothing: an absent field reads as `()`.
    #[default]
    Free,
    /// The checked params of a runbook: these names and no others.
    Params(Arc<[String]>),
    /// Part of an object of a cluster: the fields that its kind has.
    Live(Live),
    /// Any names, and behind each such a part, or a list of them.
    Each(Live),
}

impl Shape {
    /// The shape of what a cluster gave.
    pub(crate) fn of(target: &Target, object: &Node) -> Self {
        Live::new(target, object).map_or(Self::Free, Self::Live)
    }

    /// Whether the same is known.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Free, Self::Free) => true,
            (Self::Live(one), Self::Live(other)) | (Self::Each(one), Self::Each(other)) => one.is_same(other),
            _ => false,
        }
    }

    /// A node of this shape as a script value.
    pub(crate) fn value(&self, node: &Node) -> Dynamic {
        shaped(node, || self.clone())
    }

    /// What such an object has in a field, as a script value.
    pub(crate) fn part(&self, key: &ImmutableString, node: &Node) -> Dynamic {
        shaped(node, || match self {
            Self::Live(live) => Self::Live(live.below(key.clone())),
            Self::Each(live) => Self::Live(live.clone()),
            Self::Free | Self::Params(_) => Self::Free,
        })
    }

    /// Refuses a path that leads nowhere in `node`, which has this shape, where there can be no such field.
    ///
    /// # Errors
    /// `E0217`; the end of the run.
    pub(crate) fn check(&self, host: &Host, node: &Node, path: &FieldPath) -> Result<(), Thrown> {
        match (self, node) {
            (Self::Live(live), Node::Map(_)) if node.lookup(path).is_none() => live.check_path(host, node, path),
            _ => Ok(()),
        }
    }

    /// The shape at the end of some steps from such an object, or such a list.
    pub(crate) fn along(&self, steps: &[Step]) -> Self {
        match (self, steps) {
            (Self::Live(live), steps) => live.along(steps).map_or(Self::Free, Self::Live),
            (Self::Each(live), [_, rest @ ..]) => live.along(rest).map_or(Self::Free, Self::Live),
            _ => Self::Free,
        }
    }
}

impl PartialEq for Object {
    fn eq(&self, other: &Self) -> bool {
        self.node == other.node
    }
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
#[derive(Debug, Clone)]
pub struct List {
    pub(crate) items: Arc<Vec<Node>>,
    /// That of the items.
    pub(crate) shape: Shape,
}

impl PartialEq for List {
    fn eq(&self, other: &Self) -> bool {
        self.items == other.items
    }
}

impl List {
    /// A list of these nodes.
    #[must_use]
    pub fn new(items: Vec<Node>) -> Self {
        Self { items: Arc::new(items), shape: Shape::Free }
    }

    /// A list of objects of one kind that a cluster gave.
    pub(crate) fn live(target: &Target, items: Vec<Node>) -> Self {
        let shape = items.first().map_or(Shape::Free, |item| Shape::of(target, item));
        Self { items: Arc::new(items), shape }
    }

    /// What is known of the items of both lists, if it is the same.
    pub(crate) fn shape_with(&self, other: &Self) -> Option<Shape> {
        match (self.items.is_empty(), other.items.is_empty()) {
            (true, _) => Some(other.shape.clone()),
            (_, true) => Some(self.shape.clone()),
            _ => self.shape.is_same(&other.shape).then(|| self.shape.clone()),
        }
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
pub fn params(params: crate::value::Map, names: Vec<String>) -> Dynamic {
    Dynamic::from(Object::params(params, names))
}
