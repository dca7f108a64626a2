//! `time::`: times as texts in RFC 3339, as objects have them.

mod add;
mod between;
mod format;
mod from_unix;
mod now;
mod parse;
mod since;
mod to_unix;

use super::Spec;
use super::{Call, Failure, Thrown};
use crate::diag::codes;
use jiff::Timestamp;
use rhai::Dynamic;

/// All functions of `time::`.
pub(super) const FUNCTIONS: &[&Spec] = &[
    &now::SPEC,
    &parse::SPEC,
    &format::SPEC,
    &add::SPEC,
    &between::SPEC,
    &since::SPEC,
    &to_unix::SPEC,
    &from_unix::SPEC,
];

/// An argument as a time.
fn time(call: &Call<'_, '_>, index: usize) -> Result<Timestamp, Failure> {
    let text = call.text(index)?;
    text.parse().map_err(|_| {
        Failure::new(codes::DECODE, format!("`{text}` is no time"))
            .hint("a time is written `2026-01-31T10:00:00Z` (RFC 3339)")
    })
}

fn from_seconds(seconds: i64) -> Result<Timestamp, Failure> {
    Timestamp::from_second(seconds)
        .map_err(|_| Failure::new(codes::INVALID_ARGUMENT, format!("{seconds} seconds are beyond the last time")))
}

/// A time as functions give it back.
#[expect(clippy::unnecessary_wraps, reason = "it ends functions that can fail")]
fn written(time: Timestamp) -> Result<Dynamic, Thrown> {
    Ok(time.to_string().into())
}
