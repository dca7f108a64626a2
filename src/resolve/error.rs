//! [`ParamError`]: why the given values are not the params that the schema wants.

use crate::diag::{Code, Diagnostic, Explain, Span, closest, codes};
use crate::value::FieldPath;

/// One thing that is wrong with the values for the params.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ParamError {
    /// A name that the schema does not have.
    #[error("{} in {origin}", unknown(.path))]
    Unknown {
        /// The param or the key in it.
        path: FieldPath,
        /// Where it comes from.
        origin: String,
        /// The names that there are.
        known: Vec<String>,
        /// How a suggestion is written.
        style: NameStyle,
        /// Where, in a values file.
        span: Option<Span>,
    },
    /// A param that must be given is not.
    #[error("param `{path}` is missing")]
    Missing {
        /// The param or the key in it.
        path: FieldPath,
        /// How to give it.
        hint: String,
        /// Who removed it, if someone did.
        removed_by: Option<String>,
    },
    /// A value that breaks a rule.
    #[error("param `{path}` in {origin}: wanted {wanted}, got {got}")]
    Invalid {
        /// The param or the value in it.
        path: FieldPath,
        /// Where it comes from.
        origin: String,
        /// The rule.
        wanted: String,
        /// What is there; a secret is only called one.
        got: String,
        /// What would help, if that is known.
        hint: Option<String>,
        /// Where, in a values file.
        span: Option<Span>,
    },
    /// Values that are no map of params.
    #[error("{origin}: wanted a map of params, got {got}")]
    NotAMap {
        /// Where they come from.
        origin: String,
        /// What they are.
        got: String,
        /// Where, in a values file.
        span: Option<Span>,
    },
}

/// How a suggested name is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameStyle {
    /// `at_once`.
    Key,
    /// `--at-once`.
    Flag,
}

fn unknown(path: &FieldPath) -> String {
    match path.parent().filter(|parent| !parent.is_root()) {
        Some(parent) => {
            let key = path.steps().last().map_or_else(String::new, step_text);
            format!("param `{parent}` has no key `{key}`")
        }
        None => format!("no param `{path}`"),
    }
}

fn step_text(step: &crate::value::Step) -> String {
    match step {
        crate::value::Step::Key(key) => key.to_string(),
        crate::value::Step::Index(at) => at.to_string(),
        crate::value::Step::All => "*".to_owned(),
    }
}

impl NameStyle {
    fn write(self, name: &str) -> String {
        match self {
            Self::Key => name.to_owned(),
            Self::Flag => format!("--{}", name.replace('_', "-")),
        }
    }
}

impl Explain for ParamError {
    fn code(&self) -> Code {
        match self {
            Self::Unknown { .. } => codes::UNKNOWN_PARAM,
            Self::Missing { .. } => codes::MISSING_PARAM,
            Self::Invalid { .. } | Self::NotAMap { .. } => codes::INVALID_PARAM,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::Unknown { path, known, style, .. } => {
                let given = path.steps().last().map(step_text)?;
                Some(suggestion(&given, known, *style))
            }
            Self::Missing { hint, .. } => Some(hint.clone()),
            Self::Invalid { hint, .. } => hint.clone(),
            Self::NotAMap { .. } => Some("write one `name: value` a line".to_owned()),
        }
    }

    fn span(&self) -> Option<Span> {
        match self {
            Self::Unknown { span, .. } | Self::Invalid { span, .. } | Self::NotAMap { span, .. } => span.clone(),
            Self::Missing { .. } => None,
        }
    }

    fn notes(&self) -> Vec<String> {
        match self {
            Self::Missing { removed_by: Some(origin), .. } => vec![format!("{origin} removes it with `null`")],
            _ => Vec::new(),
        }
    }
}

fn suggestion(given: &str, known: &[String], style: NameStyle) -> String {
    let given = given.replace('-', "_");
    match closest(&given, known.iter().map(String::as_str)) {
        Some(name) => format!("did you mean `{}`?", style.write(name)),
        None if known.is_empty() => "there are none to choose from".to_owned(),
        None => {
            let names: Vec<String> = known.iter().map(|name| format!("`{}`", style.write(name))).collect();
            format!("there are {}", names.join(", "))
        }
    }
}

/// The diagnostics of several errors.
pub(super) fn diagnostics(errors: &[ParamError]) -> Vec<Diagnostic> {
    errors.iter().map(Explain::diagnostic).collect()
}
