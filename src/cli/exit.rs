//! Exit codes: 0 done, 1 failed, 2 wrong usage, 3 stopped by design, 75 in doubt, 130/143 interrupted.

use super::args::Color;
use super::early::Wishes;
use super::printer;
use crate::diag::{Code, Diagnostic, SourceMap, Style, codes, render};
use crate::report;
use crate::session::RunError;
use crate::value::Node;
use std::process::ExitCode;

/// An error on its way to the terminal: diagnostics with the texts they point into.
#[derive(Debug, thiserror::Error)]
#[error("{} problems", diagnostics.len())]
pub(super) struct Problems {
    diagnostics: Vec<Diagnostic>,
    sources: SourceMap,
    /// Data that came with the first one, for the document.
    details: Option<Node>,
    stage: Stage,
}

/// How far a command came. The same code is wrong usage on a command line, and a failure in a script that runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Command line, header and values are still read.
    Reading,
    /// A script runs.
    Running,
}

impl Problems {
    pub(super) fn one(diagnostic: Diagnostic) -> Self {
        Self::with(vec![diagnostic], SourceMap::default())
    }

    pub(super) fn with(diagnostics: Vec<Diagnostic>, sources: SourceMap) -> Self {
        Self { diagnostics, sources, details: None, stage: Stage::Reading }
    }
}

impl From<RunError> for Problems {
    fn from(error: RunError) -> Self {
        let diagnostics = vec![*error.diagnostic];
        Self { diagnostics, sources: error.sources, details: error.details, stage: Stage::Running }
    }
}

/// What can only be mistaken before a script runs.
const USAGE: [Code; 7] = [
    codes::USAGE,
    codes::HEADER,
    codes::UNKNOWN_PARAM,
    codes::MISSING_PARAM,
    codes::INVALID_PARAM,
    codes::RESERVED_PARAM,
    codes::SCRIPT_NOT_FOUND,
];

/// The exit code of an error.
fn number(code: Code, stage: Stage) -> u8 {
    match code {
        code if stage == Stage::Reading && USAGE.contains(&code) => 2,
        codes::EVICTION_INCOMPLETE | codes::EVICTION_BLOCKED | codes::BLOCKED => 3,
        codes::IN_DOUBT => 75,
        codes::INTERRUPTED => 130,
        _ => 1,
    }
}

/// Prints an error on stderr, and as a document on stdout where one is wanted; gives its exit code.
pub(super) fn report(error: &anyhow::Error, wishes: Wishes) -> ExitCode {
    let unexpected;
    let problems = match error.downcast_ref::<Problems>() {
        Some(problems) => problems,
        None => {
            unexpected = Problems::one(Diagnostic::error(codes::INTERNAL, format!("{error:#}")));
            &unexpected
        }
    };
    let first = problems.diagnostics.first();
    if let Some(first) = first {
        // The exit code says that it failed; if stdout is gone there is nothing to add.
        let _ = document(first, problems.details.as_ref(), wishes.form);
    }
    let style = style(wishes.color);
    for diagnostic in &problems.diagnostics {
        printer::talk(&render(diagnostic, &problems.sources, style));
    }
    ExitCode::from(first.map_or(1, |first| number(first.code, problems.stage)))
}

/// The one document of a command that failed. Nothing where people read.
///
/// # Errors
/// stdout cannot be written.
pub(super) fn document(diagnostic: &Diagnostic, details: Option<&Node>, form: report::Form) -> anyhow::Result<()> {
    if form == report::Form::Text {
        return Ok(());
    }
    Ok(printer::data(&report::result(&report::error(diagnostic, details), form))?)
}

/// Colour for messages where it is wanted, or where stderr is a terminal that wants it.
fn style(color: Color) -> Style {
    style_of(&std::io::stderr(), color)
}

/// The same for what goes to another stream.
pub(super) fn style_of(stream: &impl std::io::IsTerminal, color: Color) -> Style {
    if printer::wants_colour(stream, color) { Style::Coloured } else { Style::Plain }
}
