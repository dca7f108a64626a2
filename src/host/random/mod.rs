//! `random::`: numbers and texts that nobody can guess, from the world's source of randomness. Every possible result is
//! equally likely.

mod hex;
mod integer;
mod pick;
mod text;
mod uuid;

use super::{Call, Failure, Spec};
use crate::diag::codes;

/// All functions of `random::`.
pub(super) const FUNCTIONS: &[&Spec] = &[&hex::SPEC, &integer::SPEC, &pick::SPEC, &text::SPEC, &uuid::SPEC];

/// That many random bytes.
fn bytes<const N: usize>(call: &Call<'_, '_>) -> Result<[u8; N], Failure> {
    let mut bytes = [0; N];
    call.host().world.random_bytes(&mut bytes)?;
    Ok(bytes)
}

/// A number from 0 to `most`, both included.
fn up_to(call: &Call<'_, '_>, most: u64) -> Result<u64, Failure> {
    loop {
        if let Some(number) = fair(u64::from_le_bytes(bytes(call)?), most) {
            return Ok(number);
        }
    }
}

/// Brings a random word down to the numbers from 0 to `most`. Words of the last, incomplete round are refused: with them
/// the first numbers would come a little more often.
fn fair(word: u64, most: u64) -> Option<u64> {
    let Some(count) = most.checked_add(1) else { return Some(word) };
    let incomplete = (u64::MAX % count + 1) % count;
    (word <= u64::MAX - incomplete).then_some(word % count)
}

/// Characters that one call draws at most: what takes longer could not be interrupted.
const MOST: usize = 1_000_000;

/// Characters drawn from `alphabet`, as many as the argument at `index` says.
fn drawn(call: &Call<'_, '_>, index: usize, alphabet: &[char]) -> Result<String, Failure> {
    let given = call.integer(index)?;
    let count = usize::try_from(given).map_err(|_| call.invalid("`length`", &format!("{given} is negative"), None))?;
    if count > MOST.min(call.text_limit() / 4) {
        return Err(Failure::new(codes::DATA_TOO_LARGE, format!("a text of {count} random characters is too long")));
    }
    let last = alphabet.len().saturating_sub(1);
    let mut text = String::with_capacity(count);
    for _ in 0..count {
        let place = usize::try_from(up_to(call, last as u64)?).unwrap_or_default();
        text.extend(alphabet.get(place));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::fair;

    #[test]
    fn refuses_words_of_an_incomplete_round() {
        assert_eq!(fair(u64::MAX, u64::MAX), Some(u64::MAX));
        assert_eq!(fair(u64::MAX, 0), Some(0));
        assert_eq!(fair(u64::MAX, 1), Some(1));
        // 2^64 = 3 · n + 1: one word is left over.
        assert_eq!(fair(u64::MAX, 2), None);
        assert_eq!(fair(u64::MAX - 1, 2), Some(2));
        // Half of all words and one more: the others would give the first numbers twice.
        let most = u64::MAX / 2 + 1;
        assert_eq!(fair(most, most), Some(most));
        assert_eq!(fair(most + 1, most), None);
    }
}
