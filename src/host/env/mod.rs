//! `env::`: variables of the environment, as the run's world shows them.

mod find;
mod get;

use super::Spec;

/// All functions of `env::`.
pub(super) const FUNCTIONS: &[&Spec] = &[&find::SPEC, &get::SPEC];
