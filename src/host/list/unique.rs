//! Leaves out items that came before.

use super::fields;
use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use crate::value::FieldPath;
use rhai::Dynamic;
use std::collections::HashSet;

pub(super) const SPEC: Spec = Spec {
    group: "list",
    name: "unique",
    form: Form::Method(&[Type::List]),
    summary: "Keeps the first item of each value at a path.",
    details: "Items without the field share one value: absent.",
    params: &[Param { name: "path", kind: Type::Path, text: "Where the value stands.", default: Some(r#"".""#) }],
    options: &[],
    returns: Returns { kind: Type::List, text: "The items that were kept, in their order." },
    errors: &[codes::FIELD_PATH, codes::UNKNOWN_FIELD],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example { title: "Texts", source: r#"["a", "b", "a"].unique()"#, result: Expect::Json(r#"["a","b"]"#) },
        Example {
            title: "By node",
            source: r#"[#{n: 1, node: "x"}, #{n: 2, node: "x"}].unique("node")"#,
            result: Expect::Json(r#"[{"n":1,"node":"x"}]"#),
        },
    ],
    run: |call| unique(call),
};

fn unique(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let items = call.sequence()?;
    let path = if call.is_given(0) { fields::path(call)? } else { FieldPath::root() };
    let mut seen = HashSet::new();
    let mut places = Vec::new();
    for (at, value) in fields::values(call, &items, &path)?.iter().enumerate() {
        if seen.insert(value.to_string()) {
            places.push(at);
        }
    }
    Ok(items.select(&places))
}
