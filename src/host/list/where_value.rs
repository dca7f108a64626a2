//! Keeps the items with a value in a field.

use super::fields;
use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "list",
    name: "where",
    form: Form::Method(&[Type::List]),
    summary: "Keeps the items that have the value at a path.",
    details: "Compares as `==` does, but without calling the script for each item. `()` keeps the items without the field.",
    params: &[
        Param { name: "path", kind: Type::Path, text: "Where the value stands.", default: None },
        Param { name: "value", kind: Type::Any, text: "The value to keep.", default: None },
    ],
    options: &[],
    returns: Returns { kind: Type::List, text: "The items that were kept, in their order." },
    errors: &[codes::FIELD_PATH, codes::UNKNOWN_FIELD],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "By phase",
            source: r#"[#{n: 1, phase: "Running"}, #{n: 2, phase: "Failed"}].where("phase", "Failed")"#,
            result: Expect::Json(r#"[{"n":2,"phase":"Failed"}]"#),
        },
        Example {
            title: "Without the field",
            source: r#"[#{n: 1, owner: "a"}, #{n: 2}].where("owner", ())"#,
            result: Expect::Json(r#"[{"n":2}]"#),
        },
    ],
    run: |call| where_value(call),
};

fn where_value(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (items, path, wanted) = (call.sequence()?, fields::path(call)?, call.node(1)?);
    let values = fields::values(call, &items, &path)?;
    let places: Vec<usize> = (0..values.len()).filter(|at| fields::same(&values[*at], &wanted)).collect();
    Ok(items.select(&places))
}
