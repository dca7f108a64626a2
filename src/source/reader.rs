//! Reading a tree whose keys are all known: each mistake becomes a [`Fault`], and reading goes on.

use super::error::{Fault, HeaderProblem, Part};
use super::schema::shown;
use crate::value::{FieldPath, Map, Node, Step};

/// Collects what is wrong while a header is read.
#[derive(Debug, Default)]
pub(super) struct Reader {
    pub(super) faults: Vec<Fault>,
}

impl Reader {
    pub(super) fn fault(&mut self, path: &FieldPath, part: Part, problem: HeaderProblem) {
        self.faults.push(Fault { path: path.clone(), part, problem });
    }

    /// A value that is not what is wanted.
    pub(super) fn wrong(&mut self, path: &FieldPath, value: &Node, wanted: impl Into<String>, hint: Option<&str>) {
        let (what, got, hint) = (named(path), shown(value), hint.map(str::to_owned));
        self.fault(path, Part::Value, HeaderProblem::Value { what, wanted: wanted.into(), got, hint });
    }

    /// Two things that cannot both be meant.
    pub(super) fn contradiction(&mut self, path: &FieldPath, part: Part, problem: String, hint: Option<&str>) {
        self.fault(path, part, HeaderProblem::Contradiction { problem, hint: hint.map(str::to_owned) });
    }

    pub(super) fn unknown(&mut self, path: &FieldPath, key: &str, owner: &str, known: &[&str]) {
        let known = known.iter().map(|key| (*key).to_owned()).collect();
        let problem = HeaderProblem::UnknownKey { key: key.to_owned(), owner: owner.to_owned(), known };
        self.fault(&path.key(key), Part::Key, problem);
    }

    pub(super) fn missing(&mut self, path: &FieldPath, key: &str, owner: &str, hint: &str) {
        let (key, owner, hint) = (key.to_owned(), owner.to_owned(), hint.to_owned());
        self.fault(path, Part::Value, HeaderProblem::MissingKey { key, owner, hint });
    }

    /// The map; a fault and none if it is something else.
    pub(super) fn map<'n>(&mut self, value: &'n Node, path: &FieldPath) -> Option<&'n Map> {
        if value.as_map().is_none() {
            self.wrong(path, value, "a map", None);
        }
        value.as_map()
    }

    /// Reports every key that is not in `known`.
    pub(super) fn only(&mut self, map: &Map, path: &FieldPath, owner: &str, known: &[&str]) {
        for key in map.keys().filter(|key| !known.contains(&&***key)) {
            self.unknown(path, key, owner, known);
        }
    }

    /// The items with their paths; a fault and none if it is no list.
    pub(super) fn items<'n>(&mut self, value: &'n Node, path: &FieldPath) -> Vec<(FieldPath, &'n Node)> {
        let Some(items) = value.as_list() else {
            self.wrong(path, value, "a list", None);
            return Vec::new();
        };
        items.iter().zip(0..).map(|(item, at)| (path.join(Step::Index(at)), item)).collect()
    }

    /// The text; a fault and none if it is something else.
    pub(super) fn text<'n>(&mut self, value: &'n Node, path: &FieldPath) -> Option<&'n str> {
        if value.as_str().is_none() {
            let quotes = matches!(value, Node::Bool(_) | Node::Int(_) | Node::UInt(_) | Node::Float(_));
            self.wrong(path, value, "a text", quotes.then_some("put it in quotes"));
        }
        value.as_str()
    }

    /// The texts of a list; a fault for each item that is none.
    pub(super) fn texts<'n>(&mut self, value: &'n Node, path: &FieldPath) -> Vec<(FieldPath, &'n str)> {
        let items = self.items(value, path);
        items.into_iter().filter_map(|(path, item)| self.text(item, &path).map(|text| (path, text))).collect()
    }
}

/// A place in the header as messages call it.
pub(super) fn named(path: &FieldPath) -> String {
    if path.is_root() { "the header".to_owned() } else { format!("`{path}`") }
}
