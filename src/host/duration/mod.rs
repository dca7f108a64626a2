//! `duration::`: durations as kubectl writes them, and seconds.

mod format;
mod parse;

use super::Failure;
use super::Spec;
use crate::object::Duration;
use crate::value::Node;
use jiff::SignedDuration;

/// All functions of `duration::`.
pub(super) const FUNCTIONS: &[&Spec] = &[&parse::SPEC, &format::SPEC];

/// A duration, which may be negative: a text like `-1h30m`, or seconds.
pub(super) fn signed(value: &Node) -> Result<SignedDuration, Failure> {
    if let Some(seconds) = value.as_i64() {
        return Ok(SignedDuration::from_secs(seconds));
    }
    Ok(SignedDuration::from_nanos(Duration::parse(value.as_str().unwrap_or_default())?.as_nanos()))
}
