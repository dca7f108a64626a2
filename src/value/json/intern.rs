//! [`Interner`]: equal short texts and equal small containers become one allocation. It forgets rather than grows.
//!
//! Objects of one kind repeat each other: of 20,000 pods a third of the memory is left. A shared part is copied when it is
//! changed, as everywhere in a [`Node`].

use super::super::{Key, Node};
use std::sync::Arc;

/// Slots of each table for the first object: tables for a list would cost more than reading one.
const FIRST: usize = 1 << 7;
/// The most slots of each table. Enough for the keys of a few kinds and the values that repeat between objects.
const SLOTS: usize = 1 << 13;
/// Longer texts seldom repeat, and comparing them costs more.
const LONGEST: usize = 64;
/// The same for containers.
const LARGEST: usize = 16;
const MIX: u64 = 0x9e37_79b9_7f4a_7c15;

/// What a value looks like, to find an equal one; `UNIQUE` for what is not shared.
pub(super) type Print = u64;

/// The print of a value that is not shared, nor is what contains it.
pub(super) const UNIQUE: Print = 0;

/// Tables of values seen lately, each in the one slot that its print names. A value whose slot is taken replaces its owner:
/// memory is bounded whatever the input, and no input can make a lookup slow.
#[derive(Default)]
pub(super) struct Interner {
    texts: Table<Option<Arc<str>>>,
    containers: Table<(Print, Node)>,
}

/// A number of slots that is a power of two, or none.
struct Table<T> {
    slots: Vec<T>,
    /// Values that were put in since it has had this size.
    added: usize,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { slots: Vec::new(), added: 0 }
    }
}

impl<T: Clone> Table<T> {
    fn get(&self, print: Print) -> Option<&T> {
        self.slots.get(slot_of(print, self.slots.len()))
    }

    /// Puts a value into its slot. A table that has taken as many as it has slots first becomes a larger one and forgets:
    /// what repeats comes back soon.
    fn put(&mut self, print: Print, value: T, empty: &T) {
        if self.added == self.slots.len() && self.added < SLOTS {
            let size = (self.slots.len() * 8).clamp(FIRST, SLOTS);
            (self.slots, self.added) = (vec![empty.clone(); size], 0);
        }
        self.added += 1;
        let slot = slot_of(print, self.slots.len());
        self.slots[slot] = value;
    }
}

impl Interner {
    /// The text, shared with an equal one where that is still known.
    pub(super) fn text(&mut self, text: &str) -> (Arc<str>, Print) {
        if text.len() > LONGEST {
            return (Arc::from(text), UNIQUE);
        }
        let print = print_bytes(text.as_bytes());
        if let Some(Some(known)) = self.texts.get(print)
            && **known == *text
        {
            return (known.clone(), print);
        }
        let shared: Arc<str> = Arc::from(text);
        self.texts.put(print, Some(shared.clone()), &None);
        (shared, print)
    }

    /// The list that has these items, if it is known.
    pub(super) fn find_list(&self, print: Print, items: &[Node]) -> Option<Node> {
        let known = self.find(print)?;
        let same = |known: &[Node]| known.len() == items.len() && known.iter().zip(items).all(|(a, b)| is_same(a, b));
        known.as_list().is_some_and(same).then(|| known.clone())
    }

    /// The map that has these entries in this order, if it is known.
    pub(super) fn find_map(&self, print: Print, entries: &[(Key, Node)]) -> Option<Node> {
        let known = self.find(print)?;
        let map = known.as_map()?;
        let mut pairs = map.iter().zip(entries);
        let same = map.len() == entries.len()
            && pairs.all(|((key, value), (other_key, other))| is_same_text(key, other_key) && is_same(value, other));
        same.then(|| known.clone())
    }

    /// Remembers a container.
    pub(super) fn keep(&mut self, print: Print, node: &Node) {
        if print == UNIQUE {
            return;
        }
        self.containers.put(print, (print, node.clone()), &(UNIQUE, Node::Null));
    }

    fn find(&self, print: Print) -> Option<&Node> {
        let (known, node) = self.containers.get(print)?;
        (print != UNIQUE && *known == print).then_some(node)
    }
}

