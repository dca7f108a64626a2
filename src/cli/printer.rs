//! The two streams of the process. A reader that went away (`| head`) is no error of ours.

use super::args::Color;
use super::exit::Problems;
use crate::diag::{Diagnostic, codes};
use std::io::{IsTerminal, Write};

/// Writes data to stdout.
///
/// # Errors
/// `E0005` for what the stream answers, except that a closed pipe counts as success.
pub(super) fn data(text: &str) -> Result<(), Problems> {
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            let message = format!("cannot write to standard output: {error}");
            Err(Problems::one(Diagnostic::error(codes::OUTPUT, message)))
        }
        _ => Ok(()),
    }
}

/// Writes talk to stderr. There is nobody to tell if that fails.
pub(super) fn talk(text: &str) {
    let mut stderr = std::io::stderr().lock();
    let _ = stderr.write_all(text.as_bytes());
    let _ = stderr.flush();
}

/// Whether what goes to a stream is coloured: as the command line says, otherwise if it is a terminal that wants colour.
/// `NO_COLOR` (<https://no-color.org>) and `TERM=dumb` are respected; an explicit `--color=always` is stronger.
#[expect(clippy::disallowed_methods, reason = "the command line reads the process's environment")]
pub(super) fn wants_colour(stream: &impl IsTerminal, color: Color) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
            let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
            stream.is_terminal() && !no_color && !dumb
        }
    }
}
