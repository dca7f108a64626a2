//! `yaml::`: text and values, as kubectl reads and writes them.

mod decode;
mod decode_all;
mod encode;
mod encode_all;

use super::Spec;

/// All functions of `yaml::`.
pub(super) const FUNCTIONS: &[&Spec] = &[&decode::SPEC, &decode_all::SPEC, &encode::SPEC, &encode_all::SPEC];
