//! The events of a run. They name objects and carry versions, never contents.

use crate::value::Map;
use std::sync::Arc;
use std::time::Duration;

/// Something that happened in a run.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// A mutating call is about to be made.
    Intent(Intent),
    /// A mutating call got its answer, or none.
    Done(Outcome),
    /// A call is tried again.
    Retry {
        /// The target.
        cluster: Arc<str>,
        /// The call, as in `get Pod/shop/web`.
        call: String,
        /// The attempt that failed, from 1.
        attempt: u32,
        /// How long until the next one.
        after: Duration,
        /// What went wrong.
        why: String,
    },
    /// A call cannot go on for now, because the API server cannot be reached. Recorded before each further attempt of each
    /// call: who shows it puts together what is of one cluster.
    Waiting {
        /// The target.
        cluster: Arc<str>,
        /// For what.
        what: String,
        /// How many of the target's calls wait, this one included.
        calls: usize,
        /// How long until the next one of them tries again.
        next: Duration,
        /// How long this one waits at most.
        at_most: Duration,
    },
    /// An API server for which calls had to wait has answered.
    Reached {
        /// The target.
        cluster: Arc<str>,
        /// How long it could not be reached, as far as calls tried.
        after: Duration,
    },
    /// A warning, of the API server or about it; recorded once per run and text.
    Warning {
        /// The target.
        cluster: Arc<str>,
        /// What it says.
        text: String,
    },
    /// How far a long piece of work is.
    Progress(Progress),
    /// A line that the script printed.
    Printed {
        /// What it says.
        text: String,
    },
    /// A remark for people.
    Note {
        /// What it says.
        text: String,
    },
    /// A line that the script wrote to its log.
    Log {
        /// How much it matters.
        level: Level,
        /// What it says.
        text: String,
        /// What it is about, for machines that search logs.
        fields: Map,
    },
}

/// How much a line of a script's log matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// For whoever looks for a mistake.
    Debug,
    /// For whoever follows the run.
    Info,
    /// Worth a look, and no failure.
    Warning,
}

impl Level {
    /// The word for logs.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warning => "warning",
        }
    }
}

/// A mutating call before it is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    /// Number of the call in its run, from 1; the [`Outcome`] has the same.
    pub id: u64,
    /// The target.
    pub cluster: Arc<str>,
    /// What is done, as in `apply` or `evict`.
    pub verb: String,
    /// To what, as in `Deployment/shop/web`.
    pub object: String,
    /// The path of the request, without its query.
    pub path: String,
    /// The resource version that the call expects to find, where it says one.
    pub expects: Option<String>,
}

/// What became of a mutating call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Number of the call, as in its [`Intent`].
    pub id: u64,
    /// The target.
    pub cluster: Arc<str>,
    /// The HTTP status, or nothing where no answer came: then the call is in doubt or was never sent.
    pub status: Option<u16>,
    /// `uid` of the object in the answer.
    pub uid: Option<String>,
    /// Resource version of the object in the answer.
    pub resource_version: Option<String>,
    /// From the first attempt to the answer.
    pub latency: Duration,
    /// Why there is no answer.
    pub failure: Option<String>,
}

/// How far a long piece of work is, for one live line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Progress {
    /// What is being done, as in `draining 10 nodes`. Events with the same label replace each other on a live line.
    pub label: String,
    /// How many are done.
    pub done: u64,
    /// How many there are, where that is known.
    pub total: Option<u64>,
    /// What else to say, as in `3 waiting for budget shop/web`.
    pub detail: String,
}
