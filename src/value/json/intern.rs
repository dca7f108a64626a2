//! [`Interner`]: equal short texts become one allocation. It forgets rather than grows.

use std::sync::Arc;

/// Slots; a power of two. Enough for the keys of a few kinds and the values that repeat between objects.
const SLOTS: usize = 1 << 13;
/// Longer texts seldom repeat, and comparing them costs more.
const LONGEST: usize = 64;

/// A table of texts seen lately, each in the one slot that its hash names. A text that hashes to a taken slot replaces its
/// owner: memory is bounded whatever the input, and no input can make a lookup slow.
pub(super) struct Interner {
    slots: Vec<Option<Arc<str>>>,
}

impl Interner {
    pub(super) fn new() -> Self {
        Self { slots: Vec::new() }
    }

    /// The text, shared with an equal one seen before where that is still known.
    pub(super) fn share(&mut self, text: &str) -> Arc<str> {
        if text.len() > LONGEST {
            return Arc::from(text);
        }
        if self.slots.is_empty() {
            self.slots.resize(SLOTS, None);
        }
        let slot = &mut self.slots[hash(text.as_bytes()) & (SLOTS - 1)];
        match slot {
            Some(known) if **known == *text => known.clone(),
            _ => slot.insert(Arc::from(text)).clone(),
        }
    }
}

/// A fast hash for short texts; needs to spread well, not to resist anyone.
fn hash(bytes: &[u8]) -> usize {
    const MIX: u64 = 0x9e37_79b9_7f4a_7c15;
    let (words, tail) = bytes.as_chunks::<8>();
    let mut state = bytes.len() as u64;
    for word in words {
        state = (state ^ u64::from_le_bytes(*word)).wrapping_mul(MIX).rotate_left(29);
    }
    let mut last = [0_u8; 8];
    last[..tail.len()].copy_from_slice(tail);
    state = (state ^ u64::from_le_bytes(last)).wrapping_mul(MIX);
    (state ^ (state >> 32)) as usize
}

#[cfg(test)]
mod tests {
    use super::{Interner, SLOTS};
    use std::sync::Arc;

    #[test]
    fn shares_equal_texts_and_never_grows() {
        let mut interner = Interner::new();
        let first = interner.share("metadata");
        assert!(Arc::ptr_eq(&first, &interner.share("metadata")));
        for n in 0..100_000 {
            assert_eq!(&*interner.share(&n.to_string()), n.to_string());
        }
        assert_eq!(interner.slots.len(), SLOTS);
        let long = "x".repeat(65);
        assert!(!Arc::ptr_eq(&interner.share(&long), &interner.share(&long)));
    }
}
