//! [`FieldPath`]: the way to a field, as people write it: `spec.containers[0].image`, `metadata.labels["a.b/c"]`.
//!
//! A path is read once and then only compared and walked. A text that is no path is an error with its column; nothing is
//! read leniently.

use crate::diag::{Code, Explain, codes};
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// A path of more steps than any document may be deep cannot lead anywhere.
const LONGEST: usize = 256;

/// One step of a [`FieldPath`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// To the value of a key.
    Key(Arc<str>),
    /// To an item; a negative index counts from the end, -1 is the last.
    Index(i64),
    /// To every item of a list or every value of a map: `[*]`.
    All,
}

/// The way from a node to a field below it.
///
/// ```
/// use rutter::value::FieldPath;
/// let path: FieldPath = "spec.template.metadata.labels['app.kubernetes.io/name']".parse()?;
/// assert_eq!(path.to_string(), "spec.template.metadata.labels[\"app.kubernetes.io/name\"]");
/// # Ok::<(), rutter::value::PathError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FieldPath {
    steps: Vec<Step>,
}

/// A field path that does not parse, or that cannot be followed in a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PathError {
    /// The text is no field path.
    #[error("field path `{path}` does not parse: column {column}: {problem}")]
    Syntax {
        /// The text.
        path: String,
        /// Column of the mistake, in characters from 1.
        column: usize,
        /// What is wrong there.
        problem: &'static str,
    },
    /// A value on the way has no fields or items.
    #[error("cannot set {path}: {parent} is {found}")]
    Blocked {
        /// The whole path.
        path: FieldPath,
        /// The part of it that leads to the value in the way.
        parent: FieldPath,
        /// What that value is.
        found: &'static str,
    },
    /// An index is neither that of an item nor the one after the last.
    #[error("cannot set {path}: {parent} has {length} items")]
    Index {
        /// The whole path.
        path: FieldPath,
        /// The part of it that leads to the list.
        parent: FieldPath,
        /// How many items the list has.
        length: usize,
    },
    /// A path with `[*]` where one field is meant.
    #[error("field path `{path}` stands for several fields")]
    Several {
        /// The whole path.
        path: FieldPath,
    },
}

impl Explain for PathError {
    fn code(&self) -> Code {
        codes::FIELD_PATH
    }

    fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Syntax { .. } => {
                "write `spec.containers[0].image`, and a key with dots as `metadata.labels[\"app.kubernetes.io/name\"]`"
                    .to_owned()
            }
            Self::Blocked { parent, .. } => format!("remove {parent} first, or choose another path"),
            Self::Index { length, .. } => format!("write [{length}] to add an item at the end"),
            Self::Several { .. } => "name the item by its index, or loop over the items".to_owned(),
        })
    }
}

impl FieldPath {
    /// The path to the node itself.
    #[must_use]
    pub fn root() -> Self {
        Self::default()
    }

    /// A path of keys.
    #[must_use]
    pub fn of(keys: &[&str]) -> Self {
        Self { steps: keys.iter().map(|key| Step::Key(Arc::from(*key))).collect() }
    }

    /// Reads a path: `spec.containers[0].image`, `metadata.labels["a.b/c"]`, `metadata.labels.'a.b/c'`,
    /// `spec.containers[*].image`, `status.conditions[-1]`. `.` is the node itself; one leading dot is allowed.
    ///
    /// # Errors
    /// The text is no path.
    pub fn parse(text: &str) -> Result<Self, PathError> {
        Reader::new(text, text, 0).path()
    }

    /// Reads a path in the form of `kubectl -o jsonpath`: as [`FieldPath::parse`], also in braces and with a leading `$`
    /// or `@`: `{.status.phase}`. Filters, slices and recursive descent are refused.
    ///
    /// # Errors
    /// The text is no path, or uses a feature of JSONPath that a field path has not.
    pub fn parse_jsonpath(text: &str) -> Result<Self, PathError> {
        let (mut body, mut skipped) = (text, 0);
        if let Some(inner) = text.strip_prefix('{') {
            body = inner.strip_suffix('}').ok_or_else(|| PathError::Syntax {
                path: text.to_owned(),
                column: text.chars().count() + 1,
                problem: "expected `}`",
            })?;
            skipped = 1;
        }
        if let Some(rest) = body.strip_prefix(['$', '@']) {
            if rest.is_empty() {
                return Ok(Self::root());
            }
            (body, skipped) = (rest, skipped + 1);
        }
        Reader::new(text, body, skipped).path()
    }

