//! `text::`: what the texts of scripts lack. Every function gives a new text and changes none.

mod closest;
mod dedent;
mod dns_label;
mod indent;
mod lines;
mod pad_end;
mod pad_start;
mod repeat;
mod replace;
mod strip_prefix;
mod strip_suffix;
mod trim;
mod trim_end;
mod trim_start;
mod truncate;
mod wrap;

use super::Spec;
use super::{Call, Failure};
use crate::diag::codes;

/// All functions of `text::`.
pub(super) const FUNCTIONS: &[&Spec] = &[
    &trim::SPEC,
    &trim_start::SPEC,
    &trim_end::SPEC,
    &strip_prefix::SPEC,
    &strip_suffix::SPEC,
    &replace::SPEC,
    &lines::SPEC,
    &indent::SPEC,
    &dedent::SPEC,
    &pad_start::SPEC,
    &pad_end::SPEC,
    &repeat::SPEC,
    &truncate::SPEC,
    &wrap::SPEC,
    &dns_label::SPEC,
    &closest::SPEC,
];

/// Refuses a result over the limit of texts, before it is made.
fn fits(call: &Call<'_, '_>, bytes: usize) -> Result<(), Failure> {
    let limit = call.text_limit();
    if bytes > limit {
        return Err(Failure::new(
            codes::DATA_TOO_LARGE,
            format!("the text would grow over its limit of {limit} bytes"),
        ));
    }
    Ok(())
}

/// An argument that counts something.
fn count(call: &Call<'_, '_>, index: usize) -> Result<usize, Failure> {
    let count = call.integer(index)?;
    usize::try_from(count).map_err(|_| call.invalid("the number", &format!("{count} is negative"), None))
}

/// Which characters `trim` and its like take off: those of the second argument, or white space.
fn unwanted(call: &Call<'_, '_>) -> Result<impl Fn(char) -> bool + use<>, Failure> {
    let given = if call.is_given(1) { Some(call.text(1)?) } else { None };
    Ok(move |letter: char| given.as_ref().map_or(letter.is_whitespace(), |given| given.contains(letter)))
}

/// What the text of the first argument lacks to the width of the second.
fn padding(call: &Call<'_, '_>) -> Result<String, Failure> {
    let missing = count(call, 1)?.saturating_sub(call.text(0)?.chars().count());
    let fill = if call.is_given(2) { call.text(2)? } else { " ".to_owned() };
    if fill.chars().count() != 1 {
        return Err(call.invalid("`fill`", "it must be one character", None));
    }
    fits(call, call.text(0)?.len().saturating_add(missing.saturating_mul(fill.len())))?;
    Ok(fill.repeat(missing))
}
