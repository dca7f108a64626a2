//! The one shape in which errors, warnings and notes reach people and machines.

use super::{Code, Span};
use serde::Serialize;
use serde::ser::SerializeStruct;
use std::fmt;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The run or the check failed.
    Error,
    /// Worth a look; nothing failed.
    Warning,
    /// For information.
    Note,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        })
    }
}

/// A place in a source text with what there is to say about it. The first label of a diagnostic is where it happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What, possibly empty.
    pub text: String,
}

/// An error, warning or note: code, message, places, advice.
///
/// Messages follow one form: lower case, no full stop, what and which. Advice goes in `hints`, what was observed in `notes`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The registered code, with a page of its own in the book.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// One sentence.
    pub message: String,
    /// Places in source texts, the primary one first.
    pub labels: Vec<Label>,
    /// `called from …` lines, innermost first.
    pub trace: Vec<String>,
    /// What was observed: conditions, events, causes.
    pub notes: Vec<String>,
    /// What would help.
    pub hints: Vec<String>,
}

impl Diagnostic {
    /// An error of that code.
    #[must_use]
    pub fn error(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            labels: Vec::new(),
            trace: Vec::new(),
            notes: Vec::new(),
            hints: Vec::new(),
        }
    }

    /// A warning of that code.
    #[must_use]
    pub fn warning(code: Code, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, message) }
    }

    /// Adds a place; the first one added is the primary one.
    #[must_use]
    pub fn at(mut self, span: Span) -> Self {
        self.labels.push(Label { span, text: String::new() });
        self
    }

    /// Adds advice, unless it is there already.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        let hint = hint.into();
        if !self.hints.contains(&hint) {
            self.hints.push(hint);
        }
        self
    }

    /// Adds an observation.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }
}

impl Serialize for Diagnostic {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Diagnostic", 7)?;
        out.serialize_field("code", self.code.name())?;
        out.serialize_field("severity", &self.severity)?;
        out.serialize_field("message", &self.message)?;
        out.serialize_field("labels", &self.labels)?;
        out.serialize_field("trace", &self.trace)?;
        out.serialize_field("notes", &self.notes)?;
        out.serialize_field("hints", &self.hints)?;
        out.end()
    }
}

impl Serialize for Label {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Label", 5)?;
        out.serialize_field("file", &self.span.file)?;
        out.serialize_field("line", &self.span.start.line)?;
        out.serialize_field("column", &self.span.start.column)?;
        out.serialize_field("length", &self.span.length)?;
        out.serialize_field("text", &self.text)?;
        out.end()
    }
}

/// What each room's typed error tells the outside: enough to build a [`Diagnostic`] without reading its message.
pub trait Explain: std::error::Error {
    /// The registered code.
    fn code(&self) -> Code;

    /// Advice, if there is any.
    fn hint(&self) -> Option<String> {
        None
    }

    /// Where in a source text, if the error comes from one.
    fn span(&self) -> Option<Span> {
        None
    }

    /// What was observed.
    fn notes(&self) -> Vec<String> {
        Vec::new()
    }

    /// The diagnostic of this error and of its causes.
    fn diagnostic(&self) -> Diagnostic {
        let mut diagnostic = Diagnostic::error(self.code(), self.to_string());
        diagnostic.labels.extend(self.span().map(|span| Label { span, text: String::new() }));
        diagnostic.notes = self.notes();
        let mut cause = self.source();
        while let Some(error) = cause {
            let text = error.to_string();
            if !diagnostic.message.contains(&text) {
                diagnostic.notes.push(format!("caused by: {text}"));
            }
            cause = error.source();
        }
        diagnostic.hints.extend(self.hint());
        diagnostic
    }
}
