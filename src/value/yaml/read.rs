//! Whole YAML texts: documents with positions.

use super::super::position::{Part, Positions, extent, place, places};
use super::super::{Budget, FieldPath, Limit, Node, ValueError, json};
use super::compose::compose;
use super::look::foreign_break;
use crate::diag::{Place, Span};
use std::sync::Arc;

/// One document of a text, and where in the text its parts stand.
#[derive(Debug, Clone)]
pub struct Document {
    name: Arc<str>,
    node: Node,
    positions: Positions,
}

impl Document {
    /// The name of the text that it comes from.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its tree.
    #[must_use]
    pub fn node(&self) -> &Node {
        &self.node
    }

    /// Its tree; the positions are released.
    #[must_use]
    pub fn into_node(self) -> Node {
        self.node
    }

    /// Where the value at a path stands; of a path that leads nowhere, where its deepest existing part stands.
    ///
    /// What an alias repeats stands where the alias stands.
    #[must_use]
    pub fn span(&self, path: &FieldPath) -> Span {
        self.locate(path, Part::Value)
    }

    /// Where the key at a path stands; of an item or the document itself, where that stands.
    #[must_use]
    pub fn key_span(&self, path: &FieldPath) -> Span {
        self.locate(path, Part::Key)
    }

    fn locate(&self, path: &FieldPath, part: Part) -> Span {
        let known = path.prefix(self.node.reach(path).steps);
        let place = self.positions.find(&self.node, &known, part);
        Span { file: self.name.to_string(), start: place.unwrap_or(Place::new(1, 1)), length: 0 }
    }
}

/// Reads a text of any number of YAML documents, or of JSON documents if it begins with `{`, as kubectl does.
/// Empty documents and those that are just `null` are left out. `name` is what messages call the text.
///
/// # Errors
/// The text is not UTF-8 or not YAML, says what JSON cannot, has a key twice in one map, or is over its budget.
///
/// ```
/// use rutter::value::{Budget, FieldPath, yaml};
/// let documents = yaml::read_documents("---\nspec:\n  paused: on\n---\n", "web.yaml", &Budget::default())?;
/// assert_eq!(documents.len(), 1);
/// assert_eq!(documents[0].node().to_string(), r#"{"spec":{"paused":true}}"#);
/// assert_eq!(documents[0].span(&FieldPath::of(&["spec", "paused"])).start.line, 3);
/// # Ok::<(), rutter::value::ValueError>(())
/// ```
pub fn read_documents(text: impl AsRef<[u8]>, name: &str, budget: &Budget) -> Result<Vec<Document>, ValueError> {
    let bytes = text.as_ref();
    if bytes.len() > budget.bytes {
        return Err(ValueError::Budget {
            limit: Limit::Bytes,
            most: budget.bytes,
            span: Some(Span::point(name, 1, 1)),
        });
    }
    let text = decode(bytes, name)?;
    let shared: Arc<str> = name.into();
    let document = |(node, places)| Document { name: shared.clone(), node, positions: Positions::new(places) };
    let start = text.trim_start_matches('\u{feff}').trim_start();
    if start.starts_with('{') {
        match json_documents(bytes, name, budget) {
            Ok(composed) => return Ok(composed.into_iter().map(document).collect()),
            Err(error) if is_json(name) => return Err(error),
            // A flow map of YAML begins alike.
            Err(_) => {}
        }
    }
    if let Some((offset, (problem, hint))) = foreign_break(text) {
        let span = Span { file: name.to_owned(), start: place(bytes, offset), length: 0 };
        return Err(ValueError::Yaml { problem: problem.to_owned(), span, hint: Some(hint.to_owned()) });
    }
    Ok(compose(text, name, budget)?.into_iter().map(document).collect())
}

/// Reads a text of one document.
///
/// # Errors
/// As [`read_documents`]; and if there is no document, or more than one.
pub fn read_one(text: impl AsRef<[u8]>, name: &str, budget: &Budget) -> Result<Document, ValueError> {
    read_optional(text, name, budget)?
        .ok_or_else(|| refuse("the text holds no document".to_owned(), Span::point(name, 1, 1)))
}

/// Reads a text of one document or none: an empty file of values says nothing, which is no mistake.
///
/// # Errors
/// As [`read_documents`]; and if there is more than one document.
pub fn read_optional(text: impl AsRef<[u8]>, name: &str, budget: &Budget) -> Result<Option<Document>, ValueError> {
    let mut documents = read_documents(text, name, budget)?;
    match &*documents {
        [_, second, ..] => {
            let problem = format!("{} documents, where one is expected", documents.len());
            Err(refuse(problem, second.span(&FieldPath::root())))
        }
        _ => Ok(documents.pop()),
    }
}

fn refuse(problem: String, span: Span) -> ValueError {
    ValueError::Yaml { problem, span, hint: None }
}

fn is_json(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, extension)| extension.eq_ignore_ascii_case("json"))
}

fn json_documents(text: &[u8], name: &str, budget: &Budget) -> Result<Vec<(Node, Vec<Place>)>, ValueError> {
    let (nodes, offsets) = json::read_stream(text, name, budget)?;
    if nodes.len() > budget.documents {
        let span = Some(Span::point(name, 1, 1));
        return Err(ValueError::Budget { limit: Limit::Documents, most: budget.documents, span });
    }
    let mut places = places(text, &offsets).into_iter();
    let with_places = |node: Node| {
        let own = places.by_ref().take(extent(&node)).collect();
        (node, own)
    };
    Ok(nodes.into_iter().map(with_places).filter(|(node, _)| !node.is_null()).collect())
}

fn decode<'t>(bytes: &'t [u8], name: &str) -> Result<&'t str, ValueError> {
    let refuse = |problem: String, span| Err(ValueError::Encoding { problem, span: Some(span) });
    // With or without a byte order mark: YAML begins with an ASCII character.
    if let [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [1..=0xff, 0, ..] | [0, 1..=0xff, ..] = bytes {
        return refuse("the text is UTF-16, not UTF-8".to_owned(), Span::point(name, 1, 1));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text),
        Err(error) => {
            let at = error.valid_up_to();
            let start = place(bytes, at);
            refuse(format!("invalid UTF-8 at byte {at}"), Span { file: name.to_owned(), start, length: 0 })
        }
    }
}
