//! Reading typed fields out of a kubeconfig's tree. An error says where and which type, never the value: it may be a secret.

use super::ConnectError;
use crate::value::{Map, Node};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A map of the kubeconfig with the path that leads to it.
pub(super) struct Fields<'a> {
    map: Option<&'a Map>,
    at: String,
    file: &'a Path,
}

impl<'a> Fields<'a> {
    /// The fields of `node`, which must be a map; null counts as an empty one, as it does for client-go.
    pub(super) fn of(node: &'a Node, at: String, file: &'a Path) -> Result<Self, ConnectError> {
        match node {
            Node::Null => Ok(Self { map: None, at, file }),
            Node::Map(map) => Ok(Self { map: Some(map), at, file }),
            other => Err(wrong(file, &at, "a map", other)),
        }
    }

    fn get(&self, key: &str) -> Option<&'a Node> {
        self.map.and_then(|map| map.get(key)).filter(|node| !node.is_null())
    }

    fn path(&self, key: &str) -> String {
        if self.at.is_empty() { key.to_owned() } else { format!("{}.{key}", self.at) }
    }

    /// An error about a field.
    pub(super) fn problem(&self, key: &str, problem: &str) -> ConnectError {
        let problem = format!("{} {problem}", self.path(key));
        ConnectError::Kubeconfig { path: self.file.to_path_buf(), problem, place: None }
    }

    /// A text; absent and empty are the same.
    pub(super) fn text(&self, key: &str) -> Result<Option<String>, ConnectError> {
        match self.get(key) {
            None => Ok(None),
            Some(Node::Str(text)) => Ok((!text.is_empty()).then(|| text.to_string())),
            Some(other) => Err(wrong(self.file, &self.path(key), "text", other)),
        }
    }

    /// A text that must be there.
    pub(super) fn required(&self, key: &str) -> Result<String, ConnectError> {
        self.text(key)?.ok_or_else(|| self.problem(key, "is missing"))
    }

    /// A flag; absent is false.
    pub(super) fn flag(&self, key: &str) -> Result<bool, ConnectError> {
        match self.get(key) {
            None => Ok(false),
            Some(Node::Bool(flag)) => Ok(*flag),
            Some(other) => Err(wrong(self.file, &self.path(key), "true or false", other)),
        }
    }

    /// A path, relative to the kubeconfig it stands in.
    pub(super) fn file(&self, key: &str) -> Result<Option<PathBuf>, ConnectError> {
        Ok(self.text(key)?.map(|text| self.resolve(&text)))
    }

    /// A path relative to the kubeconfig's directory.
    pub(super) fn resolve(&self, path: &str) -> PathBuf {
        self.file.parent().unwrap_or(Path::new("/")).join(path)
    }

    /// Bytes in base64.
    pub(super) fn bytes(&self, key: &str) -> Result<Option<Arc<[u8]>>, ConnectError> {
        let Some(text) = self.text(key)? else { return Ok(None) };
        let packed: String = text.chars().filter(|character| !character.is_ascii_whitespace()).collect();
        match STANDARD.decode(packed) {
            Ok(bytes) => Ok(Some(bytes.into())),
            Err(_) => Err(self.problem(key, "is not base64")),
        }
    }

    /// A map below this one, or `None` if it is absent.
    pub(super) fn inner(&self, key: &str) -> Result<Option<Self>, ConnectError> {
        self.get(key).map(|node| Self::of(node, self.path(key), self.file)).transpose()
    }

    /// The items of a list; absent is empty.
    pub(super) fn items(&self, key: &str) -> Result<&'a [Node], ConnectError> {
        match self.get(key) {
            None => Ok(&[]),
            Some(Node::List(items)) => Ok(items),
            Some(other) => Err(wrong(self.file, &self.path(key), "a list", other)),
        }
    }

    /// The items of a list of maps.
    pub(super) fn maps(&self, key: &str) -> Result<Vec<Self>, ConnectError> {
        let items = self.items(key)?.iter().enumerate();
        items.map(|(index, item)| Self::of(item, format!("{}[{index}]", self.path(key)), self.file)).collect()
    }

    /// The items of a list of texts.
    pub(super) fn texts(&self, key: &str) -> Result<Vec<String>, ConnectError> {
        let items = self.items(key)?.iter().enumerate();
        items
            .map(|(index, item)| match item {
                Node::Str(text) => Ok(text.to_string()),
                other => Err(wrong(self.file, &format!("{}[{index}]", self.path(key)), "text", other)),
            })
            .collect()
    }

    /// The entries of a map whose values are lists of texts.
    pub(super) fn text_lists(&self) -> Result<Vec<(String, Vec<String>)>, ConnectError> {
        let keys = self.map.into_iter().flat_map(Map::keys);
        keys.map(|key| Ok((key.to_string(), self.texts(key)?))).collect()
    }

    /// The value of a field as it stands.
    pub(super) fn node(&self, key: &str) -> Option<&'a Node> {
        self.get(key)
    }
}

fn wrong(file: &Path, at: &str, wanted: &str, got: &Node) -> ConnectError {
    let at = if at.is_empty() { "the document" } else { at };
    let problem = format!("{at} must be {wanted}, not {}", got.description());
    ConnectError::Kubeconfig { path: file.to_path_buf(), problem, place: None }
}
