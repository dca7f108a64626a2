//! Markdown for a terminal that wraps lines by itself. It never changes a word.

/// The same text with each paragraph on one line. What has lines of its own keeps them: headings, the items of lists,
/// tables, quotes and code.
pub(super) fn unwrapped(markdown: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    let (mut fenced, mut goes_on) = (false, false);
    for line in markdown.lines().map(str::trim_end) {
        let is_fence = line.trim_start().starts_with("```");
        fenced ^= is_fence;
        match lines.last_mut().filter(|_| goes_on && !is_fence && !begins_anew(line)) {
            Some(last) => {
                last.push(' ');
                last.push_str(line.trim_start());
            }
            None => {
                goes_on = !fenced && !is_fence && can_go_on(line);
                lines.push(line.to_owned());
            }
        }
    }
    lines.join("\n")
}

/// Whether a line cannot belong to the paragraph or list item before it.
fn begins_anew(line: &str) -> bool {
    let line = line.trim_start();
    let behind_number = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_numbered = behind_number.len() < line.len() && behind_number.starts_with([')', '.']);
    line.is_empty() || is_numbered || ["- ", "* ", "+ ", "#", "|", ">"].iter().any(|mark| line.starts_with(mark))
}

/// Whether the line after this one may belong to it.
fn can_go_on(line: &str) -> bool {
    let is_code = line.starts_with("    ") || line.starts_with('\t');
    !line.is_empty() && !is_code && !line.trim_start().starts_with(['#', '|', '>'])
}

#[cfg(test)]
mod tests {
    use super::unwrapped;

    #[test]
    fn a_paragraph_is_one_line() {
        for (markdown, wanted) in [
            ("One\ntwo  \n  three.\n\nFour\nfive.", "One two three.\n\nFour five."),
            ("It costs\n3 or 4.", "It costs 3 or 4."),
            ("", ""),
        ] {
            assert_eq!(unwrapped(markdown), wanted);
        }
    }

    #[test]
    fn what_has_lines_of_its_own_keeps_them() {
        for (markdown, wanted) in [
            ("Kept:\n- one\n  more\n- two\n\n1. a\n2. b", "Kept:\n- one more\n- two\n\n1. a\n2. b"),
            ("# Head\ntext\nmore", "# Head\ntext more"),
            ("| a | b |\n|---|---|\n| c | d |", "| a | b |\n|---|---|\n| c | d |"),
            ("Like\n```rhai\na\n\nb\n```\nand\nso", "Like\n```rhai\na\n\nb\n```\nand so"),
            ("Like\n\n    a\n    b", "Like\n\n    a\n    b"),
            ("> a\n> b", "> a\n> b"),
        ] {
            assert_eq!(unwrapped(markdown), wanted);
        }
    }
}
