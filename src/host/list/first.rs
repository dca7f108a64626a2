//! Gives the first item.

use super::fields;
use crate::host::{Call, Effect, Example, Expect, Form, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "list",
    name: "first",
    form: Form::Method(&[Type::List]),
    summary: "Gives the first item.",
    details: "",
    params: &[],
    options: &[],
    returns: Returns { kind: Type::Any, text: "The item, or `()` for an empty list." },
    errors: &[],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example { title: "Of three", source: "[1, 2, 3].first()", result: Expect::Json("1") },
        Example { title: "Of none", source: "[].first()", result: Expect::Json("null") },
    ],
    run: |call| first(call),
};

fn first(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    Ok(fields::item(call, 0))
}
