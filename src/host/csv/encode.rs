//! Writes a table of comma-separated values.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Failure, Form, Opt, Param, Returns, Spec, Thrown, Type};
use crate::value::{Map, Node};
use rhai::Dynamic;
use std::collections::HashSet;
use std::sync::Arc;

pub(super) const SPEC: Spec = Spec {
    group: "csv",
    name: "encode",
    form: Form::Namespaced,
    summary: "Writes rows as comma-separated values (RFC 4180).",
    details: "Rows that are maps get a header; its columns are the keys of all rows in the order in which they first come, or those of the option. An absent value is an empty cell.",
    params: &[Param { name: "rows", kind: Type::List, text: "Maps or lists.", default: None }],
    options: &[
        Opt { name: "columns", kind: Type::List, text: "The columns, in order.", default: "all keys" },
        Opt {
            name: "delimiter",
            kind: Type::Text,
            text: "What stands between two values: one ASCII character.",
            default: "`,`",
        },
    ],
    returns: Returns { kind: Type::Text, text: "The table, each row ended by a line break." },
    errors: &[codes::UNREPRESENTABLE, codes::INVALID_ARGUMENT],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "Maps",
            source: r#"csv::encode([#{name: "web", zone: "a"}, #{name: "x, y", zone: ()}], #{ columns: ["name", "zone"] })"#,
            result: Expect::Json(r#""name,zone\nweb,a\n\"x, y\",\n""#),
        },
        Example {
            title: "Lists",
            source: r#"csv::encode([["web", 1], ["api", true]])"#,
            result: Expect::Json(r#""web,1\napi,true\n""#),
        },
        Example {
            title: "A map in a cell",
            source: "csv::encode([[#{}]])",
            result: Expect::Error(codes::UNREPRESENTABLE),
        },
    ],
    run: |call| encode(call),
};

fn encode(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (rows, delimiter) = (call.items(0)?.nodes()?, super::delimiter(call)?);
    let columns = columns(call, &rows)?;
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).flexible(true).from_writer(Vec::new());
    let mut write = |cells: Vec<String>| writer.write_record(cells).map_err(|error| failed(&error));
    if !columns.is_empty() {
        write(columns.clone())?;
    }
    for (at, row) in rows.iter().enumerate() {
        let cells: Result<Vec<String>, Failure> = match row {
            Node::Map(map) => columns.iter().map(|column| cell(at, map.get(column).unwrap_or(&Node::Null))).collect(),
            Node::List(items) => items.iter().map(|item| cell(at, item)).collect(),
            other => Err(no_row(at, other)),
        };
        write(cells?)?;
    }
    let bytes = writer.into_inner().map_err(|error| failed(&error))?;
    Ok(String::from_utf8(bytes).map_err(|error| failed(&error))?.into())
}

/// The columns that were asked for, or the keys of all maps in the order in which they first come.
fn columns(call: &Call<'_, '_>, rows: &[Node]) -> Result<Vec<String>, Failure> {
    if let Some(wanted) = call.option("columns") {
        return wanted.as_list().unwrap_or_default().iter().map(|name| cell(0, name)).collect();
    }
    let mut seen = HashSet::new();
    let keys = rows.iter().filter_map(Node::as_map).flat_map(Map::keys);
    Ok(keys.filter(|key| seen.insert(Arc::clone(key))).map(ToString::to_string).collect())
}

fn cell(row: usize, value: &Node) -> Result<String, Failure> {
    match value {
        Node::Null => Ok(String::new()),
        Node::Str(text) => Ok(text.to_string()),
        Node::List(_) | Node::Map(_) => {
            let message = format!("row {row} has {} in a cell", value.description());
            Err(Failure::new(codes::UNREPRESENTABLE, message).hint("make a text of it first: `json::encode(value)`"))
        }
        number => Ok(number.to_string()),
    }
}

fn no_row(at: usize, value: &Node) -> Failure {
    Failure::new(codes::UNREPRESENTABLE, format!("row {at} is {}, not a map or a list", value.description()))
}

fn failed(error: &dyn std::fmt::Display) -> Failure {
    Failure::new(codes::UNREPRESENTABLE, format!("the table cannot be written: {error}"))
}
