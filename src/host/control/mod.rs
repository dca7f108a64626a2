//! Functions that steer the run: fail, assert, repeat, name what is being done.

mod assert;
mod fail;
mod parallel;
mod retry;
mod step;

use super::Spec;

/// All functions that steer the run.
pub(super) const FUNCTIONS: &[&Spec] = &[&assert::SPEC, &fail::SPEC, &parallel::SPEC, &retry::SPEC, &step::SPEC];
