//! Readers of what all Kubernetes objects have in common: metadata, owners, conditions.
//!
//! They take any value and never fail: what is absent or of the wrong type reads as none, for objects come from strangers'
//! controllers too. Text is borrowed from the object.

use crate::value::{Map, Node};

/// An entry of `metadata.ownerReferences`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnerReference<'a> {
    /// Group and version of the owner.
    pub api_version: &'a str,
    /// Kind of the owner.
    pub kind: &'a str,
    /// Name of the owner, in the namespace of the object or cluster-wide.
    pub name: &'a str,
    /// Uid of the owner.
    pub uid: &'a str,
    /// Whether this owner manages the object; at most one does.
    pub controller: bool,
    /// Whether the owner's foreground deletion waits for the object.
    pub blocks_deletion: bool,
}

impl<'a> OwnerReference<'a> {
    /// The API group of the owner; empty for the core group.
    #[must_use]
    pub fn group(&self) -> &'a str {
        self.api_version.split_once('/').map_or("", |(group, _)| group)
    }

    fn read(node: &'a Node) -> Option<Self> {
        let flag = |field: &str| node.get(field).and_then(Node::as_bool).unwrap_or(false);
        Some(Self {
            api_version: node.text_at(&["apiVersion"])?,
            kind: node.text_at(&["kind"])?,
            name: node.text_at(&["name"])?,
            uid: node.text_at(&["uid"]).unwrap_or(""),
            controller: flag("controller"),
            blocks_deletion: flag("blockOwnerDeletion"),
        })
    }
}

/// An entry of `status.conditions`. Absent texts are empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Condition<'a> {
    /// Its type: `Ready`, `Available`.
    pub name: &'a str,
    /// `True`, `False` or `Unknown`.
    pub status: &'a str,
    /// One word why.
    pub reason: &'a str,
    /// A sentence why.
    pub message: &'a str,
    /// When the status changed last, RFC 3339.
    pub last_transition: Option<&'a str>,
    /// The generation it was computed for.
    pub observed_generation: Option<i64>,
}

impl<'a> Condition<'a> {
    /// Whether the status is `True`.
    #[must_use]
    pub fn is_true(&self) -> bool {
        self.status == "True"
    }

    /// Whether the status is `False`.
    #[must_use]
    pub fn is_false(&self) -> bool {
        self.status == "False"
    }

    fn read(node: &'a Node) -> Option<Self> {
        let text = |field: &str| node.text_at(&[field]).unwrap_or("");
        Some(Self {
            name: node.text_at(&["type"])?,
            status: text("status"),
            reason: text("reason"),
            message: text("message"),
            last_transition: node.text_at(&["lastTransitionTime"]),
            observed_generation: node.get("observedGeneration").and_then(whole_number),
        })
    }
}

/// Whether the value has the form of an object: a map with the texts `apiVersion` and `kind`.
#[must_use]
pub fn is_object(value: &Node) -> bool {
    value.text_at(&["apiVersion"]).is_some() && value.text_at(&["kind"]).is_some()
}

/// Whether the object is of that group and kind, in any version. The core group is empty.
#[must_use]
pub fn is_kind(object: &Node, group: &str, kind: &str) -> bool {
    self::kind(object) == Some(kind) && self::group(object) == Some(group)
}

/// The kind.
#[must_use]
pub fn kind(object: &Node) -> Option<&str> {
    object.text_at(&["kind"])
}

/// The API group; empty for the core group.
#[must_use]
pub fn group(object: &Node) -> Option<&str> {
    let api_version = object.text_at(&["apiVersion"])?;
    Some(api_version.split_once('/').map_or("", |(group, _)| group))
}

/// `metadata.name`.
#[must_use]
pub fn name(object: &Node) -> Option<&str> {
    metadata_text(object, "name")
}

/// `metadata.namespace`; none for cluster-wide objects.
#[must_use]
pub fn namespace(object: &Node) -> Option<&str> {
    metadata_text(object, "namespace")
}

/// `metadata.uid`.
#[must_use]
pub fn uid(object: &Node) -> Option<&str> {
    metadata_text(object, "uid")
}

/// `metadata.resourceVersion`.
#[must_use]
pub fn resource_version(object: &Node) -> Option<&str> {
    metadata_text(object, "resourceVersion")
}

/// `metadata.creationTimestamp`, RFC 3339.
#[must_use]
pub fn creation_timestamp(object: &Node) -> Option<&str> {
    metadata_text(object, "creationTimestamp")
}

/// `metadata.deletionTimestamp`, RFC 3339: set once somebody asked for the deletion.
#[must_use]
pub fn deletion_timestamp(object: &Node) -> Option<&str> {
    metadata_text(object, "deletionTimestamp")
}

/// Whether somebody asked for the deletion of the object.
#[must_use]
pub fn is_being_deleted(object: &Node) -> bool {
    deletion_timestamp(object).is_some()
}

/// `metadata.generation`: counts changes of the desired state.
#[must_use]
pub fn generation(object: &Node) -> Option<i64> {
    object.at(&["metadata", "generation"]).and_then(whole_number)
}

