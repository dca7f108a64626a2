//! `json::`: JSON and values.

mod decode;
mod encode;

use super::Spec;

/// All functions of `json::`.
pub(super) const FUNCTIONS: &[&Spec] = &[&decode::SPEC, &encode::SPEC];
