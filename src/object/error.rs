//! What can be wrong with the texts and values this room parses. Text from outside is shown escaped and cut, never raw.

use super::Flaw;
use crate::diag::{Code, Explain, codes, printable};

/// Why a text or a value is not what it was taken for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ObjectError {
    /// A name that breaks the rule of its sort.
    #[error("{} is not a valid {what}: {flaw}", shown(given))]
    Name {
        /// The text that was given.
        given: String,
        /// The sort of name: `namespace`, `object name`, `label key`, …
        what: &'static str,
        /// The first thing that is wrong with it.
        flaw: Flaw,
        /// The rule in words.
        rule: &'static str,
    },
    /// A text that names no kind, whatever the cluster.
    #[error("{} does not name a kind: {problem}", shown(given))]
    Kind {
        /// The text that was given.
        given: String,
        /// What is wrong with it.
        problem: String,
    },
    /// An `apiVersion` or kind that no object can have.
    #[error("{} is not a valid {what}: {problem}", shown(given))]
    TypeMeta {
        /// The text that was given.
        given: String,
        /// `apiVersion` or `kind`.
        what: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// A value that is not a Kubernetes object.
    #[error("not a Kubernetes object: {problem}")]
    NotAnObject {
        /// What is missing or of the wrong type.
        problem: String,
    },
    /// A label or field selector that does not parse.
    #[error("the {what} {} does not parse: {problem} at column {column}", shown(given))]
    Selector {
        /// `label selector` or `field selector`.
        what: &'static str,
        /// The text that was given.
        given: String,
        /// What is wrong.
        problem: String,
        /// Where, counted in characters from 1.
        column: usize,
        /// Advice, if there is any.
        hint: Option<String>,
    },
    /// A value that is not a label selector.
    #[error("not a label selector: {problem}")]
    SelectorValue {
        /// What is wrong.
        problem: String,
        /// Advice, if there is any.
        hint: Option<String>,
    },
}

impl Explain for ObjectError {
    fn code(&self) -> Code {
        match self {
            Self::Name { .. } => codes::INVALID_NAME,
            Self::Kind { .. } => codes::UNKNOWN_KIND,
            Self::TypeMeta { .. } | Self::NotAnObject { .. } => codes::INVALID_OBJECT,
            Self::Selector { .. } | Self::SelectorValue { .. } => codes::INVALID_SELECTOR,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::Name { what, rule, .. } => Some(format!("a {what} {rule}")),
            Self::Kind { .. } => {
                Some("write a kind as `Pod`, `pods`, `po`, `deployments.apps` or `apps/v1/Deployment`".to_owned())
            }
            Self::TypeMeta { .. } => None,
            Self::NotAnObject { .. } => {
                Some("an object is a map with `apiVersion`, `kind` and `metadata.name`".to_owned())
            }
            Self::Selector { hint, .. } | Self::SelectorValue { hint, .. } => hint.clone(),
        }
    }
}

/// A text from outside as messages quote it: in backticks, one line, nothing that moves a cursor, at most 64 characters.
pub(crate) fn shown(text: &str) -> String {
    const LONGEST: usize = 64;
    let cut: String = text.chars().take(LONGEST).collect();
    let more = if cut.len() < text.len() { "…" } else { "" };
    format!("`{}{more}`", one_line(&cut))
}

/// Escapes what [`printable`] leaves: line breaks and tabs.
pub(crate) fn one_line(text: &str) -> String {
    printable(text).replace('\n', "\\n").replace('\t', "\\t")
}
