//! Tells whether a closure says yes to an item.

use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "list",
    name: "any",
    form: Form::Method(&[Type::List]),
    summary: "Tells whether the closure gives `true` for at least one item. Asks no further once it does.",
    details: "",
    params: &[Param {
        name: "test",
        kind: Type::Closure(1),
        text: "Called with each item; must give a boolean.",
        default: None,
    }],
    options: &[],
    returns: Returns { kind: Type::Boolean, text: "Whether there is one; `false` for an empty list." },
    errors: &[],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[Example {
        title: "A failed pod",
        source: r#"[#{phase: "Running"}, #{phase: "Failed"}].any(|pod| pod.phase == "Failed")"#,
        result: Expect::Json("true"),
    }],
    run: |call| any(call),
};

fn any(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (items, test) = (call.sequence()?, call.closure(0)?);
    for at in 0..items.len() {
        if test.test((items.item(at),))? {
            return Ok(true.into());
        }
    }
    Ok(false.into())
}
