//! A diagnostic as text for people: the source line with a caret, then trace, notes and hints.

use super::{Diagnostic, Severity, SourceMap, printable};
use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use std::fmt::Write as _;

/// With or without colour. Whether a terminal wants colour is the caller's to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// No escape sequences.
    Plain,
    /// ANSI colours.
    Coloured,
}

/// Renders a diagnostic with excerpts of the texts that `sources` knows. Ends with a line break.
///
/// Control characters in messages and excerpts are shown escaped, so that an object's name cannot forge output.
#[must_use]
pub fn render(diagnostic: &Diagnostic, sources: &SourceMap, style: Style) -> String {
    let (level, renderer) = (level(diagnostic.severity), renderer(style));
    let message = printable(&diagnostic.message);
    let mut text = match excerpt(diagnostic, sources) {
        Some(Excerpt { file, line, number, column }) => {
            let start = line.char_indices().nth(column).map_or(line.len(), |(at, _)| at);
            let end = line[start..].chars().next().map_or(start, |first| start + first.len_utf8());
            let snippet = Snippet::source(line.as_str())
                .line_start(number)
                .path(file)
                .annotation(AnnotationKind::Primary.span(start..end));
            let group = level.primary_title(message).id(diagnostic.code.name()).element(snippet);
            renderer.render(&[group])
        }
        None => {
            let group = annotate_snippets::Group::with_title(level.primary_title(message).id(diagnostic.code.name()));
            let mut text = renderer.render(&[group]);
            if let Some(label) = diagnostic.labels.first() {
                let place = label.span.start;
                let _ = write!(text, "\n --> {}:{}:{}", printable(&label.span.file), place.line, place.column);
            }
            text
        }
    };
    text.push('\n');
    append(&mut text, "", &diagnostic.trace);
    append(&mut text, "", &diagnostic.notes);
    append(&mut text, "help: ", &diagnostic.hints);
    text
}

fn append(text: &mut String, prefix: &str, lines: &[String]) {
    for line in lines {
        // A writer to a String cannot fail.
        let _ = writeln!(text, "  = {prefix}{}", printable(line).replace('\n', "\n    "));
    }
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    }
}

fn renderer(style: Style) -> Renderer {
    match style {
        Style::Plain => Renderer::plain().decor_style(DecorStyle::Ascii),
        Style::Coloured => Renderer::styled().decor_style(DecorStyle::Ascii),
    }
}

/// One source line: carets point at its `column` (0-based, in characters).
struct Excerpt {
    file: String,
    line: String,
    number: usize,
    column: usize,
}

/// The line's tabs become one space so that the caret stands under its character in every terminal.
fn excerpt(diagnostic: &Diagnostic, sources: &SourceMap) -> Option<Excerpt> {
    let span = &diagnostic.labels.first()?.span;
    let source = sources.find(&span.file)?;
    let number = span.start.line as usize;
    let line = source.text().lines().nth(number.checked_sub(1)?)?;
    // A minified script or a hostile one may have a line of a megabyte; a window around the place is enough.
    let column = (span.start.column as usize).saturating_sub(1).min(line.chars().count());
    let skipped = column.saturating_sub(120);
    let line: String = line.chars().skip(skipped).take(240).map(|c| if c == '\t' { ' ' } else { c }).collect();
    let before: String = line.chars().take(column - skipped).collect();
    let shown = printable(&line);
    Some(Excerpt { file: printable(&span.file), line: shown, number, column: printable(&before).chars().count() })
}
