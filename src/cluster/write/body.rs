//! What is sent with a write, and how to recognise in a cluster what was sent. Pure.

use super::DryRun;
use crate::cluster::{Context, Error, Result};
use crate::object::FieldManager;
use crate::value::{Map, Node};

/// The options of every write of an object. `Strict` makes servers refuse fields they do not know, instead of dropping them.
pub(super) fn write_options(run: &Context, dry_run: DryRun) -> Result<Vec<(&'static str, Option<String>)>> {
    let manager = FieldManager::parse(run.field_manager()).map_err(|source| Error::InvalidName { source })?;
    Ok(vec![
        ("fieldManager", Some(manager.as_str().to_owned())),
        ("fieldValidation", Some("Strict".to_owned())),
        ("dryRun", dry_run.option()),
    ])
}

/// An object's `metadata`, for writing.
pub(super) fn metadata_of(object: &mut Node) -> Option<&mut Map> {
    object.as_map_mut()?.get_mut("metadata")?.as_map_mut()
}

/// The object as it is sent: in its namespace, without the fields that only the server writes.
///
/// A `resourceVersion` stays: its writer wants the call to fail when the object was changed meanwhile.
pub(super) fn wanted(object: &Node, namespace: Option<&str>) -> Node {
    let mut wanted = object.clone();
    if let Some(metadata) = metadata_of(&mut wanted) {
        for key in ["managedFields", "uid", "creationTimestamp", "generation", "selfLink"] {
            metadata.remove(key);
        }
        if let Some(namespace) = namespace {
            metadata.insert("namespace", namespace);
        }
    }
    wanted
}

/// Whether `live` is what was sent, apart from what the server added.
pub(super) fn holds(live: &Node, sent: &Node) -> bool {
    match (live, sent) {
        (Node::Map(live), Node::Map(sent)) => sent.iter().all(|(key, value)| match live.get(key) {
            Some(found) => holds(found, value),
            // `null` asks for nothing; a Secret's `stringData` comes back as `data`; versions are the server's.
            None => value.is_null() || &**key == "stringData" || is_empty(value),
        }),
        (Node::List(live), Node::List(sent)) => {
            live.len() == sent.len() && live.iter().zip(sent.iter()).all(|(live, sent)| holds(live, sent))
        }
        (live, sent) => live == sent,
    }
}

/// As [`holds`], whatever version was expected.
pub(super) fn holds_in_any_version(live: &Node, sent: &Node) -> bool {
    let mut sent = sent.clone();
    if let Some(metadata) = metadata_of(&mut sent) {
        metadata.remove("resourceVersion");
    }
    holds(live, &sent)
}

fn is_empty(value: &Node) -> bool {
    value.as_map().is_some_and(Map::is_empty) || value.as_list().is_some_and(<[Node]>::is_empty)
}

/// Whether that manager wrote some of the object. Needs its `managedFields`.
pub(super) fn is_managed_by(live: &Node, manager: &str) -> bool {
    live.items_at(&["metadata", "managedFields"]).iter().any(|entry| entry.text_at(&["manager"]) == Some(manager))
}

/// The object as it is handed out.
pub(super) fn without_managed_fields(mut object: Node) -> Node {
    if let Some(metadata) = metadata_of(&mut object) {
        metadata.remove("managedFields");
    }
    object
}

#[cfg(test)]
mod tests {
    use super::holds;
    use crate::value::{Budget, Node, json};

    fn read(text: &str) -> Node {
        json::read(text, "test", &Budget::default()).unwrap()
    }

    #[test]
    fn recognises_what_was_sent_among_what_the_server_added() {
        let sent =
            read(r#"{"metadata":{"name":"a","labels":{}},"data":{"k":"v"},"stringData":{"x":"y"},"list":[{"a":1}]}"#);
        let live = read(r#"{"metadata":{"name":"a","uid":"u"},"data":{"k":"v","x":"eQ=="},"list":[{"a":1,"b":2}]}"#);
        assert!(holds(&live, &sent));
        for other in
            [r#"{"data":{"k":"w"}}"#, r#"{"data":{"l":"v"}}"#, r#"{"list":[]}"#, r#"{"metadata":{"name":"b"}}"#]
        {
            assert!(!holds(&live, &read(other)), "{other}");
        }
    }
}
