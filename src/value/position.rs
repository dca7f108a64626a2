//! Where the values and keys of a document stand in its text.

use super::{FieldPath, Node, Step};
use crate::diag::Place;

/// The places of a document's keys and values: one entry for each, in document order. Eight bytes an entry; looking one up
/// walks the tree, which only diagnostics do.
#[derive(Debug, Clone, Default)]
pub(super) struct Positions {
    places: Vec<Place>,
}

/// Which end of a map entry is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Key,
    Value,
}

impl Positions {
    pub(super) fn new(places: Vec<Place>) -> Self {
        Self { places }
    }

    /// The place of a path in the node that these positions belong to. For a list item key and value are the same.
    pub(super) fn find(&self, root: &Node, path: &FieldPath, part: Part) -> Option<Place> {
        let (mut index, mut node) = (0, root);
        let mut is_entry = false;
        for step in path.steps() {
            // The container itself.
            index += 1;
            is_entry = matches!(step, Step::Key(_));
            (index, node) = match (step, node) {
                (Step::Key(key), Node::Map(map)) => {
                    let value = map.get(key)?;
                    let before = map.iter().take_while(|(known, _)| known != &key);
                    (index + before.map(|(_, value)| 1 + extent(value)).sum::<usize>() + 1, value)
                }
                (Step::Index(at), Node::List(items)) => {
                    let at = usize::try_from(*at).ok()?;
                    let item = items.get(at)?;
                    (index + items[..at].iter().map(extent).sum::<usize>(), item)
                }
                _ => return None,
            };
        }
        if part == Part::Key && is_entry {
            index -= 1;
        }
        self.places.get(index).copied()
    }
}

/// How many places a node has: one for each key and each value.
pub(super) fn extent(node: &Node) -> usize {
    match node {
        Node::List(items) => 1 + items.iter().map(extent).sum::<usize>(),
        Node::Map(map) => 1 + map.values().map(|value| 1 + extent(value)).sum::<usize>(),
        _ => 1,
    }
}

/// The place of a byte offset in a text.
pub(super) fn place(text: &[u8], offset: usize) -> Place {
    places(text, &[offset]).pop().unwrap_or(Place::new(1, 1))
}

/// The places of ascending byte offsets, in one pass over the text. Columns count characters; of invalid UTF-8, bytes that
/// could start one.
pub(super) fn places(text: &[u8], offsets: &[usize]) -> Vec<Place> {
    let (mut line, mut column, mut at) = (1_u32, 1_u32, 0);
    let mut found = Vec::with_capacity(offsets.len());
    for &offset in offsets {
        for &byte in &text[at.min(text.len())..offset.min(text.len())] {
            if byte == b'\n' {
                (line, column) = (line + 1, 1);
            } else if byte & 0xc0 != 0x80 {
                column = column.saturating_add(1);
            }
        }
        at = offset;
        found.push(Place::new(line, column));
    }
    found
}
