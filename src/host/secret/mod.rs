//! `secret::`: what Secrets hold. Whatever is read of a Secret is hidden in everything that leaves the run.

mod get;
mod learn;

use super::Spec;

pub(crate) use learn::learn_secrets;

/// All functions of `secret::`.
pub(super) const FUNCTIONS: &[&Spec] = &[&get::SPEC];
