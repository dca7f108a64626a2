//! Methods of clusters, and the handles they work on.

mod apply;
mod arguments;
mod find;
mod get;
mod handle;
mod list;
mod options;
mod target;

use super::Spec;

pub use handle::{Cluster, Stream};

/// All methods of clusters.
pub(super) const FUNCTIONS: &[&Spec] =
    &[&apply::SPEC, &find::SPEC, &get::SPEC, &list::SPEC, &target::NAME, &target::NAMESPACE, &target::VERSION];
