//! Finds the item with the smallest value in a field.

use super::fields;
use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "list",
    name: "min_by",
    form: Form::Method(&[Type::List]),
    summary: "Finds the item with the smallest value at a path.",
    details: "Values compare as in `sort_by`.",
    params: &[Param { name: "path", kind: Type::Path, text: "Where the value stands.", default: None }],
    options: &[],
    returns: Returns { kind: Type::Any, text: "The first such item; `()` where no item has the field." },
    errors: &[codes::FIELD_PATH, codes::UNKNOWN_FIELD],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "By restarts",
            source: r#"[#{n: "a", r: 3}, #{n: "b"}, #{n: "c", r: 1}].min_by("r").n"#,
            result: Expect::Json(r#""c""#),
        },
        Example { title: "Of none", source: r#"[].min_by("r")"#, result: Expect::Json("null") },
    ],
    run: |call| min_by(call),
};

fn min_by(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (items, path) = (call.sequence()?, fields::path(call)?);
    let values = fields::values(call, &items, &path)?;
    let mut best: Option<usize> = None;
    for at in (0..values.len()).filter(|at| !values[*at].is_null()) {
        if best.is_none_or(|best| fields::compare(&values[at], &values[best]).is_lt()) {
            best = Some(at);
        }
    }
    Ok(best.map(|at| items.item(at)).unwrap_or_default())
}
