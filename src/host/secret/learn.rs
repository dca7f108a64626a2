//! Takes note of what objects from a cluster hold that nobody may see.

use crate::host::Host;
use crate::object::{Secrets, meta};
use crate::value::{Budget, Node, json};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

/// kubectl's copy of what was applied last: for a Secret it holds the secret again, maybe an older one.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// To be called with every object, list of objects, or list object that a cluster hands to a script, before the script
/// sees it. Costs nothing for what is no Secret.
pub(crate) fn learn_secrets(host: &Host, value: &Node) {
    learn(&host.secrets, value);
}

fn learn(secrets: &Secrets, value: &Node) {
    match value {
        Node::List(items) => items.iter().for_each(|item| learn(secrets, item)),
        Node::Map(_) if meta::is_kind(value, "", "Secret") => learn_secret(secrets, value),
        Node::Map(_) if meta::kind(value).is_some_and(|kind| kind.ends_with("List")) => {
            let typed = meta::is_kind(value, "", "SecretList");
            // The items of a typed list name no kind of their own.
            let learn = if typed { learn_secret } else { learn };
            value.items_at(&["items"]).iter().for_each(|item| learn(secrets, item));
        }
        _ => {}
    }
}

fn learn_secret(secrets: &Secrets, secret: &Node) {
    learn_values(secrets, secret);
    let applied = secret.at(&["metadata", "annotations", LAST_APPLIED]).and_then(Node::as_str);
    if let Some(applied) = applied.and_then(|text| json::read(text, LAST_APPLIED, &Budget::default()).ok()) {
        learn_values(secrets, &applied);
    }
}

fn learn_values(secrets: &Secrets, secret: &Node) {
    let texts = |field: &str| {
        let map = secret.get(field).and_then(Node::as_map);
        map.into_iter().flat_map(crate::value::Map::values).filter_map(Node::as_str)
    };
    // A token's Secret holds its namespace too: what everyone reads in the object's own name is no secret.
    let open = [&["metadata", "name"], &["metadata", "namespace"]].map(|path| secret.text_at(path));
    let add = |text: &str| {
        if !open.contains(&Some(text)) {
            secrets.add(text);
        }
    };
    texts("stringData").for_each(add);
    for encoded in texts("data") {
        match BASE64_STANDARD.decode(encoded).map(String::from_utf8) {
            Ok(Ok(text)) => add(&text),
            // What is no text can only be shown as it stands there.
            _ => add(encoded),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn learned(text: &str) -> Secrets {
        let secrets = Secrets::new();
        learn(&secrets, &json::read(text, "test", &Budget::default()).unwrap());
        secrets
    }

    #[test]
    fn learns_every_value_of_a_secret_and_of_its_earlier_form() {
        // hunter-one, hunter-two; ff fe fd fc fb fa
        let secrets = learned(
            r#"{"apiVersion":"v1","kind":"Secret","metadata":{"name":"db","namespace":"default","annotations":{
                "kubectl.kubernetes.io/last-applied-configuration":
                    "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"data\":{\"a\":\"aHVudGVyLW9uZQ==\"}}"}},
                "data":{"a":"aHVudGVyLXR3bw==","bin":"//79/Pv6","namespace":"ZGVmYXVsdA=="},
                "stringData":{"b":"hunter-three"}}"#,
        );
        for hidden in ["hunter-one", "hunter-two", "hunter-three", "aHVudGVyLXR3bw==", "//79/Pv6"] {
            assert_eq!(secrets.mask(hidden), "***", "{hidden}");
        }
        assert_eq!(secrets.mask("namespace default, secret db"), "namespace default, secret db");
    }

    #[test]
    fn learns_from_lists_and_from_nothing_else() {
        let item = r#"{"metadata":{"name":"db"},"data":{"a":"aHVudGVyLXR3bw=="}}"#;
        let typed = r#""apiVersion":"v1","kind":"Secret""#;
        for list in [
            format!(r#"[{}]"#, item.replacen('{', &format!("{{{typed},"), 1)),
            format!(r#"{{"apiVersion":"v1","kind":"SecretList","items":[{item}]}}"#),
            format!(
                r#"{{"apiVersion":"v1","kind":"List","items":[{}]}}"#,
                item.replacen('{', &format!("{{{typed},"), 1)
            ),
        ] {
            assert_eq!(learned(&list).mask("hunter-two"), "***", "{list}");
        }
        let other = item.replacen('{', r#"{"apiVersion":"v1","kind":"ConfigMap","#, 1);
        assert!(learned(&other).is_empty());
    }
}
