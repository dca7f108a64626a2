//! `yaml::`: text and values, as kubectl reads and writes them.

mod decode;

use super::Spec;

/// All functions of `yaml::`.
pub(super) const FUNCTIONS: &[&Spec] = &[&decode::SPEC];
