//! `url::`: URLs as texts. Nothing here touches a network.

mod build;
mod decode_component;
mod decode_query;
mod encode_component;
mod encode_query;
mod join;
mod parse;

use super::Failure;
use super::Spec;
use crate::diag::codes;
use url::Url;

/// All functions of `url::`.
pub(super) const FUNCTIONS: &[&Spec] = &[
    &parse::SPEC,
    &build::SPEC,
    &join::SPEC,
    &encode_component::SPEC,
    &decode_component::SPEC,
    &encode_query::SPEC,
    &decode_query::SPEC,
];

fn url(text: &str) -> Result<Url, Failure> {
    // The text may hold a password: only the reason is told.
    Url::parse(text).map_err(|error| {
        Failure::new(codes::DECODE, format!("the URL does not parse: {error}"))
            .hint("a URL begins with its scheme: `https://example.com/`")
    })
}
