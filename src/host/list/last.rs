//! Gives the last item.

use super::fields;
use crate::host::{Call, Effect, Example, Expect, Form, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "list",
    name: "last",
    form: Form::Method(&[Type::List]),
    summary: "Gives the last item.",
    details: "",
    params: &[],
    options: &[],
    returns: Returns { kind: Type::Any, text: "The item, or `()` for an empty list." },
    errors: &[],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example { title: "Of three", source: "[1, 2, 3].last()", result: Expect::Json("3") },
        Example { title: "Of none", source: "[].last()", result: Expect::Json("null") },
    ],
    run: |call| last(call),
};

fn last(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    Ok(fields::length(call).checked_sub(1).map(|at| fields::item(call, at)).unwrap_or_default())
}
