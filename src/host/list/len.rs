//! Counts the items.

use super::fields;
use crate::host::{Call, Effect, Example, Expect, Form, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "list",
    name: "len",
    form: Form::Method(&[Type::List]),
    summary: "Counts the items.",
    details: "",
    params: &[],
    options: &[],
    returns: Returns { kind: Type::Integer, text: "How many there are." },
    errors: &[],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[Example { title: "Two", source: r#"yaml::decode("[a, b]").len()"#, result: Expect::Json("2") }],
    run: |call| len(call),
};

fn len(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    Ok(Dynamic::from_int(i64::try_from(fields::length(call)).unwrap_or(i64::MAX)))
}
