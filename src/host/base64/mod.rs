//! `base64::`: bytes as text, as Secrets hold them.

mod decode;
mod decode_text;
mod encode;

use super::Failure;
use super::Spec;
use crate::diag::codes;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, Engine as _, GeneralPurpose, GeneralPurposeConfig};

/// All functions of `base64::`.
pub(super) const FUNCTIONS: &[&Spec] = &[&encode::SPEC, &decode::SPEC, &decode_text::SPEC];

/// The bytes of a base64 text of either form.
fn bytes(text: &str) -> Result<Vec<u8>, Failure> {
    let compact: String = text.chars().filter(|letter| !letter.is_ascii_whitespace()).collect();
    let alphabet = if compact.contains(['-', '_']) { &URL_SAFE } else { &STANDARD };
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    GeneralPurpose::new(alphabet, config)
        .decode(compact)
        .map_err(|error| Failure::new(codes::DECODE, format!("the base64 does not decode: {error}").to_lowercase()))
}
