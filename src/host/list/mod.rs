//! Methods of lists and arrays: they stay inside the host, so that filtering 20,000 objects copies none.

mod filter;
mod group_by;

use super::Spec;

/// All methods of lists.
pub(super) const FUNCTIONS: &[&Spec] = &[&filter::SPEC, &group_by::SPEC];
