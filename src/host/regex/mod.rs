//! `regex::`: regular expressions, in linear time and bounded memory.

mod captures;
mod captures_all;
mod escape;
mod find;
mod find_all;
mod is_match;
mod replace;
mod split;

use super::Spec;
use super::{Call, Failure, Thrown};
use crate::diag::codes;
use crate::value::{Map, Node};
use regex::{Captures, Error, Regex, RegexBuilder};

/// Bytes that a compiled pattern may take. A text is read once for each of its states in the worst case.
const COMPILED: usize = 1 << 20;

/// All functions of `regex::`.
pub(super) const FUNCTIONS: &[&Spec] = &[
    &is_match::SPEC,
    &find::SPEC,
    &find_all::SPEC,
    &captures::SPEC,
    &captures_all::SPEC,
    &replace::SPEC,
    &split::SPEC,
    &escape::SPEC,
];

/// The pattern argument, compiled.
fn pattern(call: &Call<'_, '_>) -> Result<Regex, Failure> {
    let text = call.text(1)?;
    RegexBuilder::new(&text).size_limit(COMPILED).dfa_size_limit(2 * COMPILED).build().map_err(|error| match error {
        Error::CompiledTooBig(_) => Failure::new(codes::PATTERN, format!("the pattern takes over {COMPILED} bytes"))
            .hint("smaller counts in `{…}`, or `(?-u)` where ASCII is enough, make it smaller"),
        other => {
            let report = other.to_string();
            let problem = report.rsplit("error: ").next().unwrap_or(&report);
            Failure::new(codes::PATTERN, format!("pattern `{text}` does not parse: {problem}"))
        }
    })
}

/// The groups of a match, by name or else by number.
fn groups(pattern: &Regex, found: &Captures<'_>) -> Node {
    let groups = pattern.capture_names().enumerate().map(|(at, name)| {
        let value = Node::from(found.get(at).map(|group| group.as_str()));
        (name.map_or_else(|| at.to_string(), str::to_owned), value)
    });
    Node::map(groups.collect::<Map>())
}

/// Ends a search that finds more than a list may have, or that outlives its run: all matches of a pattern may take time
/// quadratic in the text.
fn room_for_more(call: &Call<'_, '_>, found: usize) -> Result<(), Thrown> {
    call.keep_going()?;
    let most = call.item_limit();
    if found >= most {
        return Err(Failure::new(codes::DATA_TOO_LARGE, format!("there are more than {most} matches")).into());
    }
    Ok(())
}
