//! Tells whether there is no item.

use super::fields;
use crate::host::{Call, Effect, Example, Expect, Form, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "list",
    name: "is_empty",
    form: Form::Method(&[Type::List]),
    summary: "Tells whether there is no item.",
    details: "",
    params: &[],
    options: &[],
    returns: Returns { kind: Type::Boolean, text: "Whether there is none." },
    errors: &[],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example { title: "None", source: r#"yaml::decode("[]").is_empty()"#, result: Expect::Json("true") },
        Example { title: "One", source: "[1].is_empty()", result: Expect::Json("false") },
    ],
    run: |call| is_empty(call),
};

fn is_empty(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    Ok((fields::length(call) == 0).into())
}
