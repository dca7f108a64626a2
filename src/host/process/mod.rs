//! `process::`: programs of the machine, run to their end.

mod run;

use super::Spec;

/// All functions of `process::`.
pub(super) const FUNCTIONS: &[&Spec] = &[&run::SPEC];
