//! `semver::`: semantic versions.

mod compare;
mod is_valid;
mod matches;
mod parse;
mod sort;

use super::Failure;
use super::Spec;
use crate::diag::codes;
use semver::Version;

/// All functions of `semver::`.
pub(super) const FUNCTIONS: &[&Spec] = &[&parse::SPEC, &is_valid::SPEC, &compare::SPEC, &matches::SPEC, &sort::SPEC];

/// A version, with or without a `v` before it.
fn version(text: &str) -> Result<Version, Failure> {
    Version::parse(text.strip_prefix('v').unwrap_or(text)).map_err(|error| {
        Failure::new(codes::DECODE, format!("`{text}` is no version: {error}"))
            .hint("a version has three numbers: `1.35.0`")
    })
}
