//! Writes a map as TOML.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Failure, Form, Param, Returns, Spec, Thrown, Type};
use crate::value::{FieldPath, Node, Step};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "toml",
    name: "encode",
    form: Form::Namespaced,
    summary: "Writes a map as TOML.",
    details: "TOML has no null and no integer above 9223372036854775807: both are errors. Keys are sorted, plain values before tables.",
    params: &[Param { name: "value", kind: Type::Object, text: "What to write.", default: None }],
    options: &[],
    returns: Returns { kind: Type::Text, text: "The TOML." },
    errors: &[codes::UNREPRESENTABLE],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "A table",
            source: r#"toml::encode(#{server: #{port: 8080, names: ["a", "b"]}})"#,
            result: Expect::Json(r#""[server]\nnames = [\"a\", \"b\"]\nport = 8080\n""#),
        },
        Example {
            title: "Null has no form",
            source: "toml::encode(#{a: #{b: ()}})",
            result: Expect::Error(codes::UNREPRESENTABLE),
        },
    ],
    run: |call| encode(call),
};

fn encode(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let value = table(&call.node(0)?, &FieldPath::root())?;
    let text = toml::to_string(&value).map_err(|error| Failure::new(codes::UNREPRESENTABLE, error.to_string()))?;
    Ok(text.into())
}

fn table(value: &Node, path: &FieldPath) -> Result<toml::Value, Failure> {
    Ok(match value {
        Node::Bool(flag) => toml::Value::Boolean(*flag),
        Node::Int(number) => toml::Value::Integer(*number),
        Node::Float(number) => toml::Value::Float(*number),
        Node::Str(text) => toml::Value::String(text.to_string()),
        Node::List(items) => {
            let items = items
                .iter()
                .enumerate()
                .map(|(at, item)| table(item, &path.join(Step::Index(i64::try_from(at).unwrap_or(i64::MAX)))));
            toml::Value::Array(items.collect::<Result<_, _>>()?)
        }
        Node::Map(map) => {
            let entries = map.iter().map(|(key, value)| Ok((key.to_string(), table(value, &path.key(key))?)));
            toml::Value::Table(entries.collect::<Result<_, Failure>>()?)
        }
        Node::Null | Node::UInt(_) => {
            let message = format!("TOML has no form for {value}, which stands at {path}");
            return Err(
                Failure::new(codes::UNREPRESENTABLE, message).hint("take the key out with `object.remove(path)`")
            );
        }
    })
}
