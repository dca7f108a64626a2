//! [`ValueError`]: why a text is no value, or a value has no form in what was asked for.

use super::{FieldPath, Limit};
use crate::diag::{Code, Diagnostic, Explain, Label, Place, Span, codes};

/// A text that cannot be read, or a value that cannot be converted.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ValueError {
    /// The YAML does not parse, or says something that JSON cannot.
    #[error("{problem}")]
    Yaml {
        /// What is wrong.
        problem: String,
        /// Where.
        span: Span,
        /// What would help.
        hint: Option<String>,
    },
    /// The JSON does not parse. A text from the wire has a byte offset only.
    #[error("{problem}{}", offset_note(*.offset, .span.as_ref()))]
    Json {
        /// What is wrong.
        problem: String,
        /// Where, in bytes from the start.
        offset: usize,
        /// Where, in a text with a name.
        span: Option<Span>,
    },
    /// A key stands twice in one map.
    #[error("key `{key}` stands twice in one map")]
    DuplicateKey {
        /// The key.
        key: String,
        /// The second one; none for a text from the wire.
        span: Option<Span>,
        /// Where the first one is.
        first: Option<Place>,
    },
    /// The text asks for more than its budget.
    #[error("more than {most} {limit}")]
    Budget {
        /// Which limit.
        limit: Limit,
        /// Its value.
        most: usize,
        /// Where it was reached.
        span: Option<Span>,
    },
    /// The text is not UTF-8.
    #[error("{problem}")]
    Encoding {
        /// What it is instead.
        problem: String,
        /// Where.
        span: Option<Span>,
    },
    /// A value is not what a type wants.
    #[error("{}{problem}", at_path(.path))]
    Shape {
        /// The value that does not fit.
        path: FieldPath,
        /// What was expected and found.
        problem: String,
    },
    /// A Rust value has no form as a [`super::Node`].
    #[error("{problem}")]
    Unrepresentable {
        /// Why.
        problem: String,
    },
}

fn at_path(path: &FieldPath) -> String {
    if path.is_root() { String::new() } else { format!("{path}: ") }
}

fn offset_note(offset: usize, span: Option<&Span>) -> String {
    if span.is_some() { String::new() } else { format!(" at byte {offset}") }
}

impl Explain for ValueError {
    fn code(&self) -> Code {
        match self {
            Self::Yaml { .. } => codes::YAML,
            Self::Json { .. } => codes::JSON,
            Self::DuplicateKey { .. } => codes::DUPLICATE_KEY,
            Self::Budget { .. } => codes::VALUE_BUDGET,
            Self::Encoding { .. } => codes::ENCODING,
            Self::Shape { .. } => codes::SHAPE,
            Self::Unrepresentable { .. } => codes::UNREPRESENTABLE,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::Yaml { hint, .. } => hint.clone(),
            Self::DuplicateKey { .. } => Some("remove one of the two; readers do not agree which one wins".to_owned()),
            Self::Budget { limit: Limit::Documents | Limit::Bytes, .. } => {
                Some("split the text into several files".to_owned())
            }
            Self::Encoding { .. } => Some("save the file as UTF-8".to_owned()),
            _ => None,
        }
    }

    fn span(&self) -> Option<Span> {
        match self {
            Self::Yaml { span, .. } => Some(span.clone()),
            Self::Json { span, .. }
            | Self::DuplicateKey { span, .. }
            | Self::Budget { span, .. }
            | Self::Encoding { span, .. } => span.clone(),
            Self::Shape { .. } | Self::Unrepresentable { .. } => None,
        }
    }

    fn diagnostic(&self) -> Diagnostic {
        let mut diagnostic = Diagnostic::error(self.code(), self.to_string());
        let label = |span, text: &str| Label { span, text: text.to_owned() };
        diagnostic.labels.extend(self.span().map(|span| label(span, "")));
        if let Self::DuplicateKey { span: Some(span), first: Some(first), .. } = self {
            let earlier = Span { file: span.file.clone(), start: *first, length: span.length };
            diagnostic.labels.push(label(earlier, "first here"));
            diagnostic.notes.push(format!("the first one is at {}:{}:{}", span.file, first.line, first.column));
        }
        diagnostic.hints.extend(self.hint());
        diagnostic
    }
}
