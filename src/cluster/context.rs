//! What travels with calls: the run's deadline, its stop signal and its journal, and each call's own settings.
//!
//! Per-call settings ride in the extensions of the HTTP request, so that every layer sees them and none needs a global.

use crate::journal::{Discard, Event, Sink};
use std::collections::HashSet;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;

/// The field manager of everything that Rutter writes, unless a run says otherwise.
pub const FIELD_MANAGER: &str = "rutter";

/// How long a call may take in all, its retries included, unless it says otherwise.
pub const CALL_TIME: Duration = Duration::from_secs(120);

/// A signal to stop. Clones share it; once given it stays.
#[derive(Debug, Clone)]
pub struct CancelToken(Arc<watch::Sender<bool>>);

impl Default for CancelToken {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }
}

impl CancelToken {
    /// A signal that was not given yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Gives the signal: every call in flight and every later one ends with an error.
    pub fn cancel(&self) {
        self.0.send_replace(true);
    }

    /// Whether it was given.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        *self.0.borrow()
    }

    /// Ends when the signal is given.
    pub async fn cancelled(&self) {
        let mut signal = self.0.subscribe();
        // The sender lives as long as `self`: this cannot fail.
        let _ = signal.wait_for(|given| *given).await;
    }
}

/// What all calls of a run share. Cheap to clone.
#[derive(Clone)]
pub struct Context {
    deadline: Option<Instant>,
    call_time: Option<Duration>,
    cancel: CancelToken,
    field_manager: Arc<str>,
    run: Arc<Run>,
}

/// What must be known once per run: numbers of calls, and which warnings were shown.
struct Run {
    sink: Arc<dyn Sink>,
    calls: AtomicU64,
    warned: Mutex<HashSet<String>>,
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").field("deadline", &self.deadline).field("field_manager", &self.field_manager).finish()
    }
}

impl Default for Context {
    fn default() -> Self {
        Self::new(Arc::new(Discard))
    }
}

impl Context {
    /// The context of a run without a deadline whose events go to `sink`.
    #[must_use]
    pub fn new(sink: Arc<dyn Sink>) -> Self {
        let run = Run { sink, calls: AtomicU64::new(0), warned: Mutex::default() };
        Self {
            deadline: None,
            call_time: None,
            cancel: CancelToken::new(),
            field_manager: FIELD_MANAGER.into(),
            run: Arc::new(run),
        }
    }

    /// The same run, with calls that end at `deadline` at the latest.
    #[must_use]
    pub fn until(mut self, deadline: Instant) -> Self {
        self.deadline = Some(self.deadline.map_or(deadline, |earlier| earlier.min(deadline)));
        self
    }

    /// The same run, with calls that end `time` from now at the latest.
    #[must_use]
    pub fn within(self, time: Duration) -> Self {
        self.until(Instant::now() + time.min(FAR))
    }

    /// The same run, each of whose calls may take `time` in all unless its own options say otherwise; [`CALL_TIME`] by
    /// default, and more for lists that a server streams.
    #[must_use]
    pub fn calls_within(mut self, time: Duration) -> Self {
        self.call_time = Some(time);
        self
    }

    /// The same run, stopped by `cancel`.
    #[must_use]
    pub fn cancelled_by(mut self, cancel: CancelToken) -> Self {
        self.cancel = cancel;
        self
    }

    /// The same run, writing as another field manager. A name that is none is an error of the first write.
    #[must_use]
    pub fn writing_as(mut self, field_manager: impl Into<Arc<str>>) -> Self {
        self.field_manager = field_manager.into();
        self
    }

    /// The same run, for calls that its end does not break off at once: they are not stopped by its signal, and have that
    /// much longer than its deadline. For whoever watches [`over`](Self::over) and has to account for what is under way.
    pub(crate) fn outlived_by(&self, time: Duration) -> Self {
        Self { cancel: CancelToken::new(), deadline: self.deadline.map(|deadline| deadline + time), ..self.clone() }
    }

    /// Ends when the run is stopped or its deadline passes.
    pub(crate) async fn over(&self) {
        let late = async {
            match self.deadline {
                Some(deadline) => tokio::time::sleep_until(deadline).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = self.cancel.cancelled() => {}
            () = late => {}
        }
    }

    /// When the run's calls end at the latest.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// The run's stop signal.
    #[must_use]
    pub fn cancel(&self) -> &CancelToken {
        &self.cancel
    }

    /// Who the run writes as.
    #[must_use]
    pub fn field_manager(&self) -> &str {
        &self.field_manager
    }

    /// Hands an event to the run's journal.
    pub fn record(&self, event: Event) {
        self.run.sink.record(event);
    }

    /// Hands a warning to the run's journal, unless the run has seen it.
    pub fn warn(&self, cluster: &Arc<str>, text: &str) {
        /// A server that sends a new text each time must not fill the memory.
        const MOST: usize = 1_000;
        let mut warned = self.run.warned.lock().unwrap_or_else(PoisonError::into_inner);
        if warned.len() < MOST && warned.insert(format!("{cluster} {text}")) {
            drop(warned);
            self.record(Event::Warning { cluster: cluster.clone(), text: text.to_owned() });
        }
    }

    pub(crate) fn next_call(&self) -> u64 {
        self.run.calls.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// When a call ends at the latest: as its own options say, as the run says, or after `usual`.
    pub(crate) fn deadline_of(&self, time: Option<Duration>, usual: Duration) -> Instant {
        let own = Instant::now() + time.or(self.call_time).unwrap_or(usual).min(FAR);
        self.deadline.map_or(own, |run| run.min(own))
    }
}

/// Longer than any run, and small enough to be added to an instant.
const FAR: Duration = Duration::from_secs(60 * 60 * 24 * 365);

/// What may be done when the answer to a call is lost: the columns of the retry table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CallClass {
    /// Changes nothing: may be repeated.
    Read,
    /// Has the same effect twice as once: server-side apply, PUT with a resource version, DELETE with a uid.
    Repeatable,
    /// Creates an object of a known name: whether it did can be read back.
    Named,
    /// Everything else: an eviction, a generated name, a command.
    Once,
}

/// How the answer comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A document, complete before anyone looks at it.
    Whole,
    /// A long document that is read while it comes, up to that many bytes.
    Page {
        /// The most bytes.
        most: u64,
    },
    /// Has no end of its own: a watch, a log, a command's streams.
    Stream,
}

/// A call's own settings, in the extensions of its request.
#[derive(Clone)]
pub(crate) struct CallContext {
    /// The run.
    pub(crate) run: Context,
    /// When it ends at the latest. A stream's own end; the layers bound only the wait for its head.
    pub(crate) deadline: Instant,
    /// When it began.
    pub(crate) started: Instant,
    /// The column of the retry table.
    pub(crate) class: CallClass,
    /// How the answer comes.
    pub(crate) shape: Shape,
    /// What is done to what, for messages.
    pub(crate) call: Arc<super::Call>,
    /// The resource version that the call expects to find.
    pub(crate) expects: Option<String>,
}
