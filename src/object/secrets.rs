//! Known secret texts are masked in any text, however they are spelt there.

use super::MASK;
use crate::diag::printable;
use crate::value::{Key, Map, Node};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

/// The secret texts of a run, to be masked in everything it says. Clones share what they know.
///
/// A secret is found as it stands and as base64 (both alphabets, also inside a longer encoded text), percent-encoded,
/// JSON-escaped and quoted. One of several lines is found line by line too, as YAML indents them. Texts under 4 bytes are
/// not kept: they would mask half of every message and protect nothing.
#[derive(Clone, Default)]
pub struct Secrets {
    known: Arc<RwLock<Known>>,
}

/// All spellings by their first bytes: masking takes time by the length of a text, not by the number of secrets.
#[derive(Default)]
struct Known {
    forms: HashMap<[u8; SHORTEST], Vec<Form>>,
    /// The first bytes of all spellings, to pass over most of a text without hashing.
    firsts: Firsts,
}

/// One spelling of a secret.
#[derive(PartialEq, Eq)]
struct Form {
    /// It, or the beginning of a long one.
    head: Box<[u8]>,
    /// The length of the whole.
    len: usize,
}

/// Which bytes something begins with.
struct Firsts([bool; 256]);

impl Default for Firsts {
    fn default() -> Self {
        Self([false; 256])
    }
}

/// Shortest secret that is kept.
const SHORTEST: usize = 4;
/// Shortest piece of base64 that is looked for inside other texts: below it, harmless words would be hit.
const SHORTEST_PIECE: usize = 8;
/// Shortest line of a secret of several lines that is looked for by itself.
const SHORTEST_LINE: usize = 8;
/// What is kept of a long spelling. Where it stands in a text, as much is masked as the whole is long: a cluster's Secrets
/// hold megabytes, and a dozen spellings of each must not be kept.
const HEAD: usize = 256;

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
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        found.iter().for_each(|text| known.insert(text.as_bytes()));
    }

    /// Whether no secret is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.known().forms.is_empty()
    }

    /// The text with every known secret masked. Secrets that overlap or touch become one mask.
    #[must_use]
    pub fn mask<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let found = self.known().places(text);
        if found.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut masked = String::with_capacity(text.len());
        let mut shown = 0;
        for (start, end) in found {
            masked.push_str(&text[shown..start]);
            masked.push_str(MASK);
            shown = end;
        }
        masked.push_str(&text[shown..]);
        Cow::Owned(masked)
    }

    /// The value with every known secret masked, in texts and in keys. Parts without one are shared, not copied.
    #[must_use]
    pub fn mask_node(&self, node: &Node) -> Node {
        self.masked(node).unwrap_or_else(|| node.clone())
    }

    /// The masked value, if there is anything to mask in it.
    fn masked(&self, node: &Node) -> Option<Node> {
        match node {
            Node::Str(text) => match self.mask(text) {
                Cow::Borrowed(_) => None,
                Cow::Owned(masked) => Some(masked.into()),
            },
            Node::List(items) => {
                let masked: Vec<_> = items.iter().map(|item| self.masked(item)).collect();
                let changed = masked.iter().any(Option::is_some);
                let all = || masked.into_iter().zip(items.iter()).map(|(new, old)| new.unwrap_or_else(|| old.clone()));
                changed.then(|| Node::list(all().collect()))
            }
            Node::Map(map) => {
                let masked: Vec<_> = map.iter().map(|(key, value)| (self.mask(key), self.masked(value))).collect();
                let changed = masked.iter().any(|(key, value)| matches!(key, Cow::Owned(_)) || value.is_some());
                let all = || {
                    let new = masked.into_iter().zip(map.values());
                    new.map(|((key, new), old)| (Key::from(key), new.unwrap_or_else(|| old.clone())))
                };
                changed.then(|| all().collect::<Map>().into())
            }
            _ => None,
        }
    }

    fn known(&self) -> RwLockReadGuard<'_, Known> {
        self.known.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets(***)")
    }
}