    /// The steps, outermost first.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Whether this is the path to the node itself.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.steps.is_empty()
    }

    /// Whether `[*]` occurs, so that the path stands for any number of fields.
    #[must_use]
    pub fn is_several(&self) -> bool {
        self.steps.contains(&Step::All)
    }

    /// This path with one more step.
    #[must_use]
    pub fn join(&self, step: Step) -> Self {
        let mut steps = Vec::with_capacity(self.steps.len() + 1);
        steps.extend_from_slice(&self.steps);
        steps.push(step);
        Self { steps }
    }

    /// This path with one more key.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        self.join(Step::Key(key.into()))
    }

    /// The first `length` steps.
    #[must_use]
    pub fn prefix(&self, length: usize) -> Self {
        Self { steps: self.steps[..length.min(self.steps.len())].to_vec() }
    }

    /// The path without its last step; none for the root.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        Some(self.prefix(self.steps.len().checked_sub(1)?))
    }
}

impl FromStr for FieldPath {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, PathError> {
        Self::parse(text)
    }
}

impl FromIterator<Step> for FieldPath {
    fn from_iter<I: IntoIterator<Item = Step>>(steps: I) -> Self {
        Self { steps: steps.into_iter().collect() }
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.steps.is_empty() {
            return f.write_str(".");
        }
        for (index, step) in self.steps.iter().enumerate() {
            match step {
                Step::Key(key) if is_bare(key) && index == 0 => f.write_str(key)?,
                Step::Key(key) if is_bare(key) => write!(f, ".{key}")?,
                Step::Key(key) => write!(f, "[{}]", super::json::quoted(key))?,
                Step::Index(at) => write!(f, "[{at}]")?,
                Step::All => f.write_str("[*]")?,
            }
        }
        Ok(())
    }
}

/// Whether a key needs no quotes in a path.
fn is_bare(key: &str) -> bool {
    !key.is_empty() && key != "*" && key.chars().all(is_bare_char)
}

fn is_bare_char(c: char) -> bool {
    !c.is_whitespace()
        && !c.is_control()
        && !matches!(c, '.' | '[' | ']' | '{' | '}' | '(' | ')' | '\'' | '"' | '\\' | ',')
}

/// A cursor over the characters of a path.
struct Reader<'t> {
    whole: &'t str,
    rest: std::iter::Peekable<std::str::Chars<'t>>,
    column: usize,
}

impl<'t> Reader<'t> {
    fn new(whole: &'t str, body: &'t str, skipped: usize) -> Self {
        Self { whole, rest: body.chars().peekable(), column: skipped + 1 }
    }

    fn path(mut self) -> Result<FieldPath, PathError> {
        let mut steps = Vec::new();
        if self.rest.peek() == Some(&'.') {
            self.next();
            if self.rest.peek().is_none() {
                return Ok(FieldPath::root());
            }
        }
        if self.rest.peek() != Some(&'[') {
            steps.push(self.name()?);
        }
        while let Some(c) = self.rest.peek().copied() {
            let column = self.column;
            match c {
                '.' => {
                    self.next();
                    // `{.items.[0]}` is accepted by kubectl.
                    let bracket = self.rest.peek() == Some(&'[');
                    steps.push(if bracket { self.bracket()? } else { self.name()? });
                }
                '[' => steps.push(self.bracket()?),
                _ => return Err(self.fault(column, "expected `.` or `[`")),
            }
            if steps.len() > LONGEST {
                return Err(self.fault(column, "more than 256 steps"));
            }
        }
        Ok(FieldPath { steps })
    }

    fn next(&mut self) -> Option<char> {
        self.column += 1;
        self.rest.next()
    }

    fn fault(&self, column: usize, problem: &'static str) -> PathError {
        PathError::Syntax { path: self.whole.to_owned(), column, problem }
    }

    /// A key after a dot or at the start.
    fn name(&mut self) -> Result<Step, PathError> {
        let column = self.column;
        match self.rest.peek() {
            Some('\'' | '"') => return self.quoted().map(Step::Key),
            Some('.') => return Err(self.fault(column, "`..` searches at any depth, which a field path cannot do")),
            _ => {}
        }
        let mut name = String::new();
        while let Some(&c) = self.rest.peek() {
            match c {
                // kubectl's way to write a key with dots: `labels.app\.kubernetes\.io/name`.
                '\\' => {
                    self.next();
                    name.extend(self.next());
                }
                c if is_bare_char(c) => name.extend(self.next()),
                _ => break,
            }
        }
        match &*name {
            "" => Err(self.fault(column, "expected a field name")),
            "*" => Ok(Step::All),
            _ => Ok(Step::Key(name.into())),
        }
    }

    /// `[0]`, `[-1]`, `[*]`, `["key"]`, `['key']`.
    fn bracket(&mut self) -> Result<Step, PathError> {
        self.next();
        let column = self.column;
        let step = match self.rest.peek() {
            Some('\'' | '"') => Step::Key(self.quoted()?),
            Some('*') => {
                self.next();
                Step::All
            }
            Some('?') => return Err(self.fault(column, "filters are not part of a field path")),
            _ => Step::Index(self.index()?),
        };
        match self.rest.peek() {
            Some(']') => self.next(),
            Some(':') => return Err(self.fault(self.column, "slices are not part of a field path")),
            _ => return Err(self.fault(self.column, "expected `]`")),
        };
        Ok(step)
    }

