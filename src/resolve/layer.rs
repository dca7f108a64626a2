//! [`Layer`]: values from one place, with the words that say which.

use crate::diag::Span;
use crate::value::yaml::{self, Document};
use crate::value::{Budget, FieldPath, Map, Node, Step, ValueError};
use std::fmt;

/// Values from one place: a file, a flag, a form. Later layers win.
#[derive(Clone)]
pub struct Layer {
    values: Node,
    from: From,
}

#[derive(Clone)]
enum From {
    Words(String),
    Flag(String),
    File(Document),
}

impl Layer {
    /// Values from a place that has no text to point into; `origin` is what messages call it (`the form`).
    #[must_use]
    pub fn new(origin: impl Into<String>, values: Node) -> Self {
        Self { values, from: From::Words(origin.into()) }
    }

    /// A values file: YAML or JSON text of one document, which may be empty. `name` is what messages call the file.
    ///
    /// # Errors
    /// The text does not parse, or holds several documents.
    pub fn file(text: &str, name: &str) -> Result<Self, ValueError> {
        Ok(match yaml::read_optional(text, name, &Budget::default())? {
            Some(document) => Self { values: document.node().clone(), from: From::File(document) },
            None => Self::new(name, Node::map(Map::new())),
        })
    }

    pub(super) fn flag(flag: &str, path: &FieldPath, value: Node) -> Self {
        let values = path.steps().iter().rev().fold(value, |value, step| match step {
            Step::Key(key) => Node::map([(key.clone(), value)].into_iter().collect()),
            _ => value,
        });
        Self { values, from: From::Flag(flag.to_owned()) }
    }

    /// The values as they were given.
    #[must_use]
    pub fn values(&self) -> &Node {
        &self.values
    }

    /// The flag, if the layer is one, without dashes.
    pub(super) fn as_flag(&self) -> Option<&str> {
        match &self.from {
            From::Flag(flag) => Some(flag),
            From::Words(_) | From::File(_) => None,
        }
    }

    /// Where the value at a path comes from, in words: `flag --at-once`, `values.yaml:3:5`.
    pub(super) fn origin(&self, path: &FieldPath) -> String {
        match &self.from {
            From::Words(words) => words.clone(),
            From::Flag(flag) => format!("flag `--{flag}`"),
            From::File(document) => {
                let span = document.key_span(path);
                format!("{}:{}:{}", span.file, span.start.line, span.start.column)
            }
        }
    }

    /// The place of the value at a path, or of its key, in a text.
    pub(super) fn span(&self, path: &FieldPath, part: Part) -> Option<Span> {
        match (&self.from, part) {
            (From::File(document), Part::Key) => Some(document.key_span(path)),
            (From::File(document), Part::Value) => Some(document.span(path)),
            (From::Words(_) | From::Flag(_), _) => None,
        }
    }
}

/// Which end of a map entry is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Key,
    Value,
}

/// Without the values: any of them may be a secret.
impl fmt::Debug for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Layer").field("origin", &self.origin(&FieldPath::root())).finish_non_exhaustive()
    }
}
