//! Tells whether a field is there.

use super::walk;
use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Sequence, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "object",
    name: "has",
    form: Form::Method(&[Type::Object]),
    summary: "Tells whether there is a value at a path. A field that is null counts as absent.",
    details: "",
    params: &[Param { name: "path", kind: Type::Path, text: "Where the field stands.", default: None }],
    options: &[],
    returns: Returns { kind: Type::Boolean, text: "Whether there is one." },
    errors: &[codes::FIELD_PATH],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "There",
            source: r#"#{spec: #{replicas: 0}}.has("spec.replicas")"#,
            result: Expect::Json("true"),
        },
        Example { title: "Not there", source: r#"#{spec: #{}}.has("spec.replicas")"#, result: Expect::Json("false") },
    ],
    run: |call| has(call),
};

fn has(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let path = call.path(0)?;
    let value = walk::read(call, &path)?;
    // What stands for several fields reads as a list, which may be empty.
    Ok(value
        .and_then(|value| {
            Sequence::of(&value).filter(|_| path.is_several()).map_or(Some(true), |all| (!all.is_empty()).into())
        })
        .unwrap_or(false)
        .into())
}