    fn index(&mut self) -> Result<i64, PathError> {
        let column = self.column;
        let mut digits = String::new();
        while let Some(&c) = self.rest.peek() {
            if !(c.is_ascii_digit() || c == '-' && digits.is_empty()) {
                break;
            }
            digits.push(c);
            self.next();
        }
        digits.parse().map_err(|_| self.fault(column, "expected an index, `*` or a quoted key"))
    }

    /// A key in quotes, with the escapes of JSON in both kinds of quotes and `\'`.
    fn quoted(&mut self) -> Result<Arc<str>, PathError> {
        let start = self.column;
        let quote = self.next();
        let mut key = String::new();
        loop {
            let column = self.column;
            match self.next() {
                None => return Err(self.fault(start, "the quote is not closed")),
                c if c == quote => return Ok(key.into()),
                Some('\\') => key.push(self.escape().ok_or_else(|| self.fault(column, "unknown escape"))?),
                Some(c) => key.push(c),
            }
        }
    }

    fn escape(&mut self) -> Option<char> {
        Some(match self.next()? {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'u' => {
                let mut code = 0;
                for _ in 0..4 {
                    code = code * 16 + self.next()?.to_digit(16)?;
                }
                char::from_u32(code)?
            }
            c @ ('\\' | '"' | '\'' | '/' | '.') => c,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{FieldPath, PathError, Step};

    fn shown(text: &str) -> String {
        FieldPath::parse(text).map_or_else(|error| error.to_string(), |path| path.to_string())
    }

    #[test]
    fn reads_and_writes_every_form_of_step() {
        for (text, canonical) in [
            ("spec.containers[0].image", "spec.containers[0].image"),
            (".status.conditions[-1]", "status.conditions[-1]"),
            ("metadata.labels[\"app.kubernetes.io/name\"]", "metadata.labels[\"app.kubernetes.io/name\"]"),
            ("metadata.labels['a.b/c'].d", "metadata.labels[\"a.b/c\"].d"),
            ("metadata.labels.'a.b/c'", "metadata.labels[\"a.b/c\"]"),
            ("metadata.labels.a\\.b/c", "metadata.labels[\"a.b/c\"]"),
            ("spec.containers[*].image", "spec.containers[*].image"),
            ("a.*", "a[*]"),
            ("a['*']", "a[\"*\"]"),
            ("[\"a b\"].c", "[\"a b\"].c"),
            ("a[\"say \\\"hi\\\"\\n\"]", "a[\"say \\\"hi\\\"\\n\"]"),
            ("data.0", "data.0"),
            (".", "."),
        ] {
            assert_eq!(shown(text), canonical, "{text}");
            assert_eq!(shown(canonical), canonical, "{text}");
        }
    }

    #[test]
    fn reads_the_forms_of_kubectl() {
        for text in ["{.status.phase}", "$.status.phase", "{$.status.phase}", ".status.phase", "{@.status.phase}"] {
            assert_eq!(FieldPath::parse_jsonpath(text), Ok(FieldPath::of(&["status", "phase"])), "{text}");
        }
        assert_eq!(FieldPath::parse_jsonpath("{.}"), Ok(FieldPath::root()));
        assert_eq!(FieldPath::parse_jsonpath("{@}"), Ok(FieldPath::root()));
    }

    #[test]
    fn says_the_column_of_a_mistake() {
        for (text, wanted) in [
            ("", 1),
            ("spec.", 6),
            ("spec..a", 6),
            ("spec[", 6),
            ("spec[0", 7),
            ("spec[0:1]", 7),
            ("spec[?(@.a)]", 6),
            ("spec[\"a]", 6),
            ("spec a", 5),
            ("a[99999999999999999999]", 3),
            ("a]", 2),
        ] {
            let Err(PathError::Syntax { column, .. }) = FieldPath::parse(text) else { panic!("{text} parses") };
            assert_eq!(column, wanted, "{text}");
        }
        let Err(PathError::Syntax { column, .. }) = FieldPath::parse_jsonpath("{.a..b}") else { panic!("parses") };
        assert_eq!(column, 5);
    }

    #[test]
    fn shows_any_key_so_that_it_reads_back() {
        for key in ["", ".", "a.b", "é", "\u{0}", "\u{2028}", "a\"b", "a'b", "\\", "[0]", "*", "😀", "a b", "{x}"] {
            let path: FieldPath = [Step::Key("x".into()), Step::Key(key.into())].into_iter().collect();
            assert_eq!(FieldPath::parse(&path.to_string()), Ok(path), "{key:?}");
        }
    }
}
