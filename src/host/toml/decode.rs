//! Reads a TOML text.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Failure, Form, Param, Returns, Spec, Thrown, Type, from_node};
use crate::value::{Map, Node};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "toml",
    name: "decode",
    form: Form::Namespaced,
    summary: "Reads a TOML text.",
    details: "Dates and times become texts. `inf` and `nan` are errors: no document can hold them.",
    params: &[Param { name: "text", kind: Type::Text, text: "The TOML.", default: None }],
    options: &[],
    returns: Returns { kind: Type::Object, text: "The value." },
    errors: &[codes::DECODE, codes::UNREPRESENTABLE],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "A table",
            source: r#"toml::decode("[server]\nport = 8080\nup = true")"#,
            result: Expect::Json(r#"{"server":{"port":8080,"up":true}}"#),
        },
        Example {
            title: "A date is a text",
            source: r#"toml::decode("day = 2026-01-31").day"#,
            result: Expect::Json(r#""2026-01-31""#),
        },
        Example { title: "No TOML", source: r#"toml::decode("a = ")"#, result: Expect::Error(codes::DECODE) },
    ],
    run: |call| decode(call),
};

fn decode(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let text = call.text(0)?;
    let table: toml::Table = text.parse().map_err(|error| malformed(&text, &error))?;
    Ok(from_node(&node(toml::Value::Table(table))?))
}

fn malformed(text: &str, error: &toml::de::Error) -> Failure {
    let place = error.span().map(|span| {
        let before = text.get(..span.start).unwrap_or(text);
        let column = before.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1;
        format!("line {}, column {column}: ", before.matches('\n').count() + 1)
    });
    Failure::new(codes::DECODE, format!("the TOML does not parse: {}{}", place.unwrap_or_default(), error.message()))
}

fn node(value: toml::Value) -> Result<Node, Failure> {
    Ok(match value {
        toml::Value::String(text) => text.into(),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Boolean(flag) => flag.into(),
        toml::Value::Datetime(time) => time.to_string().into(),
        toml::Value::Float(number) if number.is_finite() => Node::Float(number),
        toml::Value::Float(number) => {
            return Err(Failure::new(codes::UNREPRESENTABLE, format!("the TOML has {number}, which is no value")));
        }
        toml::Value::Array(items) => Node::list(items.into_iter().map(node).collect::<Result<_, _>>()?),
        toml::Value::Table(table) => {
            let mut map = Map::new();
            for (key, value) in table {
                map.insert(key, node(value)?);
            }
            Node::map(map)
        }
    })
}
