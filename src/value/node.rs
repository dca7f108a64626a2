//! [`Node`]: a tree that is shared when cloned. Changing a shared part copies that part only.

use super::Map;
use std::sync::Arc;

/// One value of a YAML or JSON document.
///
/// Every integer has one representation: what fits `i64` is `Int`, only what is above it is `UInt`. An integer never equals
/// a float. Equality of maps does not look at the order of keys.
#[derive(Clone, Default, PartialEq)]
pub enum Node {
    /// `null`.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// An integer in the range of `i64`.
    Int(i64),
    /// An integer above `i64::MAX`.
    UInt(u64),
    /// A number with a fraction or an exponent; neither NaN nor infinite.
    Float(f64),
    /// Text.
    Str(Arc<str>),
    /// A sequence.
    List(Arc<Vec<Node>>),
    /// A mapping in the author's key order.
    Map(Arc<Map>),
}

impl Node {
    /// A text node.
    #[must_use]
    pub fn text(text: impl Into<Arc<str>>) -> Self {
        Self::Str(text.into())
    }

    /// A list node.
    #[must_use]
    pub fn list(items: Vec<Self>) -> Self {
        Self::List(Arc::new(items))
    }

    /// A map node.
    #[must_use]
    pub fn map(map: Map) -> Self {
        Self::Map(Arc::new(map))
    }

    /// What the value is, in the words of messages: `null`, `a boolean`, `an integer`, `a number`, `a text`, `a list`, `a map`.
    #[must_use]
    pub fn description(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Int(_) | Self::UInt(_) => "an integer",
            Self::Float(_) => "a number",
            Self::Str(_) => "a text",
            Self::List(_) => "a list",
            Self::Map(_) => "a map",
        }
    }

    /// Whether this is `null`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The boolean, if it is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The integer, if it is one that fits. A float is none, even `1.0`.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Int(value) => Some(*value),
            _ => None,
        }
    }

    /// Any number as a float; integers above 2^53 lose precision.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "documented")]
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Int(value) => Some(*value as f64),
            Self::UInt(value) => Some(*value as f64),
            Self::Float(value) => Some(*value),
            _ => None,
        }
    }

    /// The text, if it is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The items, if it is a list.
    #[must_use]
    pub fn as_list(&self) -> Option<&[Self]> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    /// The map, if it is one.
    #[must_use]
    pub fn as_map(&self) -> Option<&Map> {
        match self {
            Self::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The map for writing, if it is one; copies it first where it is shared.
    pub fn as_map_mut(&mut self) -> Option<&mut Map> {
        match self {
            Self::Map(map) => Some(Arc::make_mut(map)),
            _ => None,
        }
    }

    /// The items for writing, if it is a list; copies the list first where it is shared.
    pub fn as_list_mut(&mut self) -> Option<&mut Vec<Self>> {
        match self {
            Self::List(items) => Some(Arc::make_mut(items)),
            _ => None,
        }
    }

    /// The value under `key`, if this is a map that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.as_map()?.get(key)
    }

    /// The value under a chain of keys: `node.at(&["metadata", "name"])`.
    #[must_use]
    pub fn at(&self, keys: &[&str]) -> Option<&Self> {
        keys.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The text under a chain of keys.
    #[must_use]
    pub fn text_at(&self, keys: &[&str]) -> Option<&str> {
        self.at(keys)?.as_str()
    }

    /// The integer under a chain of keys.
    #[must_use]
    pub fn int_at(&self, keys: &[&str]) -> Option<i64> {
        self.at(keys)?.as_i64()
    }

    /// The items under a chain of keys; none where the list is absent.
    #[must_use]
    pub fn items_at(&self, keys: &[&str]) -> &[Self] {
        self.at(keys).and_then(Self::as_list).unwrap_or_default()
    }

    /// Levels of nesting: 0 for a scalar or an empty container.
    #[must_use]
    pub fn depth(&self) -> usize {
        match self {
            Self::List(items) => items.iter().map(|item| 1 + item.depth()).max().unwrap_or(0),
            Self::Map(map) => map.iter().map(|(_, value)| 1 + value.depth()).max().unwrap_or(0),
            _ => 0,
        }
    }
}

impl From<bool> for Node {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Node {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<i32> for Node {
    fn from(value: i32) -> Self {
        Self::Int(value.into())
    }
}

impl From<u64> for Node {
    fn from(value: u64) -> Self {
        i64::try_from(value).map_or(Self::UInt(value), Self::Int)
    }
}

impl From<&str> for Node {
    fn from(text: &str) -> Self {
        Self::Str(text.into())
    }
}

impl From<String> for Node {
    fn from(text: String) -> Self {
        Self::Str(text.into())
    }
}

impl From<Vec<Node>> for Node {
    fn from(items: Vec<Node>) -> Self {
        Self::list(items)
    }
}

impl From<Map> for Node {
    fn from(map: Map) -> Self {
        Self::map(map)
    }
}

impl<V: Into<Node>> From<Option<V>> for Node {
    fn from(value: Option<V>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl<const N: usize> From<[(&str, Node); N]> for Node {
    fn from(entries: [(&str, Node); N]) -> Self {
        Self::map(entries.into_iter().collect())
    }
}
