//! The one place where a script waits for something asynchronous.

use super::Thrown;
use crate::cluster::CancelToken;
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
                () = self.cancel.cancelled() => Err(stop(Stop::Interrupted)),
                () = passed(self.deadline) => Err(stop(Stop::Deadline)),
                result = future => result.map_err(Into::into),
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

/// The uncatchable error that ends a run.
pub(crate) fn stop(why: Stop) -> Thrown {
    Thrown::Script(Box::new(EvalAltResult::ErrorTerminated(Dynamic::from(why), Position::NONE)))
}
