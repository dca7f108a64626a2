//! `csv::`: tables of comma-separated values.

mod decode;
mod encode;

use super::Spec;
use super::{Call, Failure};

/// All functions of `csv::`.
pub(super) const FUNCTIONS: &[&Spec] = &[&decode::SPEC, &encode::SPEC];

/// The `delimiter` option, a comma where it was left out.
fn delimiter(call: &Call<'_, '_>) -> Result<u8, Failure> {
    match call.text_option("delimiter").map(str::as_bytes) {
        None => Ok(b','),
        Some([byte]) if byte.is_ascii() && !matches!(byte, b'"' | b'\r' | b'\n') => Ok(*byte),
        Some(_) => Err(call.invalid("option `delimiter`", "it must be one ASCII character", None)),
    }
}
