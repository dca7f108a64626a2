//! Draws one item of a list.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "random",
    name: "pick",
    form: Form::Namespaced,
    summary: "Draws one item of a list.",
    details: "",
    params: &[Param { name: "list", kind: Type::List, text: "What to draw from; not empty.", default: None }],
    options: &[],
    returns: Returns { kind: Type::Any, text: "The item." },
    errors: &[codes::INVALID_ARGUMENT, codes::DOOR_CLOSED],
    effect: Effect::World,
    since: "0.1.0",
    examples: &[
        Example {
            title: "A zone",
            source: r#"["a", "b", "c"].contains(random::pick(["a", "b", "c"]))"#,
            result: Expect::Json("true"),
        },
        Example {
            title: "Nothing to draw from",
            source: "random::pick([])",
            result: Expect::Error(codes::INVALID_ARGUMENT),
        },
    ],
    run: |call| pick(call),
};

fn pick(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let items = call.items(0)?;
    if items.is_empty() {
        return Err(call.invalid("`list`", "it is empty", None).into());
    }
    let place = super::up_to(call, items.len() as u64 - 1)?;
    Ok(items.item(usize::try_from(place).unwrap_or_default()))
}
