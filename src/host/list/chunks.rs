//! Cuts a list into lists of a size.

use super::fields;
use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "list",
    name: "chunks",
    form: Form::Method(&[Type::List]),
    summary: "Cuts the list into lists of a given size; the last one may be shorter.",
    details: "",
    params: &[Param { name: "size", kind: Type::Integer, text: "How many items each has.", default: None }],
    options: &[],
    returns: Returns { kind: Type::List, text: "An array of the lists." },
    errors: &[codes::INVALID_ARGUMENT],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example { title: "Two by two", source: "[1, 2, 3, 4, 5].chunks(2)", result: Expect::Json("[[1,2],[3,4],[5]]") },
        Example { title: "Of no size", source: "[1].chunks(0)", result: Expect::Error(codes::INVALID_ARGUMENT) },
    ],
    run: |call| chunks(call),
};

fn chunks(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (items, size) = (call.sequence()?, fields::count(call)?);
    if size == 0 {
        return Err(call.invalid("`size`", "a list of no items is no part", None).into());
    }
    let places: Vec<usize> = (0..items.len()).collect();
    Ok(Dynamic::from_array(places.chunks(size).map(|part| items.select(part)).collect()))
}
