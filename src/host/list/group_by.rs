//! Sorts items into groups by the value of a field.

use super::fields;
use crate::diag::codes;
use crate::host::handle::Shape;
use crate::host::{Call, Effect, Example, Expect, Form, List, Object, Param, Returns, Sequence, Spec, Thrown, Type};
use crate::value::{FieldPath, Map, Node};
use rhai::Dynamic;
use std::collections::HashMap;

pub(super) const SPEC: Spec = Spec {
    group: "list",
    name: "group_by",
    form: Form::Method(&[Type::List]),
    summary: "Sorts the items into groups by the value at a path.",
    details: "Groups stand in the order in which their first item came. An item without the field is in the group `(none)`. \
              Printed for people, groups are a table of each value and its number of items.",
    params: &[Param { name: "path", kind: Type::Path, text: "Where the value stands.", default: None }],
    options: &[],
    returns: Returns { kind: Type::Object, text: "A map from the value, as text, to the list of its items." },
    errors: &[codes::FIELD_PATH, codes::UNKNOWN_FIELD],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "People by team",
            source: r#"[#{n: 1, team: "a"}, #{n: 2}, #{n: 3, team: "a"}].group_by("team")"#,
            result: Expect::Json(r#"{"a":[{"n":1,"team":"a"},{"n":3,"team":"a"}],"(none)":[{"n":2}]}"#),
        },
        Example {
            title: "Pods by phase",
            source: r#"cluster.list("Pod", #{ namespace: "*" }).group_by("status.phase")"#,
            result: Expect::Cluster,
        },
    ],
    run: |call| group_by(call),
};

fn group_by(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (items, path) = (call.sequence()?, fields::path(call)?);
    fields::check(call, &items, &path)?;
    let shape = match &items {
        Sequence::Nodes(List { shape: Shape::Live(live), .. }) => Shape::Each(live.clone()),
        _ => Shape::Free,
    };
    let node = Node::map(groups(&items.nodes()?, &path));
    Ok(Dynamic::from(Object { node, shape }))
}

/// The items by the value at `path`.
pub(crate) fn groups(items: &[Node], path: &FieldPath) -> Map {
    let mut order: Vec<(String, Vec<Node>)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for item in items {
        let key = group_name(item.lookup(path));
        let at = *places.entry(key).or_insert_with_key(|key| {
            order.push((key.clone(), Vec::new()));
            order.len() - 1
        });
        order[at].1.push(item.clone());
    }
    order.into_iter().map(|(key, items)| (key, Node::list(items))).collect()
}

/// How a value names its group: texts as they are, the rest as JSON, absent or null as `(none)`.
pub(crate) fn group_name(value: Option<&Node>) -> String {
    match value {
        None | Some(Node::Null) => "(none)".to_owned(),
        Some(Node::Str(text)) => text.to_string(),
        Some(other) => other.to_string(),
    }
}
