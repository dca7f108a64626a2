//! What went wrong, as data: every error of the crate becomes a [`Diagnostic`] before anyone sees it.
//!
//! This room knows nothing of Kubernetes, scripts or terminals. It must never print, and never decide by the text of a
//! message: code that has to tell errors apart uses the typed error of the room that made it.

pub mod codes;
mod diagnostic;
mod excerpt;
mod source;
mod suggest;

pub use codes::Code;
pub use diagnostic::{Diagnostic, Explain, Label, Severity};
pub use excerpt::{Style, render};
pub use source::{Place, SourceMap, SourceText, Span};
pub use suggest::{closest, did_you_mean};

/// Replaces characters that could move a terminal's cursor or colour (C0 without `\n` and `\t`, DEL, C1, bidirectional
/// controls) by their escaped form, so that text from a server or a script cannot forge output.
///
/// ```
/// assert_eq!(rutter::diag::printable("a\u{1b}[31mb"), "a\\u{1b}[31mb");
/// ```
#[must_use]
pub fn printable(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for character in text.chars() {
        if is_unprintable(character) {
            clean.extend(character.escape_unicode());
        } else {
            clean.push(character);
        }
    }
    clean
}

/// Whether [`printable`] escapes that character.
pub(crate) fn is_unprintable(character: char) -> bool {
    match character {
        '\n' | '\t' => false,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}' => true,
        other => other.is_control(),
    }
}
