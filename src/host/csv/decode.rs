//! Reads a table of comma-separated values.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Failure, Form, Opt, Param, Returns, Spec, Thrown, Type, from_node};
use crate::value::Key;
use crate::value::{Budget, Node};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "csv",
    name: "decode",
    form: Form::Namespaced,
    summary: "Reads a table of comma-separated values (RFC 4180).",
    details: "All values are texts. Every row must have as many as the first.",
    params: &[Param { name: "text", kind: Type::Text, text: "The table.", default: None }],
    options: &[
        Opt { name: "header", kind: Type::Boolean, text: "Whether the first row names the columns.", default: "true" },
        Opt {
            name: "delimiter",
            kind: Type::Text,
            text: "What stands between two values: one ASCII character.",
            default: "`,`",
        },
    ],
    returns: Returns {
        kind: Type::List,
        text: "The rows: maps from column to text, or lists of texts where there is no header.",
    },
    errors: &[codes::DECODE, codes::DUPLICATE_KEY, codes::VALUE_BUDGET],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "With a header",
            source: r#"csv::decode("name,zone\nweb,a\n\"x, y\",b\n")"#,
            result: Expect::Json(r#"[{"name":"web","zone":"a"},{"name":"x, y","zone":"b"}]"#),
        },
        Example {
            title: "Without a header",
            source: r#"csv::decode("web;a", #{ header: false, delimiter: ";" })"#,
            result: Expect::Json(r#"[["web","a"]]"#),
        },
        Example {
            title: "A short row",
            source: r#"csv::decode("name,zone\nweb")"#,
            result: Expect::Error(codes::DECODE),
        },
    ],
    run: |call| decode(call),
};

fn decode(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (text, delimiter) = (call.text(0)?, super::delimiter(call)?);
    let has_header = call.option("header").and_then(Node::as_bool).unwrap_or(true);
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).has_headers(has_header).from_reader(text.as_bytes());
    let columns = if has_header { columns(reader.headers().map_err(|error| malformed(&error))?)? } else { Vec::new() };
    let (mut rows, mut cells) = (Vec::new(), 0);
    for record in reader.records() {
        let record = record.map_err(|error| malformed(&error))?;
        cells += record.len();
        if cells > Budget::default().nodes {
            return Err(Failure::new(codes::VALUE_BUDGET, "the table has more than 2000000 cells").into());
        }
        let texts = record.iter().map(Node::from);
        rows.push(if has_header {
            Node::map(columns.iter().cloned().zip(texts).collect())
        } else {
            Node::list(texts.collect())
        });
    }
    Ok(from_node(&Node::list(rows)))
}

/// The names of the columns, each shared by all rows.
fn columns(header: &csv::StringRecord) -> Result<Vec<Key>, Failure> {
    let mut columns: Vec<Key> = Vec::new();
    for name in header {
        if columns.iter().any(|known| &**known == name) {
            return Err(Failure::new(codes::DUPLICATE_KEY, format!("two columns are called `{name}`"))
                .hint("read it with `#{ header: false }`"));
        }
        columns.push(name.into());
    }
    Ok(columns)
}

fn malformed(error: &csv::Error) -> Failure {
    let message = match error.kind() {
        csv::ErrorKind::UnequalLengths { pos, expected_len, len } => {
            let line = pos.as_ref().map_or(0, csv::Position::line);
            format!("the row at line {line} has {len} cells, the first row has {expected_len}")
        }
        _ => format!("the table does not parse: {error}"),
    };
    Failure::new(codes::DECODE, message)
}
