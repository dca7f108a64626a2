//! Gives the first items.

use super::fields;
use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "list",
    name: "take",
    form: Form::Method(&[Type::List]),
    summary: "Gives the first items.",
    details: "",
    params: &[Param { name: "count", kind: Type::Integer, text: "How many to take.", default: None }],
    options: &[],
    returns: Returns { kind: Type::List, text: "The items; fewer where the list has no more." },
    errors: &[codes::INVALID_ARGUMENT],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example { title: "Two", source: "[1, 2, 3].take(2)", result: Expect::Json("[1,2]") },
        Example { title: "More than there are", source: "[1].take(2)", result: Expect::Json("[1]") },
        Example { title: "A negative number", source: "[1].take(-1)", result: Expect::Error(codes::INVALID_ARGUMENT) },
    ],
    run: |call| take(call),
};

fn take(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (items, count) = (call.sequence()?, fields::count(call)?);
    Ok(items.select(&(0..count.min(items.len())).collect::<Vec<_>>()))
}
