//! Reading from a cluster: single objects, lists of any length, watches, logs, events, and questions about the caller.
//!
//! Nothing here changes the cluster. Objects come as [`Node`](crate::value::Node)s that always know their `apiVersion` and
//! `kind`, which the server leaves out of lists.

mod access;
mod events;
mod get;
mod list;
mod logs;
mod pager;
mod pages;
mod reader;
mod stamp;
mod table;
#[cfg(test)]
mod tests;
mod version;
mod watch;
mod watch_stream;

pub use access::{Access, AccessOptions};
pub use get::GetOptions;
pub use list::{Content, List, ListOptions};
pub use logs::{Follow, LogOptions, Logs, Timestamps, Which};
pub use pager::Pager;
pub(super) use reader::STREAM_BYTES;
pub(super) use stamp::describe;
pub use table::{Column, Table};
pub use watch::{Change, Watch, WatchOptions};
pub use watch_stream::{WatchEvent, WatchStream};
