//! Texts that diagnostics point into: scripts, headers, manifests. A text is kept once and shared.

use std::sync::{Arc, RwLock};

/// A text with the name people know it by (a path, `-e`, `std/nodes`).
#[derive(Debug)]
pub struct SourceText {
    name: String,
    text: String,
}

impl SourceText {
    /// Takes a text under its display name.
    #[must_use]
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        Arc::new(Self { name: name.into(), text: text.into() })
    }

    /// The display name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The byte offset of a 1-based line and column (in characters); past the end of a line means its end.
    #[must_use]
    pub fn offset(&self, place: Place) -> usize {
        let mut offset = 0;
        for (index, line) in self.text.split_inclusive('\n').enumerate() {
            if index + 1 == place.line as usize {
                let body = line.trim_end_matches(['\n', '\r']);
                let column = place.column.max(1) as usize - 1;
                return offset + body.char_indices().nth(column).map_or(body.len(), |(at, _)| at);
            }
            offset += line.len();
        }
        self.text.len()
    }
}

/// A line and a column in characters, both counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

impl Place {
    /// A place from 1-based numbers.
    #[must_use]
    pub fn new(line: u32, column: u32) -> Self {
        Self { line, column }
    }
}

/// A stretch of a named text: where it starts and, where known, how many characters it covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Display name of the text, as in [`SourceText::name`].
    pub file: String,
    /// Its first character.
    pub start: Place,
    /// Characters covered on that line; 0 where only the point is known (Rhai gives points).
    pub length: u32,
}

impl Span {
    /// A point in a text.
    #[must_use]
    pub fn point(file: impl Into<String>, line: u32, column: u32) -> Self {
        Self { file: file.into(), start: Place::new(line, column), length: 0 }
    }
}

/// The texts of one run by display name. Filled while scripts are loaded, read when a diagnostic is shown.
#[derive(Debug, Default, Clone)]
pub struct SourceMap {
    texts: Arc<RwLock<Vec<Arc<SourceText>>>>,
}

impl SourceMap {
    /// Adds a text; a text of the same name is replaced.
    pub fn insert(&self, text: Arc<SourceText>) {
        let mut texts = self.texts.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        texts.retain(|known| known.name != text.name);
        texts.push(text);
    }

    /// The text of that name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<Arc<SourceText>> {
        let texts = self.texts.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        texts.iter().find(|text| text.name == name).cloned()
    }
}
