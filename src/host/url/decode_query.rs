//! Reads a query.

use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type, from_node};
use crate::value::{Map, Node};
use rhai::Dynamic;
use std::sync::Arc;
use url::form_urlencoded;

pub(super) const SPEC: Spec = Spec {
    group: "url",
    name: "decode_query",
    form: Form::Namespaced,
    summary: "Reads the query of a URL or the body of a form.",
    details: "",
    params: &[Param { name: "query", kind: Type::Text, text: "The query.", default: None }],
    options: &[],
    returns: Returns {
        kind: Type::Object,
        text: "A map from name to text; to a list of texts where a name stands more than once.",
    },
    errors: &[],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[Example {
        title: "Two",
        source: r#"url::decode_query("q=a+b&tag=x&tag=2")"#,
        result: Expect::Json(r#"{"q":"a b","tag":["x","2"]}"#),
    }],
    run: |call| decode_query(call),
};

fn decode_query(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let text = call.text(0)?;
    let mut map = Map::new();
    for (name, value) in form_urlencoded::parse(text.trim_start_matches('?').as_bytes()) {
        let value = Node::from(&*value);
        match map.get_mut(&name) {
            None => drop(map.insert(&*name, value)),
            Some(Node::List(items)) => Arc::make_mut(items).push(value),
            Some(first) => *first = Node::list(vec![first.clone(), value]),
        }
    }
    Ok(from_node(&Node::map(map)))
}
