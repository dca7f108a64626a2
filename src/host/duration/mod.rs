//! `duration::`: durations as kubectl writes them, and seconds.

mod format;
mod parse;

use super::Failure;
use super::Spec;
use crate::diag::codes;
use crate::value::Node;
use jiff::SignedDuration;

/// All functions of `duration::`.
pub(super) const FUNCTIONS: &[&Spec] = &[&parse::SPEC, &format::SPEC];

/// A duration, which may be negative: a text like `-1h30m`, or seconds.
pub(super) fn signed(value: &Node) -> Result<SignedDuration, Failure> {
    if let Some(seconds) = value.as_i64() {
        return Ok(SignedDuration::from_secs(seconds));
    }
    let text = value.as_str().unwrap_or_default();
    let parsed: crate::object::Duration = text.strip_prefix('-').unwrap_or(text).parse()?;
    let size = parsed.to_std().and_then(|size| SignedDuration::try_from(size).ok());
    let size = size.ok_or_else(|| Failure::new(codes::DURATION, format!("`{text}` is no duration")))?;
    Ok(if text.starts_with('-') { -size } else { size })
}
