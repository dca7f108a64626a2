//! A text of one YAML document, which may be empty: a header, a file of values.

use crate::value::yaml::{self, Document};
use crate::value::{Budget, FieldPath, ValueError};

/// The document of a text; none if it holds nothing but comments.
///
/// # Errors
/// The text does not parse, or holds several documents: which one is meant is not guessed.
pub(crate) fn read(text: &str, name: &str) -> Result<Option<Document>, ValueError> {
    let mut documents = yaml::read_documents(text, name, &Budget::default())?;
    match &documents[..] {
        [_, second, ..] => Err(ValueError::Yaml {
            problem: format!("{} documents, where one is expected", documents.len()),
            span: second.span(&FieldPath::root()),
            hint: None,
        }),
        _ => Ok(documents.pop()),
    }
}
