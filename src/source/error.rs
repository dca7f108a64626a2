//! [`HeaderError`]: why a text is no runbook. Every problem of a header is reported, not only the first.

use crate::diag::{Code, Diagnostic, Explain, Label, Span, codes, did_you_mean};
use crate::value::{FieldPath, ValueError};

/// One thing that is wrong with a runbook's header.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{problem}")]
pub struct HeaderError {
    /// What is wrong.
    pub problem: HeaderProblem,
    /// Where in the script's text.
    pub span: Span,
}

/// The ways in which a header can be wrong.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum HeaderProblem {
    /// The fence of the header has no end.
    #[error("the header's fence is not closed")]
    Unclosed,
    /// The header stands where it is not read.
    #[error("the header must stand before the first statement")]
    Late,
    /// There is nothing between the fences.
    #[error("the header is empty")]
    Empty,
    /// The text between the fences is no YAML document.
    #[error("the header does not parse: {0}")]
    Yaml(#[source] ValueError),
    /// A key that has no meaning there.
    #[error("unknown key `{key}` in {owner}")]
    UnknownKey {
        /// The key.
        key: String,
        /// The map that holds it, in words.
        owner: String,
        /// The keys that have a meaning there.
        known: Vec<String>,
    },
    /// A key that must be there is not.
    #[error("{owner} has no `{key}`")]
    MissingKey {
        /// The key.
        key: String,
        /// The map that lacks it, in words.
        owner: String,
        /// What to write.
        hint: String,
    },
    /// A value that breaks a rule.
    #[error("{what}: wanted {wanted}, got {got}")]
    Value {
        /// What it is the value of.
        what: String,
        /// The rule.
        wanted: String,
        /// What is there.
        got: String,
        /// What would help, if that is known.
        hint: Option<String>,
    },
    /// Two parts of the header that cannot both be meant.
    #[error("{problem}")]
    Contradiction {
        /// Which, and why.
        problem: String,
        /// What would help, if that is known.
        hint: Option<String>,
    },
    /// A param whose flag would hide an option of the command line.
    #[error("param `{name}` takes the name of the option `--{flag}`")]
    Reserved {
        /// The param.
        name: String,
        /// The option.
        flag: String,
    },
}

impl Explain for HeaderError {
    fn code(&self) -> Code {
        match self.problem {
            HeaderProblem::Reserved { .. } => codes::RESERVED_PARAM,
            _ => codes::HEADER,
        }
    }

    fn hint(&self) -> Option<String> {
        match &self.problem {
            HeaderProblem::Unclosed => Some("end the fence with a line `//! ```".to_owned() + "`"),
            HeaderProblem::Late => Some("move the `//!` lines to the top of the file".to_owned()),
            HeaderProblem::Empty => Some("a header has apiVersion, kind, name and version".to_owned()),
            HeaderProblem::Yaml(error) => error.hint(),
            HeaderProblem::UnknownKey { key, known, .. } => {
                did_you_mean(key, known.iter().map(String::as_str)).or_else(|| known_keys(known))
            }
            HeaderProblem::MissingKey { hint, .. } => Some(hint.clone()),
            HeaderProblem::Value { hint, .. } | HeaderProblem::Contradiction { hint, .. } => hint.clone(),
            HeaderProblem::Reserved { flag, .. } => {
                Some(format!("choose another name, such as `target_{}`", flag.replace('-', "_")))
            }
        }
    }

    fn span(&self) -> Option<Span> {
        Some(self.span.clone())
    }

    // The cause's message is part of this one's already, its places are not.
    fn diagnostic(&self) -> Diagnostic {
        let mut diagnostic = Diagnostic::error(self.code(), self.to_string());
        diagnostic.labels.push(Label { span: self.span.clone(), text: String::new() });
        if let HeaderProblem::Yaml(error) = &self.problem {
            let cause = error.diagnostic();
            diagnostic.labels.extend(cause.labels.into_iter().skip(1));
            diagnostic.notes = cause.notes;
        }
        diagnostic.hints.extend(self.hint());
        diagnostic
    }
}

fn known_keys(known: &[String]) -> Option<String> {
    (!known.is_empty()).then(|| format!("known are {}", known.join(", ")))
}

/// A problem with its place in the header's tree; the place in the text is looked up once the whole header is read.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Fault {
    pub(super) path: FieldPath,
    pub(super) part: Part,
    pub(super) problem: HeaderProblem,
}

/// Which end of a map entry a [`Fault`] is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Key,
    Value,
}