/// Whether two values are equal, of which containers have been interned.
fn is_same(a: &Node, b: &Node) -> bool {
    match (a, b) {
        (Node::List(a), Node::List(b)) => Arc::ptr_eq(a, b),
        (Node::Map(a), Node::Map(b)) => Arc::ptr_eq(a, b),
        (Node::Str(a), Node::Str(b)) => is_same_text(a, b),
        // Zero and minus zero are equal but not the same.
        (Node::Float(a), Node::Float(b)) => a.to_bits() == b.to_bits(),
        (a, b) => a == b,
    }
}

fn is_same_text(a: &Arc<str>, b: &Arc<str>) -> bool {
    Arc::ptr_eq(a, b) || a == b
}

/// The slot of a print in a table of that many.
fn slot_of(print: Print, slots: usize) -> usize {
    #[expect(clippy::cast_possible_truncation, reason = "the low bits are wanted")]
    let low = print as usize;
    low & slots.saturating_sub(1)
}

fn mix(state: u64, word: u64) -> u64 {
    (state ^ word).wrapping_mul(MIX).rotate_left(29)
}

/// The print of a scalar that is no text.
pub(super) fn print_scalar(node: &Node) -> Print {
    let (kind, bits) = match node {
        Node::Bool(value) => (2, u64::from(*value)),
        Node::Int(value) => (3, value.cast_unsigned()),
        Node::UInt(value) => (4, *value),
        Node::Float(value) => (5, value.to_bits()),
        _ => (1, 0),
    };
    mix(kind, bits) | 1
}

/// The print of a map's entry.
pub(super) fn print_entry(key: Print, value: Print) -> Print {
    if key == UNIQUE || value == UNIQUE { UNIQUE } else { mix(key, value) | 1 }
}

/// The print of a container from those of its items or entries; `kind` tells lists and maps apart.
pub(super) fn print_container(kind: u64, parts: &[Print]) -> Print {
    if parts.len() > LARGEST || parts.contains(&UNIQUE) {
        return UNIQUE;
    }
    let state = parts.iter().fold(kind, |state, part| mix(state, *part));
    (state ^ (state >> 32)) | 1
}

fn shift(word: u64, byte: &u8) -> u64 {
    word << 8 | u64::from(*byte)
}

/// Needs to spread well, not to resist anyone.
fn print_bytes(bytes: &[u8]) -> Print {
    let (words, tail) = bytes.as_chunks::<8>();
    let state = words.iter().fold(bytes.len() as u64, |state, word| mix(state, u64::from_le_bytes(*word)));
    // The last eight bytes again, where there are eight, spare a copy.
    let last = match (bytes.last_chunk::<8>(), tail) {
        (Some(word), _) => u64::from_le_bytes(*word),
        (None, [a, b, c, d, rest @ ..]) => rest.iter().fold(u64::from(u32::from_le_bytes([*a, *b, *c, *d])), shift),
        (None, few) => few.iter().fold(0, shift),
    };
    let state = (state ^ last).wrapping_mul(MIX);
    (state ^ (state >> 32)).max(1)
}

#[cfg(test)]
mod tests {
    use super::{Interner, SLOTS, UNIQUE};
    use crate::value::{Budget, Node, json};
    use std::sync::Arc;

    #[test]
    fn shares_equal_texts_and_never_grows() {
        let mut interner = Interner::default();
        let first = interner.text("metadata").0;
        assert!(Arc::ptr_eq(&first, &interner.text("metadata").0));
        for n in 0..100_000 {
            assert_eq!(&*interner.text(&n.to_string()).0, n.to_string());
        }
        assert_eq!(interner.texts.slots.len(), SLOTS);
        let long = "x".repeat(65);
        assert_eq!(interner.text(&long).1, UNIQUE);
    }

    #[test]
    fn shares_equal_containers_and_tells_unequal_ones_apart() {
        let text = r#"[{"a":[1,{"b":"x"}]},{"a":[1,{"b":"x"}]},{"a":[1,{"b":"y"}]},[0.0],[-0.0],[0],[false],[null],["0"],{"0":0}]"#;
        let node = json::read(text, "t", &Budget::default()).unwrap();
        let items = node.as_list().unwrap();
        let (Node::Map(first), Node::Map(second)) = (&items[0], &items[1]) else { panic!("no maps") };
        assert!(Arc::ptr_eq(first, second));
        assert_eq!(node.to_string(), text.replace("  ", ""));
        // Changing one leaves the other alone.
        let mut changed = items[0].clone();
        changed.set(&"a[1].b".parse().unwrap(), "z").unwrap();
        assert_eq!(items[1].to_string(), r#"{"a":[1,{"b":"x"}]}"#);
    }
}
