//! `rutter doc TOPIC`: the page of whatever the topic names.

use super::reference::specs;
use super::{GROUP_TITLES, STDLIB, error_page, function_page, group_page, index_page, module_page};
use crate::diag::{Code, Explain, codes, did_you_mean};
use crate::host::Spec;

/// A topic that names nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("nothing is called `{topic}`")]
pub struct TopicError {
    /// What was asked for.
    pub topic: String,
    /// What it may have meant.
    pub hint: Option<String>,
}

impl Explain for TopicError {
    fn code(&self) -> Code {
        codes::USAGE
    }

    fn hint(&self) -> Option<String> {
        Some(self.hint.clone().unwrap_or_else(|| "`rutter doc` lists everything".to_owned()))
    }
}

/// The page of a function (`cluster.wait`, `wait`), a group (`yaml`), a module (`std/nodes`) or an error code (`E0311`);
/// without a topic the list of all functions. Markdown.
///
/// # Errors
/// [`TopicError`] with a suggestion.
pub fn topic(topic: Option<&str>) -> Result<String, TopicError> {
    let Some(topic) = topic else { return Ok(index_page()) };
    if let Some(code) = Code::find(topic) {
        return Ok(error_page(code).to_owned());
    }
    if let Some((name, text)) =
        topic.strip_prefix("std/").and_then(|name| STDLIB.iter().find(|(known, _)| *known == name))
    {
        return Ok(module_page(name, text));
    }
    let matching: Vec<&Spec> =
        specs().into_iter().filter(|spec| spec.full_name() == topic || spec.name == topic).collect();
    if !matching.is_empty() {
        return Ok(matching.into_iter().map(function_page).collect::<Vec<_>>().join("\n"));
    }
    if GROUP_TITLES.iter().any(|(group, _)| *group == topic) {
        return Ok(group_page(topic));
    }
    Err(TopicError::unknown(topic))
}

impl TopicError {
    pub(super) fn unknown(topic: &str) -> Self {
        Self { topic: topic.to_owned(), hint: suggestion(topic) }
    }
}

fn suggestion(topic: &str) -> Option<String> {
    let mut names: Vec<String> = specs().iter().flat_map(|spec| [spec.full_name(), spec.name.to_owned()]).collect();
    names.extend(STDLIB.iter().map(|(name, _)| format!("std/{name}")));
    names.extend(GROUP_TITLES.iter().map(|(group, _)| (*group).to_owned()));
    did_you_mean(topic, names.iter().map(String::as_str))
}