/// `status.observedGeneration`: the last generation the controller has seen. Some controllers write it as a text or a float
/// (`"3"`, `3.0`): what is a whole number is taken as one, anything else is as good as absent.
#[must_use]
pub fn observed_generation(object: &Node) -> Option<i64> {
    object.at(&["status", "observedGeneration"]).and_then(whole_number)
}

/// `metadata.labels`.
#[must_use]
pub fn labels(object: &Node) -> Option<&Map> {
    object.at(&["metadata", "labels"])?.as_map()
}

/// `metadata.annotations`.
#[must_use]
pub fn annotations(object: &Node) -> Option<&Map> {
    object.at(&["metadata", "annotations"])?.as_map()
}

/// The value of a label.
#[must_use]
pub fn label<'a>(object: &'a Node, key: &str) -> Option<&'a str> {
    labels(object)?.get(key)?.as_str()
}

/// The value of an annotation.
#[must_use]
pub fn annotation<'a>(object: &'a Node, key: &str) -> Option<&'a str> {
    annotations(object)?.get(key)?.as_str()
}

/// `metadata.finalizers`: who has to agree before the object goes.
#[must_use]
pub fn finalizers(object: &Node) -> Vec<&str> {
    object.items_at(&["metadata", "finalizers"]).iter().filter_map(Node::as_str).collect()
}

/// The owners of the object.
#[must_use]
pub fn owner_references(object: &Node) -> Vec<OwnerReference<'_>> {
    object.items_at(&["metadata", "ownerReferences"]).iter().filter_map(OwnerReference::read).collect()
}

/// The owner that manages the object, if one does.
#[must_use]
pub fn controller_of(object: &Node) -> Option<OwnerReference<'_>> {
    let owners = object.items_at(&["metadata", "ownerReferences"]);
    owners.iter().filter_map(OwnerReference::read).find(|owner| owner.controller)
}

/// The conditions of the object, in its order.
#[must_use]
pub fn conditions(object: &Node) -> Vec<Condition<'_>> {
    object.items_at(&["status", "conditions"]).iter().filter_map(Condition::read).collect()
}

/// The condition of that type.
#[must_use]
pub fn condition<'a>(object: &'a Node, name: &str) -> Option<Condition<'a>> {
    object.items_at(&["status", "conditions"]).iter().filter_map(Condition::read).find(|found| found.name == name)
}

/// A text of the metadata; an empty one means none, on the wire and in manifests.
fn metadata_text<'a>(object: &'a Node, field: &str) -> Option<&'a str> {
    object.text_at(&["metadata", field]).filter(|text| !text.is_empty())
}

fn whole_number(node: &Node) -> Option<i64> {
    match node {
        Node::Int(value) => Some(*value),
        Node::Str(text) => text.parse().ok(),
        #[expect(clippy::cast_possible_truncation, reason = "the guard keeps to what an f64 holds exactly")]
        Node::Float(value) if value.fract() == 0.0 && value.abs() < 9e15 => Some(*value as i64),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_status(observed: Node) -> Node {
        Node::from([("status", Node::from([("observedGeneration", observed)]))])
    }

    #[test]
    fn reads_an_observed_generation_that_is_no_integer() {
        for (value, expected) in [
            (Node::Int(3), Some(3)),
            (Node::Float(3.0), Some(3)),
            ("3".into(), Some(3)),
            (Node::Float(3.5), None),
            ("three".into(), None),
            (Node::Bool(true), None),
            (Node::Null, None),
            (Node::Float(1e300), None),
        ] {
            assert_eq!(observed_generation(&with_status(value.clone())), expected, "{}", value.description());
        }
    }

    #[test]
    fn reads_owners_and_conditions_and_skips_what_is_none() {
        let owner = Node::from([
            ("apiVersion", "apps/v1".into()),
            ("kind", "ReplicaSet".into()),
            ("name", "web-1".into()),
            ("uid", "u".into()),
            ("controller", true.into()),
        ]);
        let condition = Node::from([("type", "Ready".into()), ("status", "False".into()), ("reason", "Why".into())]);
        let object = Node::from([
            (
                "metadata",
                Node::from([("ownerReferences", Node::list(vec![Node::Int(1), owner])), ("namespace", "".into())]),
            ),
            ("status", Node::from([("conditions", Node::list(vec!["x".into(), condition]))])),
        ]);
        let controller = controller_of(&object).unwrap();
        assert_eq!((controller.group(), controller.kind, controller.name), ("apps", "ReplicaSet", "web-1"));
        assert_eq!(conditions(&object).len(), 1);
        let ready = super::condition(&object, "Ready").unwrap();
        assert!(ready.is_false() && !ready.is_true() && ready.reason == "Why" && ready.message.is_empty());
        assert_eq!(namespace(&object), None);
    }

    #[test]
    fn never_fails_on_a_value_that_is_no_object() {
        for value in
            [Node::Null, Node::Int(1), "x".into(), Node::list(vec![]), Node::from([("metadata", Node::Int(3))])]
        {
            assert!(!is_object(&value));
            assert_eq!((name(&value), uid(&value), labels(&value).is_none()), (None, None, true));
            assert!(
                owner_references(&value).is_empty() && finalizers(&value).is_empty() && conditions(&value).is_empty()
            );
        }
    }
}
