//! Sorts by the value of a field.

use super::fields;
use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Opt, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "list",
    name: "sort_by",
    form: Form::Method(&[Type::List]),
    summary: "Sorts the items by the value at a path into a new list. Items with equal values keep their order.",
    details: "The order is `false`, `true`, numbers, texts by their bytes, anything else. Items without the field come last, descending too. To sort a list of plain values, use the path `.`.",
    params: &[Param { name: "path", kind: Type::Path, text: "Where the value stands.", default: None }],
    options: &[Opt { name: "descending", kind: Type::Boolean, text: "The largest first.", default: "false" }],
    returns: Returns { kind: Type::List, text: "The items, sorted; the receiver stays as it is." },
    errors: &[codes::FIELD_PATH, codes::UNKNOWN_FIELD],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "By restarts",
            source: r#"[#{n: "a", r: 3}, #{n: "b"}, #{n: "c", r: 1}].sort_by("r").map(|pod| pod.n)"#,
            result: Expect::Json(r#"["c","a","b"]"#),
        },
        Example {
            title: "Largest first",
            source: r#"[2, 10, 1].sort_by(".", #{ descending: true })"#,
            result: Expect::Json("[10,2,1]"),
        },
    ],
    run: |call| sort_by(call),
};

fn sort_by(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (items, path, descending) = (call.sequence()?, fields::path(call)?, call.flag("descending"));
    let values = fields::values(call, &items, &path)?;
    let mut places: Vec<usize> = (0..values.len()).collect();
    places.sort_by(|a, b| {
        let (a, b) = (&values[*a], &values[*b]);
        match (a.is_null(), b.is_null()) {
            (false, false) if descending => fields::compare(b, a),
            (false, false) => fields::compare(a, b),
            (a, b) => a.cmp(&b),
        }
    });
    Ok(items.select(&places))
}