impl Known {
    fn insert(&mut self, text: &[u8]) {
        let Some(first) = text.first_chunk::<SHORTEST>() else { return };
        let form = Form { head: text[..text.len().min(HEAD)].into(), len: text.len() };
        let alike = self.forms.entry(*first).or_default();
        // The longest first: no part of a secret is to be found before the whole.
        let place = alike.partition_point(|known| Reverse(known.len) < Reverse(form.len));
        if !alike[place..].iter().take_while(|known| known.len == form.len).any(|known| *known == form) {
            alike.insert(place, form);
            self.firsts.0[usize::from(first[0])] = true;
        }
    }

    /// Where secrets stand, as ranges of bytes, in order and apart from each other.
    fn places(&self, text: &str) -> Vec<(usize, usize)> {
        let mut found: Vec<(usize, usize)> = Vec::new();
        for (start, window) in text.as_bytes().windows(SHORTEST).enumerate() {
            if !self.firsts.0[usize::from(window[0])] {
                continue;
            }
            let rest = &text.as_bytes()[start..];
            let alike = rest.first_chunk::<SHORTEST>().and_then(|first| self.forms.get(first));
            let Some(form) = alike.into_iter().flatten().find(|form| rest.starts_with(&form.head)) else { continue };
            let end = (start + form.len).min(text.len());
            // The rest of a long one was not compared: it may end inside a character.
            let end = (end..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
            match found.last_mut() {
                Some(last) if start <= last.1 => last.1 = last.1.max(end),
                _ => found.push((start, end)),
            }
        }
        found
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
    let json = escaped(secret);
    found.insert(json.replace('/', "\\/"));
    // JSON within JSON: a text that is a document.
    found.insert(escaped(&json));
    found.insert(json);
    // Quoted as in YAML and CSV; and as messages show what does not print.
    found.extend([secret.replace('\'', "''"), secret.replace('"', "\"\""), printable(secret)]);
    for encode in [percent_upper, percent_lower] {
        let encoded: String = secret.bytes().map(encode).collect();
        found.insert(encoded.replace("%20", "+"));
        found.insert(encoded);
    }
    found
}

/// As a text inside a JSON document, without the quotes around it.
fn escaped(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
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
    fn masks_what_overlaps_as_a_whole() {
        let secrets = Secrets::new();
        for secret in ["abcdef", "defghijk", "ijkl"] {
            secrets.add(secret);
        }
        assert_eq!(secrets.mask("x abcdefghijkl y"), "x *** y");
        assert_eq!(secrets.mask("abcdefabcdef"), "***");
        assert_eq!(secrets.mask("defghi ijk"), "defghi ijk");
    }

    #[test]
    fn masks_all_of_a_secret_that_is_known_by_its_beginning() {
        let secrets = Secrets::new();
        let secret: String = (0..5_000).map(|number: u32| format!("{number:x}é")).collect();
        secrets.add(&secret);
        assert_eq!(secrets.mask(&format!("<{secret}>")), "<***>");
        assert_eq!(secrets.mask(&format!("<{}>", STANDARD.encode(&secret))), "<***>");
        // Cut off, or going on in another way: rather too much than too little.
        assert_eq!(secrets.mask(&secret[..1_000]), "***");
        let other = format!("{}{}", &secret[..HEAD + 20], "é".repeat(20_000));
        assert!(secrets.mask(&other).starts_with("***é"));
    }

    #[test]
    fn masks_a_secret_in_quotes_and_in_json_within_json() {
        let secrets = Secrets::new();
        let secret = "it's \u{1b}[31m a \"se\\cret\"";
        secrets.add(secret);
        let twice = escaped(&escaped(secret));
        for text in [printable(secret), secret.replace('\'', "''"), secret.replace('"', "\"\""), escaped(secret), twice]
        {
            assert_eq!(secrets.mask(&format!("'{text}'")), "'***'", "{text}");
        }
    }

    #[test]
    fn shares_what_holds_no_secret() {
        let secrets = Secrets::new();
        secrets.add("hunter2");
        let node = json(r#"{"a":["x"],"b":["hunter2"]}"#);
        let masked = secrets.mask_node(&node);
        let same = |key: &str| match (node.get(key), masked.get(key)) {
            (Some(Node::List(old)), Some(Node::List(new))) => Arc::ptr_eq(old, new),
            _ => false,
        };
        assert!(same("a") && !same("b"));
    }
}
