//! The one place where a script waits for something asynchronous.

use super::{Failure, Thrown};
use crate::cluster::CancelToken;
use crate::diag::codes;
use rhai::{Dynamic, EvalAltResult, Position};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::time::Instant;

/// Why a run ends early. Scripts cannot catch it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// Someone asked for it.
    Interrupted,
    /// The run's deadline passed.
    Deadline,
    /// The script did more operations than its limit.
    Operations,
}

/// The runtime, the deadline and the stop signal of one run.
#[derive(Debug, Clone)]
pub struct Bridge {
    runtime: Handle,
    cancel: CancelToken,
    deadline: Option<Instant>,
}

impl Bridge {
    /// A bridge to that runtime.
    #[must_use]
    pub fn new(runtime: Handle, cancel: CancelToken, deadline: Option<Instant>) -> Self {
        Self { runtime, cancel, deadline }
    }

    /// Runs a future to its end on the calling thread, which must not be one of the runtime's.
    ///
    /// # Errors
    /// What the future fails with; [`Stop`] as an uncatchable error when the run is interrupted or its deadline passes.
    pub fn wait<T, E: Into<Thrown>>(&self, future: impl Future<Output = Result<T, E>>) -> Result<T, Thrown> {
        self.runtime.block_on(async {
            tokio::select! {
                biased;
                why = self.over() => Err(stop(why)),
                result = future => result.map_err(Into::into),
            }
        })
    }

    /// Ends with the run.
    async fn over(&self) -> Stop {
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => Stop::Interrupted,
            () = passed(self.deadline) => Stop::Deadline,
        }
    }

    /// Why the run is over, if it is.
    fn is_over(&self) -> Option<Stop> {
        if self.cancel.is_cancelled() {
            return Some(Stop::Interrupted);
        }
        self.deadline.is_some_and(|deadline| deadline <= Instant::now()).then_some(Stop::Deadline)
    }

    /// As [`Bridge::wait`], for work that notices the end of the run itself and then tells how far it came: it has
    /// [`LAST_WORDS`] for that, and what it tells becomes part of the error that ends the run.
    ///
    /// # Errors
    /// As [`Bridge::wait`].
    pub(crate) fn wait_out<T>(&self, future: impl Future<Output = Result<T, Failure>>) -> Result<T, Thrown> {
        self.runtime.block_on(async {
            let left = async {
                let why = self.over().await;
                tokio::time::sleep(LAST_WORDS).await;
                why
            };
            tokio::select! {
                biased;
                result = future => result.map_err(|failure| match self.is_over() {
                    Some(why) => stop_telling(why, &failure),
                    None => failure.into(),
                }),
                why = left => Err(stop(why)),
            }
        })
    }

    /// As [`Bridge::wait`], but gives up at `ends`, which is no error: then there is nothing.
    ///
    /// # Errors
    /// As [`Bridge::wait`].
    pub fn wait_until<T, E: Into<Thrown>>(
        &self,
        ends: Option<Instant>,
        future: impl Future<Output = Result<T, E>>,
    ) -> Result<Option<T>, Thrown> {
        self.wait(async {
            tokio::select! {
                biased;
                result = future => result.map(Some),
                () = passed(ends) => Ok(None),
            }
        })
    }

    /// The moment after that time; a time beyond a year counts as a year.
    #[must_use]
    pub fn after(time: Duration) -> Instant {
        Instant::now() + time.min(Duration::from_secs(366 * 24 * 3600))
    }

    /// The stop signal.
    #[must_use]
    pub fn cancel(&self) -> &CancelToken {
        &self.cancel
    }

    /// When the run has to be over.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// The runtime.
    #[must_use]
    pub fn runtime(&self) -> &Handle {
        &self.runtime
    }
}

async fn passed(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}

/// How long work that tells how far it came may take for it after the end of the run.
const LAST_WORDS: Duration = Duration::from_secs(1);

impl Stop {
    /// What ended the run, as an error.
    #[must_use]
    pub fn failure(self) -> Failure {
        match self {
            Self::Deadline => Failure::new(codes::DEADLINE, "the run reached its deadline"),
            Self::Operations => {
                Failure::new(codes::SCRIPT_LIMIT, "the script did more operations than its limit allows")
                    .hint("an endless loop? Otherwise raise the limit")
            }
            Self::Interrupted => Failure::new(codes::INTERRUPTED, "the run was interrupted"),
        }
    }
}

/// The same with what work that was under way tells: its message, its notes and its data.
fn stop_telling(why: Stop, told: &Failure) -> Thrown {
    let Some(details) = told.data() else { return stop(why) };
    let diagnostic = told.diagnostic();
    let notes = std::iter::once(&diagnostic.message).chain(&diagnostic.notes);
    let failure = notes.fold(why.failure(), |failure, note| failure.note(note.as_str()));
    stop_with(failure.details(Some(details.clone())))
}

/// The uncatchable error that ends a run, with more to say than why.
pub(super) fn stop_with(failure: Failure) -> Thrown {
    Thrown::Script(Box::new(EvalAltResult::ErrorTerminated(Dynamic::from(failure), Position::NONE)))
}

/// What the end of a run has to say beyond why.
pub(super) fn last_words(error: &Thrown) -> Option<Failure> {
    let Thrown::Script(error) = error else { return None };
    let EvalAltResult::ErrorTerminated(payload, _) = error.unwrap_inner() else { return None };
    payload.read_lock::<Failure>().map(|failure| failure.clone())
}

/// The uncatchable error that ends a run.
pub(crate) fn stop(why: Stop) -> Thrown {
    Thrown::Script(Box::new(EvalAltResult::ErrorTerminated(Dynamic::from(why), Position::NONE)))
}
