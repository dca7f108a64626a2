//! Changing a cluster, verb by verb. Every write is validated strictly by the server, names its field manager where the API
//! has one, and can be tried without being done.

mod apply;

pub use apply::{ApplyOptions, Conflicts};

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

/// The option that makes servers refuse fields they do not know, instead of dropping them.
pub(crate) fn strict() -> (&'static str, Option<String>) {
    ("fieldValidation", Some("Strict".to_owned()))
}
