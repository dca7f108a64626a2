//! What granit-parser says is wrong, in words for people who write manifests.

use super::super::{Limit, ValueError};
use crate::diag::{Place, Span};
use granit_parser::{ErrorKind, Marker, ScanError};

/// The place of a marker: granit counts columns from 0.
pub(super) fn place(marker: &Marker) -> Place {
    let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Place::new(small(marker.line()), small(marker.col()).saturating_add(1))
}

/// The error for a text that does not parse. `depth` is the limit that was given to the parser.
pub(super) fn explain(error: &ScanError, file: &str, depth: usize) -> ValueError {
    let span = Span { file: file.to_owned(), start: place(error.marker()), length: 0 };
    if *error.kind() == ErrorKind::RecursionLimitExceeded {
        return ValueError::Budget { limit: Limit::Depth, most: depth, span: Some(span) };
    }
    let (problem, hint) = describe(error.kind());
    ValueError::Yaml { problem: problem.unwrap_or_else(|| error.info()), span, hint: hint.map(str::to_owned) }
}

fn describe(kind: &ErrorKind) -> (Option<String>, Option<&'static str>) {
    let (problem, hint) = match kind {
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabAtBlockScalarStart
        | ErrorKind::TabInPlainScalar => {
            ("a tab where only spaces may stand", "indent with spaces; YAML forbids tabs there")
        }
        ErrorKind::UnknownAnchor => {
            ("an alias (`*name`) without an anchor (`&name`) before it", "quote the text if a leading `*` is meant")
        }
        ErrorKind::UndeclaredTagHandle => ("a tag (`!name!…`) that is not declared", "quote the text if `!` is meant"),
        ErrorKind::UnclosedQuotedScalar => ("a quote is not closed", "the text begins here"),
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement => {
            ("`: ` is not allowed here", "quote a text that contains `: `, and check the indentation")
        }
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => {
            ("expected `key: value`", "is a colon missing, or is the line indented wrongly?")
        }
        ErrorKind::ExpectedBlockMappingKey => {
            ("expected a key at this indentation", "all keys of a map start in the same column")
        }
        ErrorKind::ExpectedBlockSequenceEntry => {
            ("expected `- ` at this indentation", "all items of a list start in the same column")
        }
        ErrorKind::InvalidIndentation => ("wrong indentation", "all keys of a map start in the same column"),
        ErrorKind::UnexpectedCharacter { character } => {
            let problem = match character {
                '@' | '`' => format!("a text may not begin with `{character}`"),
                '%' => "a line may not begin with `%`".to_owned(),
                other => format!("unexpected {}", other.escape_debug()),
            };
            return (Some(problem), Some("put the text in quotes"));
        }
        _ => return (None, None),
    };
    (Some(problem.to_owned()), Some(hint))
}
