//! Writes a query.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Failure, Form, Param, Returns, Spec, Thrown, Type};
use crate::value::Node;
use rhai::Dynamic;
use url::form_urlencoded::Serializer;

pub(super) const SPEC: Spec = Spec {
    group: "url",
    name: "encode_query",
    form: Form::Namespaced,
    summary: "Writes a map as the query of a URL or the body of a form.",
    details: "A list gives its name once for each item; `()` gives nothing.",
    params: &[Param { name: "query", kind: Type::Object, text: "Names and values.", default: None }],
    options: &[],
    returns: Returns { kind: Type::Text, text: "The query, without `?`." },
    errors: &[codes::UNREPRESENTABLE],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "Two",
            source: r#"url::encode_query(#{ q: "a b", tag: ["x", 2] })"#,
            result: Expect::Json(r#""q=a+b&tag=x&tag=2""#),
        },
        Example {
            title: "A map in it",
            source: "url::encode_query(#{ q: #{} })",
            result: Expect::Error(codes::UNREPRESENTABLE),
        },
    ],
    run: |call| encode_query(call),
};

fn encode_query(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    Ok(encoded(&call.node(0)?)?.into())
}

/// The query of a map: a list gives its key once for each item, null gives nothing.
pub(super) fn encoded(query: &Node) -> Result<String, Failure> {
    let Some(map) = query.as_map() else {
        return Err(Failure::new(codes::UNREPRESENTABLE, format!("{} is no query", query.description())));
    };
    let mut writer = Serializer::new(String::new());
    for (key, value) in map.iter() {
        for item in value.as_list().unwrap_or(std::slice::from_ref(value)) {
            match item {
                Node::Null => {}
                Node::Str(text) => drop(writer.append_pair(key, text)),
                Node::List(_) | Node::Map(_) => {
                    let message = format!("`{key}` is {}, which no query can hold", item.description());
                    return Err(Failure::new(codes::UNREPRESENTABLE, message));
                }
                number => drop(writer.append_pair(key, &number.to_string())),
            }
        }
    }
    Ok(writer.finish())
}
