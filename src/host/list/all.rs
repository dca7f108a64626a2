//! Tells whether a closure says yes to every item.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "list",
    name: "all",
    form: Form::Method(&[Type::List]),
    summary: "Tells whether the closure gives `true` for every item. Asks no further once it does not.",
    details: "",
    params: &[Param {
        name: "test",
        kind: Type::Closure(1),
        text: "Called with each item; must give a boolean.",
        default: None,
    }],
    options: &[],
    returns: Returns { kind: Type::Boolean, text: "Whether it does; `true` for an empty list." },
    errors: &[],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "All running",
            source: r#"[#{phase: "Running"}, #{phase: "Failed"}].all(|pod| pod.phase == "Running")"#,
            result: Expect::Json("false"),
        },
        Example { title: "No boolean", source: "[1].all(|n| n + 1)", result: Expect::Error(codes::WRONG_TYPE) },
    ],
    run: |call| all(call),
};

fn all(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (items, test) = (call.sequence()?, call.closure(0)?);
    for at in 0..items.len() {
        if !test.test((items.item(at),))? {
            return Ok(false.into());
        }
    }
    Ok(true.into())
}
