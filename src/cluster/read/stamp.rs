//! What objects are told that the server leaves out, and how lists are named. Pure.

use super::Content;
use crate::cluster::Resource;
use crate::object::Namespace;
use crate::value::{Map, Node};

/// What a list or a watch is about, for messages.
pub(in crate::cluster) fn describe(resource: &Resource, namespace: Option<&Namespace>) -> String {
    match namespace {
        Some(namespace) => format!("{} in namespace {namespace}", resource.qualified()),
        None => resource.qualified(),
    }
}

/// Tells items what they are: the server leaves `apiVersion` and `kind` out of the items of typed lists.
#[derive(Clone)]
pub(super) struct Stamp {
    api_version: Node,
    kind: Node,
    content: Content,
}

impl Stamp {
    pub(super) fn of(resource: &Resource, content: Content) -> Self {
        Self { api_version: resource.api_version().into(), kind: Node::text(resource.kind.clone()), content }
    }

    pub(super) fn mark(&self, item: Node) -> Node {
        let Node::Map(map) = &item else { return item };
        let is_named = map.contains("kind") && map.contains("apiVersion");
        if is_named && self.content == Content::Full {
            return item;
        }
        let mut marked = Map::new();
        marked.insert("apiVersion", self.api_version.clone());
        marked.insert("kind", self.kind.clone());
        for (key, value) in map.iter().filter(|(key, _)| !matches!(&***key, "apiVersion" | "kind")) {
            marked.insert(key.clone(), value.clone());
        }
        Node::map(marked)
    }
}
