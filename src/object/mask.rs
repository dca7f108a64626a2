//! Secrets must not be seen: values of `Secret` objects are masked in copies.
//!
//! Nothing is guessed: an object other than a `Secret` is shown as it is, whatever its fields are called.

use super::meta;
use crate::value::{Map, Node};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// What stands where a secret was.
pub const MASK: &str = "***";

/// kubectl's copy of what was applied last: of a Secret it holds the secret again.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// The value with the contents of every `Secret` masked: of the object itself, of the items of a list, of the elements of a
/// sequence. Keys stay, so that one sees what is there. Anything else is shared, not copied.
#[must_use]
pub fn masked(value: &Node) -> Node {
    match value {
        Node::List(elements) => Node::list(elements.iter().map(masked).collect()),
        Node::Map(_) if meta::is_kind(value, "", "Secret") => masked_secret(value),
        Node::Map(map) if is_list(value) => {
            // The items of a typed list name no kind of their own.
            let secrets = meta::is_kind(value, "", "SecretList");
            let item = |item: &Node| if secrets { masked_secret(item) } else { masked(item) };
            let items = value.items_at(&["items"]).iter().map(item).collect();
            let mut copy = Map::clone(map);
            copy.insert("items", Node::list(items));
            copy.into()
        }
        other => other.clone(),
    }
}

fn is_list(value: &Node) -> bool {
    meta::kind(value).is_some_and(|kind| kind.ends_with("List")) && value.get("items").and_then(Node::as_list).is_some()
}

fn masked_secret(secret: &Node) -> Node {
    let mut copy = secret.clone();
    let Some(map) = copy.as_map_mut() else { return copy };
    for field in ["data", "stringData"] {
        if let Some(values) = map.get_mut(field) {
            match values.as_map() {
                Some(values) if !values.is_empty() => {
                    let hidden: Map = values.keys().map(|key| (key.clone(), MASK)).collect();
                    map.insert(field, hidden);
                }
                Some(_) => {}
                // Not the shape of a Secret, but it was written where one keeps its values.
                None if values.is_null() => {}
                None => *values = MASK.into(),
            }
        }
    }
    let annotations =
        map.get_mut("metadata").and_then(Node::as_map_mut).and_then(|metadata| metadata.get_mut("annotations"));
    if let Some(kept) = annotations.and_then(Node::as_map_mut).and_then(|annotations| annotations.get_mut(LAST_APPLIED))
    {
        *kept = MASK.into();
    }
    copy
}

/// The values that a `Secret` object holds, decoded, as far as they are text: what to [`super::Secrets::add`] once it was read.
#[must_use]
pub fn secret_values(secret: &Node) -> Vec<String> {
    if !meta::is_kind(secret, "", "Secret") {
        return Vec::new();
    }
    let texts = |field: &str| {
        let map = secret.get(field).and_then(Node::as_map);
        map.into_iter().flat_map(Map::values).filter_map(Node::as_str).map(str::to_owned).collect::<Vec<_>>()
    };
    let decode = |text: String| STANDARD.decode(text).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    texts("data").into_iter().filter_map(decode).chain(texts("stringData")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Node {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn masks_the_contents_of_secrets_and_keeps_their_keys() {
        let secret = json(
            r#"{"apiVersion":"v1","kind":"Secret","metadata":{"name":"a","annotations":{
                "kubectl.kubernetes.io/last-applied-configuration":"{\"data\":{\"p\":\"aHVudGVyMg==\"}}","team":"x"}},
                "data":{"p":"aHVudGVyMg=="},"stringData":{"q":"hunter2"},"type":"Opaque"}"#,
        );
        let text = serde_json::to_string(&masked(&secret)).unwrap();
        assert!(!text.contains("aHVudGVy") && !text.contains("hunter2"), "{text}");
        assert!(
            text.contains(r#""data":{"p":"***"}"#) && text.contains(r#""team":"x""#) && text.contains("Opaque"),
            "{text}"
        );
        for list in [
            Node::list(vec![secret.clone()]),
            Node::from([
                ("apiVersion", "v1".into()),
                ("kind", "List".into()),
                ("items", Node::list(vec![secret.clone()])),
            ]),
            json(r#"{"apiVersion":"v1","kind":"SecretList","items":[{"metadata":{},"data":{"p":"aHVudGVyMg=="}}]}"#),
        ] {
            let text = serde_json::to_string(&masked(&list)).unwrap();
            assert!(!text.contains("aHVudGVy") && text.contains(MASK), "{text}");
        }
        let broken = json(r#"{"apiVersion":"v1","kind":"Secret","data":["aHVudGVyMg=="]}"#);
        assert_eq!(masked(&broken).text_at(&["data"]), Some(MASK));
    }

    #[test]
    fn leaves_all_else_as_it_is() {
        for text in [
            r#"{"apiVersion":"v1","kind":"ConfigMap","data":{"password":"x"}}"#,
            r#"{"apiVersion":"example.com/v1","kind":"Secret","data":{"p":"x"}}"#,
            r#"{"apiVersion":"v1","kind":"Secret","metadata":{"name":"a"}}"#,
            r#"{"data":{"p":"x"}}"#,
            "3",
        ] {
            assert_eq!(masked(&json(text)), json(text), "{text}");
        }
    }

    #[test]
    fn knows_the_values_of_a_secret() {
        let secret = json(
            r#"{"apiVersion":"v1","kind":"Secret","data":{"p":"aHVudGVyMg==","bad":"%%","bin":"/w=="},"stringData":{"q":"s3cret"}}"#,
        );
        assert_eq!(secret_values(&secret), ["hunter2", "s3cret"]);
        assert!(
            secret_values(&json(r#"{"apiVersion":"v1","kind":"ConfigMap","data":{"p":"aHVudGVyMg=="}}"#)).is_empty()
        );
    }
}
