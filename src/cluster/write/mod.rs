//! Changing a cluster, verb by verb. Every write is validated strictly by the server, names its field manager where the API
//! has one, and can be tried without being done.
//!
//! No verb repeats what must not be done twice: the stack says when a write is in doubt, and the verbs that can look it up do.

mod apply;
mod body;
mod create;
mod delete;
mod evict;
mod exec;
mod patch;
mod repeated;
mod replace;
#[cfg(test)]
mod tests;
mod verbs;

pub use apply::{ApplyOptions, Conflicts};
pub use create::CreateOptions;
pub use delete::{DeleteCollectionOptions, DeleteOptions, Deletion, Propagation};
pub use evict::{EvictOptions, Eviction};
pub use exec::{ExecOptions, ExecOutput, Exit};
pub use patch::{Patch, PatchOptions};
pub use replace::ReplaceOptions;

/// Whether a write is done or only tried by the server.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DryRun {
    /// It is done.
    #[default]
    Off,
    /// The server does all but store it, admission included, and answers as if it had.
    Server,
}

impl DryRun {
    /// The value of the option `dryRun`.
    pub(crate) fn option(self) -> Option<String> {
        (self == Self::Server).then(|| "All".to_owned())
    }
}
