//! Specs as data, for tools: what `rutter doc -o json` prints.

use super::TopicError;
use super::reference::specs;
use crate::host::{Expect, Spec};
use crate::value::{Map, Node};

/// The functions that a topic names (a function or a group), or all of them: `{version: 1, functions: […]}`.
///
/// # Errors
/// [`TopicError`] where it names none.
pub fn described(topic: Option<&str>) -> Result<Node, TopicError> {
    let wanted =
        |spec: &&Spec| topic.is_none_or(|topic| spec.full_name() == topic || spec.name == topic || spec.group == topic);
    let chosen: Vec<Node> = specs().into_iter().filter(wanted).map(as_node).collect();
    match topic {
        Some(topic) if chosen.is_empty() => Err(TopicError::unknown(topic)),
        _ => Ok(Node::from([("version", 1_i64.into()), ("functions", Node::list(chosen))])),
    }
}

fn as_node(spec: &Spec) -> Node {
    let argument = |name: &str, kind: &str, text: &str, default: Option<&str>| {
        Node::from([("name", name.into()), ("type", kind.into()), ("text", text.into()), ("default", default.into())])
    };
    let params = spec.params.iter().map(|param| argument(param.name, param.kind.word(), param.text, param.default));
    let options =
        spec.options.iter().map(|option| argument(option.name, option.kind.word(), option.text, Some(option.default)));
    let examples = spec.examples.iter().map(|example| {
        let mut map: Map = [("title", example.title), ("source", example.source)].into_iter().collect();
        match example.result {
            Expect::Json(json) => map.insert("result", json),
            Expect::Error(code) => map.insert("error", code.name()),
            Expect::Cluster => None,
        };
        Node::map(map)
    });
    Node::from([
        ("name", spec.full_name().into()),
        ("group", spec.group.into()),
        ("signature", spec.signature().into()),
        ("summary", spec.summary.into()),
        ("details", spec.details.into()),
        ("params", Node::list(params.collect())),
        ("options", Node::list(options.collect())),
        ("returns", argument("", spec.returns.kind.word(), spec.returns.text, None)),
        ("errors", Node::list(spec.errors.iter().map(|code| code.name().into()).collect())),
        ("effect", spec.effect.word().into()),
        ("since", spec.since.into()),
        ("examples", Node::list(examples.collect())),
    ])
}
