//! Reading from a cluster: single objects, lists of any length, watches, logs, events, and questions about the caller.
//!
//! Nothing here changes the cluster. Objects come as [`Node`](crate::value::Node)s that always know their `apiVersion` and
//! `kind`, which the server leaves out of lists.

mod get;
mod list;
mod pager;
mod version;

pub use get::GetOptions;
pub use list::{Content, List, ListOptions};
pub use pager::Pager;
