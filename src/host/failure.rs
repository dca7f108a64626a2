//! [`Failure`]: the error value that host functions throw and scripts catch. It keeps type and place until someone prints it.

use crate::diag::{Code, Diagnostic, Explain};
use std::time::Duration;

/// An error as scripts see it: `err.kind`, `err.code`, `err.message`, `err.object`, `err.cluster`, `err.causes`, `err.hint`.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure(Box<Parts>);

#[derive(Debug, Clone, PartialEq)]
struct Parts {
    diagnostic: Diagnostic,
    cluster: Option<String>,
    object: Option<String>,
    retry_after: Option<Duration>,
    details: Option<crate::value::Node>,
}

impl Failure {
    /// A failure of that code.
    #[must_use]
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self::of(Diagnostic::error(code, message))
    }

    /// A failure from a finished diagnostic.
    #[must_use]
    pub fn of(diagnostic: Diagnostic) -> Self {
        Self(Box::new(Parts { diagnostic, cluster: None, object: None, retry_after: None, details: None }))
    }

    /// Adds advice.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.0.diagnostic = self.0.diagnostic.hint(hint);
        self
    }

    /// Adds advice, if there is any.
    #[must_use]
    pub fn maybe_hint(self, hint: Option<String>) -> Self {
        match hint {
            Some(hint) => self.hint(hint),
            None => self,
        }
    }

    /// Adds an observation.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.0.diagnostic = self.0.diagnostic.note(note);
        self
    }

    /// Names the cluster and the object it is about.
    #[must_use]
    pub fn about(mut self, cluster: Option<&str>, object: Option<String>) -> Self {
        self.0.cluster = cluster.map(str::to_owned);
        self.0.object = object;
        self
    }

    /// Says when a repetition makes sense.
    #[must_use]
    pub fn retry_after(mut self, after: Option<Duration>) -> Self {
        self.0.retry_after = after;
        self
    }

    /// Attaches data for the script or machine that reads the error.
    #[must_use]
    pub fn details(mut self, details: Option<crate::value::Node>) -> Self {
        self.0.details = details;
        self
    }

    /// The registered code.
    #[must_use]
    pub fn code(&self) -> Code {
        self.0.diagnostic.code
    }

    /// The diagnostic as far as it is known here: without the place in the script.
    #[must_use]
    pub fn diagnostic(&self) -> &Diagnostic {
        &self.0.diagnostic
    }

    /// The same, to say where it happened.
    pub(crate) fn diagnostic_mut(&mut self) -> &mut Diagnostic {
        &mut self.0.diagnostic
    }

    /// The cluster it is about.
    #[must_use]
    pub fn cluster(&self) -> Option<&str> {
        self.0.cluster.as_deref()
    }

    /// The object it is about, as `Kind/namespace/name`.
    #[must_use]
    pub fn object(&self) -> Option<&str> {
        self.0.object.as_deref()
    }

    /// When a repetition makes sense, if the server said so.
    #[must_use]
    pub fn after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Data attached by `fail(message, #{details})` or by the call.
    #[must_use]
    pub fn data(&self) -> Option<&crate::value::Node> {
        self.0.details.as_ref()
    }
}

impl<E: Explain> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::of(error.diagnostic())
    }
}

/// What ends a host function early: its own failure, or an error of a closure that it called, passed on untouched so that
/// its place and call chain stay.
#[derive(Debug)]
pub enum Thrown {
    /// The function's own failure.
    Failure(Failure),
    /// An error of the script, or the end of the run.
    Script(Box<rhai::EvalAltResult>),
}

impl From<Failure> for Thrown {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl From<Box<rhai::EvalAltResult>> for Thrown {
    fn from(error: Box<rhai::EvalAltResult>) -> Self {
        Self::Script(error)
    }
}

impl<E: Explain> From<E> for Thrown {
    fn from(error: E) -> Self {
        Self::Failure(error.into())
    }
}

impl From<Thrown> for Box<rhai::EvalAltResult> {
    /// `ErrorRuntime`, because scripts cannot catch `ErrorSystem`.
    fn from(thrown: Thrown) -> Self {
        match thrown {
            Thrown::Failure(failure) => {
                Box::new(rhai::EvalAltResult::ErrorRuntime(rhai::Dynamic::from(failure), rhai::Position::NONE))
            }
            Thrown::Script(error) => error,
        }
    }
}
