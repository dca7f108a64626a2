//! Exit codes: 0 done, 1 failed, 2 wrong usage, 3 stopped by design, 75 in doubt, 130/143 interrupted.

use crate::diag::{Code, Diagnostic, SourceMap, Style, codes, render};
use std::process::ExitCode;

/// An error on its way to the terminal: diagnostics with the texts they point into.
#[derive(Debug, thiserror::Error)]
#[error("{} problems", diagnostics.len())]
pub(super) struct Problems {
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) sources: SourceMap,
}

impl Problems {
    pub(super) fn one(diagnostic: Diagnostic) -> Self {
        Self { diagnostics: vec![diagnostic], sources: SourceMap::default() }
    }

    pub(super) fn with(diagnostics: Vec<Diagnostic>, sources: SourceMap) -> Self {
        Self { diagnostics, sources }
    }
}

/// The exit code of an error.
pub(super) fn number(code: Code) -> u8 {
    match code {
        codes::USAGE
        | codes::HEADER
        | codes::UNKNOWN_PARAM
        | codes::MISSING_PARAM
        | codes::INVALID_PARAM
        | codes::RESERVED_PARAM
        | codes::SCRIPT_NOT_FOUND => 2,
        codes::EVICTION_INCOMPLETE => 3,
        codes::IN_DOUBT => 75,
        codes::INTERRUPTED => 130,
        _ => 1,
    }
}

/// Prints an error on stderr and gives its exit code.
pub(super) fn report(error: &anyhow::Error) -> ExitCode {
    let Some(problems) = error.downcast_ref::<Problems>() else {
        let diagnostic = Diagnostic::error(codes::INTERNAL, format!("{error:#}"));
        super::printer::talk(&render(&diagnostic, &SourceMap::default(), style()));
        return ExitCode::from(1);
    };
    for diagnostic in &problems.diagnostics {
        super::printer::talk(&render(diagnostic, &problems.sources, style()));
    }
    ExitCode::from(problems.diagnostics.first().map_or(1, |first| number(first.code)))
}

/// Colour for messages where stderr is a terminal that wants it.
fn style() -> Style {
    if super::printer::wants_colour(&std::io::stderr()) { Style::Coloured } else { Style::Plain }
}
