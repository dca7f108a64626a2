//! Secrets must not be seen: values of `Secret` objects are masked in copies, known secret texts are masked in any text.
//!
//! Nothing is guessed: an object other than a `Secret` is shown as it is, whatever its fields are called.

use super::meta;
use crate::value::{Map, Node};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, RwLock};

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

/// The values that a `Secret` object holds, decoded, as far as they are text: what to [`Secrets::add`] once it was read.
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

/// The secret texts of a run, to be masked in everything it says. Clones share what they know.
///
/// A secret is found as it stands and as base64 (both alphabets, also inside a longer encoded text), percent-encoded and
/// JSON-escaped. One of several lines is found line by line too, as YAML indents them. Texts under 4 bytes are not kept: they
/// would mask half of every message and protect nothing.
#[derive(Clone, Default)]
pub struct Secrets {
    forms: Arc<RwLock<BTreeSet<Form>>>,
}

/// One spelling of a secret; longer ones come first, so that no part of a secret is masked before the whole.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Form(std::cmp::Reverse<usize>, String);

/// Shortest secret that is kept.
const SHORTEST: usize = 4;
/// Shortest piece of base64 that is looked for inside other texts: below it, harmless words would be hit.
const SHORTEST_PIECE: usize = 8;
/// Shortest line of a secret of several lines that is looked for by itself.
const SHORTEST_LINE: usize = 8;

impl Secrets {
    /// Knows no secret yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes note of a secret. Surrounding white space does not belong to it.
    pub fn add(&self, secret: &str) {
        let secret = secret.trim();
        if secret.len() < SHORTEST {
            return;
        }
        let mut found = spellings(secret);
        if secret.contains('\n') {
            let lines =
                secret.lines().map(str::trim).filter(|line| line.len() >= SHORTEST_LINE && !line.starts_with("-----"));
            found.extend(lines.map(str::to_owned));
        }
        let mut forms = self.forms.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        forms.extend(found.into_iter().map(|text| Form(std::cmp::Reverse(text.len()), text)));
    }

    /// Whether no secret is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.forms.read().unwrap_or_else(std::sync::PoisonError::into_inner).is_empty()
    }

    /// The text with every known secret masked.
    #[must_use]
    pub fn mask<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let forms = self.forms.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut masked = Cow::Borrowed(text);
        for Form(_, secret) in forms.iter() {
            if masked.contains(secret.as_str()) {
                masked = Cow::Owned(masked.replace(secret.as_str(), MASK));
            }
        }
        masked
    }

    /// The value with every known secret masked, in texts and in keys.
    #[must_use]
    pub fn mask_node(&self, node: &Node) -> Node {
        match node {
            Node::Str(text) => match self.mask(text) {
                Cow::Borrowed(_) => node.clone(),
                Cow::Owned(masked) => masked.into(),
            },
            Node::List(items) => Node::list(items.iter().map(|item| self.mask_node(item)).collect()),
            Node::Map(map) => {
                let entry =
                    |(key, value): (&crate::value::Key, &Node)| (self.mask(key).into_owned(), self.mask_node(value));
                map.iter().map(entry).collect::<Map>().into()
            }
            other => other.clone(),
        }
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets(***)")
    }
}

/// The ways in which a secret may stand in a text.
fn spellings(secret: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::from([secret.to_owned()]);
    for engine in [&STANDARD, &URL_SAFE, &STANDARD_NO_PAD, &URL_SAFE_NO_PAD] {
        found.insert(engine.encode(secret));
    }
    // Inside a longer text (`user:password`) the secret starts at any of three offsets, and its edges mix with its neighbours.
    for engine in [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD] {
        for (before, mixed) in [(0, 0), (1, 2), (2, 3)] {
            let padded = [&vec![0; before], secret.as_bytes()].concat();
            let pure = padded.len() * 8 / 6;
            let encoded = engine.encode(&padded);
            found.extend(encoded.get(mixed..pure).filter(|piece| piece.len() >= SHORTEST_PIECE).map(str::to_owned));
        }
    }
    let quoted = serde_json::Value::from(secret).to_string();
    let json = quoted[1..quoted.len() - 1].to_owned();
    found.insert(json.replace('/', "\\/"));
    found.insert(json);
    for encode in [percent_upper, percent_lower] {
        let encoded: String = secret.bytes().map(encode).collect();
        found.insert(encoded.replace("%20", "+"));
        found.insert(encoded);
    }
    found
}

fn percent_upper(byte: u8) -> String {
    if is_unreserved(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }
}

fn percent_lower(byte: u8) -> String {
    if is_unreserved(byte) { char::from(byte).to_string() } else { format!("%{byte:02x}") }
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
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
    fn masks_a_known_secret_however_it_is_spelt() {
        let secret = "p@ss \"w/ord\"+é\\1";
        let secrets = Secrets::new();
        assert!(secrets.is_empty());
        secrets.add(secret);
        let url: String = secret.bytes().map(percent_upper).collect();
        let mut texts = vec![
            secret.to_owned(),
            STANDARD.encode(secret),
            URL_SAFE.encode(secret),
            STANDARD_NO_PAD.encode(secret),
            serde_json::to_string(secret).unwrap(),
            url.clone(),
            url.to_lowercase(),
            url.replace("%20", "+"),
        ];
        // Basic authentication and friends: every offset, whatever follows.
        for user in ["", "a:", "ab:", "abc:", "abcd:"] {
            texts.extend(["", "x", "xy", "\n"].map(|after| STANDARD.encode(format!("{user}{secret}{after}"))));
        }
        for text in texts {
            let masked = secrets.mask(&text);
            assert!(masked.contains(MASK), "{text}");
            for part in ["p@ss", "w/ord", "w%2Ford", "w%2ford"] {
                assert!(!masked.contains(part), "{text}: {masked}");
            }
        }
        assert_eq!(secrets.mask("nothing of it"), "nothing of it");
        assert_eq!(format!("{secrets:?}"), "Secrets(***)");
    }

    #[test]
    fn masks_each_line_of_a_key() {
        let secrets = Secrets::new();
        secrets.add("-----BEGIN KEY-----\nMIIEvQIBADANBg\nkqhkiG9w0BAQEF\n-----END KEY-----\n");
        let masked = secrets.mask("key: |\n  -----BEGIN KEY-----\n  MIIEvQIBADANBg\n  kqhkiG9w0BAQEF\n").into_owned();
        assert!(!masked.contains("MIIE") && !masked.contains("kqhk") && masked.contains("BEGIN KEY"), "{masked}");
    }

    #[test]
    fn masks_the_longest_secret_first_and_shares_what_it_knows() {
        let secrets = Secrets::new();
        let other = secrets.clone();
        other.add("hunter2");
        other.add("hunter2-long");
        other.add("abc");
        assert_eq!(secrets.mask("a hunter2-long abc hunter2"), "a *** abc ***");
        let node = json(r#"{"hunter2":[1,"x hunter2 y"],"plain":true}"#);
        assert_eq!(secrets.mask_node(&node), json(r#"{"***":[1,"x *** y"],"plain":true}"#));
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
