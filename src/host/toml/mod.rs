//! `toml::`: TOML and values.

mod decode;
mod encode;

use super::Spec;

/// All functions of `toml::`.
pub(super) const FUNCTIONS: &[&Spec] = &[&decode::SPEC, &encode::SPEC];
