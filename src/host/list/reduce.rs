//! Makes one value of all items.

use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "list",
    name: "reduce",
    form: Form::Method(&[Type::List]),
    summary: "Makes one value of all items: calls the closure with the value so far and the next item.",
    details: "",
    params: &[
        Param {
            name: "step",
            kind: Type::Closure(2),
            text: "Called with the value so far and an item; gives the next value.",
            default: None,
        },
        Param { name: "initial", kind: Type::Any, text: "The value before the first item.", default: None },
    ],
    options: &[],
    returns: Returns { kind: Type::Any, text: "The last value; the initial one for an empty list." },
    errors: &[],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "The longest",
            source: r#"["a", "ccc", "bb"].reduce(|longest, text| if text.len() > longest.len() { text } else { longest }, "")"#,
            result: Expect::Json(r#""ccc""#),
        },
        Example { title: "A sum", source: "[1, 2, 3].reduce(|sum, n| sum + n, 0)", result: Expect::Json("6") },
    ],
    run: |call| reduce(call),
};

fn reduce(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (items, step) = (call.sequence()?, call.closure(0)?);
    let mut value = call.value(1);
    for at in 0..items.len() {
        value = step.call((value, items.item(at)))?;
    }
    Ok(value)
}
