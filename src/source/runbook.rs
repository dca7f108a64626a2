//! [`Runbook`]: one script and what its header says about it.

use super::allow::{self, Allow};
use super::comment::{self, Comment, Header};
use super::error::{Fault, HeaderError, HeaderProblem, Part};
use super::reader::Reader;
use super::schema::{self, ParamSchema};
use crate::diag::{Diagnostic, Explain, SourceText, Span};
use crate::object::DnsLabel;
use crate::value::yaml::{self, Document};
use crate::value::{Budget, FieldPath, Map, Node};
use std::sync::Arc;

const API_VERSION: &str = "rutter.dev/v1";
const KIND: &str = "Runbook";
const KEYS: [&str; 6] = ["apiVersion", "kind", "name", "version", "params", "allow"];

/// A script with its header. A script without one is a runbook that takes no params.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Runbook {
    /// From the header; without one, the file's name without its extension.
    pub name: String,
    /// From the header.
    pub version: Option<semver::Version>,
    /// The first heading of the comment.
    pub title: Option<String>,
    /// The comment's Markdown without that heading and without the header; may be empty.
    pub description: String,
    /// What it takes.
    pub params: ParamSchema,
    /// What it says it needs to touch.
    pub allow: Allow,
    /// The script.
    pub source: Arc<SourceText>,
}

impl Runbook {
    /// Reads the header of a script. `reserved` are the options of the command line, without dashes, whose names no param
    /// may take (`context`, `dry-run`).
    ///
    /// # Errors
    /// Everything that is wrong with the header, in the order of the text. The script itself is not looked at.
    ///
    /// ```
    /// use rutter::{diag::SourceText, source::Runbook};
    /// let text = "//! # Say hello\n//! ```yaml\n//! apiVersion: rutter.dev/v1\n//! kind: Runbook\n//! name: hello\n\
    ///             //! version: 1.0.0\n//! parms: {}\n//! ```\n";
    /// let errors = Runbook::read(&SourceText::new("hello.rhai", text), &[]).unwrap_err();
    /// assert_eq!(errors[0].message, "unknown key `parms` in the header");
    /// assert_eq!(errors[0].labels[0].span.start.line, 7);
    /// ```
    pub fn read(source: &Arc<SourceText>, reserved: &[&str]) -> Result<Self, Vec<Diagnostic>> {
        let errors = match comment::read(source.text()) {
            Ok(Comment { title, description, header: None }) => return Ok(Self::plain(source, title, description)),
            Ok(Comment { title, description, header: Some(header) }) => match read_header(&header, source, reserved) {
                Ok(header) => return Ok(Self { title, description, ..header }),
                Err(errors) => errors,
            },
            Err((line, problem)) => vec![HeaderError { problem, span: Span::point(source.name(), line, 1) }],
        };
        Err(errors.iter().map(Explain::diagnostic).collect())
    }

    fn plain(source: &Arc<SourceText>, title: Option<String>, description: String) -> Self {
        Self {
            name: stem(source.name()).to_owned(),
            version: None,
            title,
            description,
            params: ParamSchema::default(),
            allow: Allow::default(),
            source: source.clone(),
        }
    }
}

/// `dir/drain-nodes.rhai` is called `drain-nodes`.
fn stem(name: &str) -> &str {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    file.strip_suffix(".rhai").filter(|stem| !stem.is_empty()).unwrap_or(file)
}

fn read_header(header: &Header, source: &Arc<SourceText>, reserved: &[&str]) -> Result<Runbook, Vec<HeaderError>> {
    let fence = Span::point(source.name(), header.line, 1);
    let document = match yaml::read_optional(&header.yaml, source.name(), &Budget::default()) {
        Ok(Some(document)) => document,
        Ok(None) => return Err(vec![HeaderError { problem: HeaderProblem::Empty, span: fence }]),
        Err(error) => {
            let span = error.span().unwrap_or(fence);
            return Err(vec![HeaderError { problem: HeaderProblem::Yaml(error), span }]);
        }
    };
    let mut reader = Reader::default();
    let runbook = fields(&mut reader, document.node(), source, reserved);
    let mut errors: Vec<HeaderError> = reader.faults.into_iter().map(|fault| place(fault, &document, &fence)).collect();
    errors.sort_by_key(|error| error.span.start);
    match runbook {
        Some(runbook) if errors.is_empty() => Ok(runbook),
        _ => Err(errors),
    }
}

/// What the header as a whole lacks is shown at its fence.
fn place(fault: Fault, document: &Document, fence: &Span) -> HeaderError {
    let span = match fault.part {
        _ if fault.path.is_root() => fence.clone(),
        Part::Key => document.key_span(&fault.path),
        Part::Value => document.span(&fault.path),
    };
    HeaderError { problem: fault.problem, span }
}

fn fields(reader: &mut Reader, node: &Node, source: &Arc<SourceText>, reserved: &[&str]) -> Option<Runbook> {
    let root = FieldPath::root();
    let map = reader.map(node, &root)?;
    fixed(reader, map, "apiVersion", API_VERSION);
    fixed(reader, map, "kind", KIND);
    reader.only(map, &root, "the header", &KEYS);
    let name = required(reader, map, "name", "add `name: drain-nodes`, or what the runbook is called");
    let version = required(reader, map, "version", "add `version: 1.0.0`");
    let name = name.and_then(|(node, text)| match DnsLabel::parse(text) {
        Ok(name) => Some(name.as_str().to_owned()),
        Err(error) => {
            reader.wrong(&root.key("name"), node, "a DNS-1123 label", error.hint().as_deref());
            None
        }
    });
    let version = version.and_then(|(node, text)| match semver::Version::parse(text) {
        Ok(version) => Some(version),
        Err(error) => {
            let hint = format!("{error}; write it like `1.0.0`");
            reader.wrong(&root.key("version"), node, "a semantic version", Some(&hint));
            None
        }
    });
    let params = map.get("params").map(|params| schema::read(reader, params, &root.key("params"), reserved));
    let allow = map.get("allow").map(|allow| allow::read(reader, allow, &root.key("allow")));
    Some(Runbook {
        name: name?,
        version: Some(version?),
        title: None,
        description: String::new(),
        params: params.unwrap_or_default(),
        allow: allow.unwrap_or_default(),
        source: source.clone(),
    })
}

fn fixed(reader: &mut Reader, map: &Map, key: &str, wanted: &str) {
    let hint = format!("add `{key}: {wanted}`; an example in YAML is fenced as `yml`");
    if let Some((node, text)) = required(reader, map, key, &hint)
        && text != wanted
    {
        reader.wrong(&FieldPath::of(&[key]), node, format!("`{wanted}`"), None);
    }
}

fn required<'n>(reader: &mut Reader, map: &'n Map, key: &str, hint: &str) -> Option<(&'n Node, &'n str)> {
    let root = FieldPath::root();
    match map.get(key) {
        Some(node) => reader.text(node, &root.key(key)).map(|text| (node, text)),
        None => {
            reader.missing(&root, key, "the header", hint);
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn takes_the_name_of_a_plain_script_from_its_file() {
        for (file, name) in
            [("a/drain.rhai", "drain"), ("-e", "-e"), ("x", "x"), (".rhai", ".rhai"), ("a\\b.rhai", "b")]
        {
            assert_eq!(stem(file), name);
        }
    }
}
