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
    /// A text that is no quantity, or one beyond what can be counted.
    #[error("{} is not a quantity: {problem}", shown(given))]
    Quantity {
        /// The text that was given.
        given: String,
        /// What is wrong.
        problem: String,
    },
    /// A text that is no duration.
    #[error("{} is not a duration: {problem}", shown(given))]
    Duration {
        /// The text that was given.
        given: String,
        /// What is wrong.
        problem: String,
        /// Advice.
        hint: String,
    },
    /// A value that is neither a count nor a percentage.
    #[error("{} is neither a count nor a percentage: {problem}", shown(given))]
    IntOrPercent {
        /// The text that was given.
        given: String,
        /// What is wrong.
        problem: &'static str,
    },
    /// A text that is no version of Kubernetes.
    #[error("{} is not a version of Kubernetes", shown(given))]
    Version {
        /// The text that was given.
        given: String,
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
            Self::Quantity { .. } => codes::QUANTITY,
            Self::Duration { .. } => codes::DURATION,
            Self::IntOrPercent { .. } | Self::Version { .. } => codes::INVALID_ARGUMENT,
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
            Self::Quantity { .. } => Some(
                "a quantity is a number with one of the suffixes n u m k M G T P E, Ki Mi Gi Ti Pi Ei or an exponent like e3"
                    .to_owned(),
            ),
            Self::Duration { hint, .. } => Some(hint.clone()),
            Self::IntOrPercent { .. } => Some("write a count like `3` or a percentage like `\"25%\"`".to_owned()),
            Self::Version { .. } => Some("versions are written `v1.37.2` or `1.37`".to_owned()),
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
