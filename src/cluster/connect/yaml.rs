//! The text of a kubeconfig as a tree. The reader's messages may quote the text, which may hold secrets: of those that
//! can, only the place is kept.

use super::ConnectError;
use crate::diag::Explain;
use crate::value::{Budget, Node, ValueError, yaml};
use std::path::Path;

pub(super) fn parse(path: &Path, text: &str) -> Result<Node, ConnectError> {
    let name = path.display().to_string();
    let invalid = |problem: String, place| ConnectError::Kubeconfig { path: path.to_path_buf(), problem, place };
    let documents = yaml::read_documents(text, &name, &Budget::default()).map_err(|error| {
        let place = error.span().map(|span| (span.start.line, span.start.column));
        let problem = match &error {
            ValueError::DuplicateKey { .. } | ValueError::Budget { .. } => error.to_string(),
            _ => "it is no valid YAML".to_owned(),
        };
        invalid(problem, place)
    })?;
    let mut documents = documents.into_iter();
    match (documents.next(), documents.next()) {
        (None, _) => Ok(Node::Null),
        (Some(document), None) => Ok(document.into_node()),
        (Some(_), Some(_)) => Err(invalid("it holds more than one document".to_owned(), None)),
    }
}
