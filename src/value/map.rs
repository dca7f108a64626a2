//! [`Map`]: a mapping that keeps its author's key order.

use super::Node;
use std::collections::HashMap;
use std::sync::Arc;

/// A map's key: shared, immutable UTF-8.
pub type Key = Arc<str>;

/// Above this many keys a hash index is kept beside the entries. Kubernetes maps are small: up to here a linear search
/// beats hashing, and the pairs alone take half the memory.
const INDEX_ABOVE: usize = 24;

/// A mapping in the author's key order. Keys are unique. Equality does not look at the order.
#[derive(Clone, Default)]
pub struct Map {
    entries: Vec<(Key, Node)>,
    #[expect(clippy::box_collection, reason = "most maps have none, and a map without it is 40 bytes smaller")]
    index: Option<Box<HashMap<Key, usize>>>,
}

impl Map {
    /// An empty map.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A map of entries with keys that are all different.
    pub(crate) fn from_entries(entries: Vec<(Key, Node)>) -> Result<Self, Repeated> {
        let mut map = Self { entries, index: None };
        map.reindex();
        match &map.index {
            Some(index) if index.len() == map.len() => Ok(map),
            None if !has_repeated(&map.entries) => Ok(map),
            _ => Err(find_repeated(&map.entries)),
        }
    }

    /// Number of keys.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no key.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The value of `key`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.position(key).map(|at| &self.entries[at].1)
    }

    /// The value of `key` for writing.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        self.position(key).map(|at| &mut self.entries[at].1)
    }

    /// Whether there is such a key.
    #[must_use]
    pub fn contains(&self, key: &str) -> bool {
        self.position(key).is_some()
    }

    /// Sets a key: in its old place if it is there, at the end if it is new. Returns the value it replaced.
    pub fn insert(&mut self, key: impl Into<Key>, value: impl Into<Node>) -> Option<Node> {
        let (key, value) = (key.into(), value.into());
        if let Some(at) = self.position(&key) {
            return Some(std::mem::replace(&mut self.entries[at].1, value));
        }
        if let Some(index) = &mut self.index {
            index.insert(key.clone(), self.entries.len());
        }
        self.entries.push((key, value));
        if self.index.is_none() && self.entries.len() > INDEX_ABOVE {
            self.reindex();
        }
        None
    }

    /// Takes a key out. The order of the others stays.
    pub fn remove(&mut self, key: &str) -> Option<Node> {
        let at = self.position(key)?;
        let (_, value) = self.entries.remove(at);
        if self.index.is_some() {
            self.reindex();
        }
        Some(value)
    }

    /// Keeps the entries that `keep` wants.
    pub fn retain(&mut self, mut keep: impl FnMut(&Key, &mut Node) -> bool) {
        self.entries.retain_mut(|(key, value)| keep(key, value));
        self.reindex();
    }

    /// Keys and values in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&Key, &Node)> + ExactSizeIterator {
        self.entries.iter().map(|(key, value)| (key, value))
    }

    /// Keys in order.
    pub fn keys(&self) -> impl Iterator<Item = &Key> {
        self.entries.iter().map(|(key, _)| key)
    }

    /// Values in order.
    pub fn values(&self) -> impl Iterator<Item = &Node> {
        self.entries.iter().map(|(_, value)| value)
    }

    /// Releases spare capacity; worth it for maps that are kept in great number.
    pub fn shrink(&mut self) {
        self.entries.shrink_to_fit();
    }

    fn position(&self, key: &str) -> Option<usize> {
        match &self.index {
            Some(index) => index.get(key).copied(),
            None => self.entries.iter().position(|(known, _)| &**known == key),
        }
    }

    fn reindex(&mut self) {
        self.index = (self.entries.len() > INDEX_ABOVE)
            .then(|| Box::new(self.entries.iter().enumerate().map(|(at, (key, _))| (key.clone(), at)).collect()));
    }
}

/// A key that stands twice, with the places of both among the entries.
pub(crate) struct Repeated {
    pub(crate) key: Key,
    pub(crate) first: usize,
    pub(crate) second: usize,
}

fn has_repeated(entries: &[(Key, Node)]) -> bool {
    entries.iter().enumerate().any(|(at, (key, _))| entries[..at].iter().any(|(known, _)| known == key))
}

/// The first key that stands twice, of entries where one does.
fn find_repeated(entries: &[(Key, Node)]) -> Repeated {
    let mut seen = HashMap::new();
    for (second, (key, _)) in entries.iter().enumerate() {
        if let Some(first) = seen.insert(key, second) {
            return Repeated { key: key.clone(), first, second };
        }
    }
    Repeated { key: Key::default(), first: 0, second: 0 }
}

impl std::fmt::Debug for Map {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl PartialEq for Map {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().all(|(key, value)| other.get(key) == Some(value))
    }
}

impl<K: Into<Key>, V: Into<Node>> FromIterator<(K, V)> for Map {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut map = Self::new();
        for (key, value) in entries {
            map.insert(key, value);
        }
        map
    }
}

impl IntoIterator for Map {
    type Item = (Key, Node);
    type IntoIter = std::vec::IntoIter<(Key, Node)>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::{INDEX_ABOVE, Map};

    #[test]
    fn keeps_order_and_finds_every_key_beyond_the_index_border() {
        let mut map: Map = (0..INDEX_ABOVE as i64 * 3).map(|n| (format!("k{n}"), n)).collect();
        assert_eq!(map.remove("k0").and_then(|node| node.as_i64()), Some(0));
        assert_eq!(map.get("k70").and_then(super::Node::as_i64), Some(70));
        assert_eq!(map.keys().next().map(|key| &**key), Some("k1"));
        map.insert("k5", 1_i64);
        assert_eq!(map.keys().nth(4).map(|key| &**key), Some("k5"));
    }
}
