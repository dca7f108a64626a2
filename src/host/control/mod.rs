//! Functions that steer the run: fail, assert, repeat, name what is being done.

mod assert;
mod fail;

use super::Spec;

/// All functions that steer the run.
pub(super) const FUNCTIONS: &[&Spec] = &[&assert::SPEC, &fail::SPEC];
