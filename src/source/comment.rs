//! The `//!` lines at the top of a script: Markdown for people, with the header's YAML between two fences.

use super::error::HeaderProblem;

/// What the top of a script says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Comment {
    /// The first heading, without its marks.
    pub(super) title: Option<String>,
    /// The Markdown without that heading and without the header.
    pub(super) description: String,
    /// The header, if there is one.
    pub(super) header: Option<Header>,
}

/// The header's YAML, laid out so that every character keeps its line and column in the script: what stands around it
/// became line breaks and spaces. Positions need no translation.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) yaml: String,
    /// Line of the opening fence, from 1.
    pub(super) line: u32,
}

/// A mistake with its line, from 1.
pub(super) type Mistake = (u32, HeaderProblem);

/// Reads the comment of a script. Empty lines and plain `//` comments (a licence) may stand before it.
pub(super) fn read(text: &str) -> Result<Comment, Mistake> {
    let mut markdown: Vec<&str> = Vec::new();
    let mut header: Option<Header> = None;
    let mut lines = (1_u32..).zip(text.strip_prefix('\u{feff}').unwrap_or(text).lines());
    let mut ended = false;
    while let Some((number, line)) = lines.next() {
        let Some(content) = documentation(line) else {
            // A `//!` line further down is the business of a function or of nobody, unless it would be the header.
            let plain = line.trim().is_empty() || (is_plain_comment(line) && markdown.is_empty());
            ended |= !plain;
            continue;
        };
        let opens = header.is_none() && is_header_fence(content);
        match (opens, ended) {
            (true, true) => return Err((number, HeaderProblem::Late)),
            (true, false) => header = Some(read_header(number, &mut lines)?),
            (false, true) => {}
            (false, false) => markdown.push(content),
        }
    }
    let (title, description) = split_title(&markdown);
    Ok(Comment { title, description, header })
}

/// The text after `//!`, if the line is one of documentation.
fn documentation(line: &str) -> Option<&str> {
    let content = line.trim_start().strip_prefix("//!")?;
    Some(content.strip_prefix(' ').unwrap_or(content).trim_end())
}

fn is_plain_comment(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("//") && !line.starts_with("///")
}

fn is_header_fence(content: &str) -> bool {
    content.trim().strip_prefix("```").is_some_and(|info| info.trim() == "yaml")
}

fn read_header<'t>(line: u32, lines: &mut impl Iterator<Item = (u32, &'t str)>) -> Result<Header, Mistake> {
    let mut yaml = "\n".repeat(line as usize);
    for (_, text) in lines {
        let Some(content) = documentation(text) else { return Err((line, HeaderProblem::Unclosed)) };
        if content.trim() == "```" {
            return Ok(Header { yaml, line });
        }
        let prefix = text.trim_end().chars().count() - content.chars().count();
        yaml.extend(std::iter::repeat_n(' ', prefix));
        yaml.push_str(content);
        yaml.push('\n');
    }
    Err((line, HeaderProblem::Unclosed))
}

/// The first heading becomes the title; a `#` in a fenced block is no heading.
fn split_title(markdown: &[&str]) -> (Option<String>, String) {
    let mut fenced = false;
    let heading = markdown.iter().position(|line| {
        fenced ^= line.trim_start().starts_with("```");
        !fenced && heading_text(line).is_some()
    });
    let title = heading.and_then(|at| heading_text(markdown[at])).map(str::to_owned);
    let rest = markdown.iter().enumerate().filter(|(at, _)| Some(*at) != heading).map(|(_, line)| *line);
    (title, rest.collect::<Vec<_>>().join("\n").trim().to_owned())
}

fn heading_text(line: &str) -> Option<&str> {
    let rest = line.trim_start_matches('#');
    let level = line.len() - rest.len();
    let text = rest.trim().trim_end_matches('#').trim_end();
    ((1..=6).contains(&level) && rest.starts_with(' ') && !text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::{HeaderProblem, read};

    #[test]
    fn keeps_lines_and_columns_of_the_header() {
        let comment = read("//! # T\n//! ```yaml\n//! a: 1\n//!\n//!   b: 2\n//! ```\nlet x = 1;").unwrap();
        assert_eq!(comment.header.unwrap().yaml, "\n\n    a: 1\n   \n      b: 2\n");
    }

    #[test]
    fn splits_title_description_and_header() {
        let comment =
            read("//! # Drain nodes #\n//! Moves pods.\n//!\n//! ```yaml\n//! a: 1\n//! ```\n//! More.").unwrap();
        assert_eq!(comment.title.as_deref(), Some("Drain nodes"));
        assert_eq!(comment.description, "Moves pods.\n\nMore.");
    }

    #[test]
    fn takes_a_licence_before_the_comment() {
        let comment = read("// SPDX-License-Identifier: Apache-2.0\n\n//! ```yaml\n//! a: 1\n//! ```\n").unwrap();
        assert_eq!(comment.header.unwrap().line, 3);
    }

    #[test]
    fn finds_no_header_in_a_plain_script() {
        let comment = read("let a = 1;\n//! no header\n").unwrap();
        assert_eq!((comment.title, comment.header), (None, None));
    }

    #[test]
    fn refuses_a_header_that_would_not_be_read() {
        assert_eq!(read("let a = 1;\n//! ```yaml\n//! ```"), Err((2, HeaderProblem::Late)));
        assert_eq!(read("//! # A\n//! ```yaml\n//! a: 1\nlet a = 1;"), Err((2, HeaderProblem::Unclosed)));
        assert_eq!(read("//! ```yaml\n//! a: 1"), Err((1, HeaderProblem::Unclosed)));
    }

    #[test]
    fn takes_other_fences_for_text() {
        let comment = read("//! ```sh\n//! # no title\n//! ```\n//! # Title\n//! ```yml\n//! a: 1\n//! ```").unwrap();
        assert_eq!(comment.title.as_deref(), Some("Title"));
        assert!(comment.header.is_none());
        assert!(comment.description.contains("a: 1"));
    }
}
