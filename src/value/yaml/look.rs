//! How a node looks in the text, where the parser is more liberal than the one of kubectl (libyaml's YAML 1.1).
//!
//! A manifest that means one thing here and another thing, or nothing, to kubectl is refused.

/// What is wrong, and what would help.
pub(super) type Finding = (&'static str, &'static str);

pub(super) const TAB: Finding = ("a tab where only spaces may stand", "indent with spaces; YAML forbids tabs there");

/// The characters that YAML 1.1 takes for line breaks and YAML 1.2 does not.
const BREAKS: [char; 3] = ['\u{85}', '\u{2028}', '\u{2029}'];

/// A node's stretch of the text, in bytes.
pub(super) struct Look<'t> {
    pub(super) text: &'t str,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Look<'_> {
    /// Whether only indentation and indicators stand before it on its line, a tab among them.
    pub(super) fn is_after_tab(&self) -> bool {
        let before = self.text.as_bytes().get(..self.start).unwrap_or_default();
        let indentation = before.iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t' | b'-' | b'?'));
        indentation.clone().any(|byte| *byte == b'\t')
    }

    /// Escapes in a text in double quotes that came with YAML 1.2.
    pub(super) fn escapes(&self) -> Option<Finding> {
        let mut rest = self.text.get(self.start..self.end)?;
        while let Some(at) = rest.find('\\') {
            rest = &rest[at + 1..];
            match rest.as_bytes() {
                [b'/', ..] => return Some(("`\\/` is no escape of YAML 1.1", "write `/`")),
                [b'u', b'd' | b'D', b'8' | b'9' | b'a'..=b'f' | b'A'..=b'F', ..] => {
                    return Some(("a surrogate pair is no escape of YAML 1.1", "write `\\U0001F600` or the character"));
                }
                [_, ..] => rest = rest.get(1..).unwrap_or_default(),
                [] => return None,
            }
        }
        None
    }

    /// Plain scalars in `[…]` and `{…}` that YAML 1.1 reads differently.
    pub(super) fn flow_scalar(&self) -> Option<Finding> {
        let rest = self.text.as_bytes().get(self.start..)?;
        match (rest, self.start == self.end) {
            ([b'?', ..], false) => Some(("a text in brackets may not begin with `?`", "put the text in quotes")),
            // What stands for an absent value begins at its colon.
            ([b':', b',' | b']' | b'}', ..], true) => {
                Some(("a value is missing after `:`", "write `null`, or put the key in quotes if it ends with `:`"))
            }
            _ => None,
        }
    }
}

/// Where a text has a character that YAML 1.1 takes for a line break, and what to say about it.
pub(super) fn foreign_break(text: &str) -> Option<(usize, Finding)> {
    let at = BREAKS.iter().filter_map(|c| text.find(*c)).min()?;
    Some((at, ("a line break of Unicode (U+0085, U+2028 or U+2029)", "write it as `\\u2028` in double quotes")))
}
