//! `hash::`: hashes of bytes, as hexadecimal digits.

mod hmac_sha256;
mod md5;
mod sha1;
mod sha256;
mod sha512;

use super::Spec;

/// All functions of `hash::`.
pub(super) const FUNCTIONS: &[&Spec] = &[&sha256::SPEC, &sha512::SPEC, &sha1::SPEC, &md5::SPEC, &hmac_sha256::SPEC];

fn hexadecimal(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|half| char::from(DIGITS[usize::from(half)])).collect()
}
