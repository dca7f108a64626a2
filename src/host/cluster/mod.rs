//! Methods of clusters, and the handles they work on.

mod handle;

use super::Spec;

pub use handle::{Cluster, Stream};

/// All methods of clusters.
pub(super) const FUNCTIONS: &[&Spec] = &[];
