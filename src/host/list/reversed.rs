//! Turns the order round.

use crate::host::{Call, Effect, Example, Expect, Form, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "list",
    name: "reversed",
    form: Form::Method(&[Type::List]),
    summary: "Gives the items from the last to the first, in a new list.",
    details: "An array's own `reverse()` changes the array itself.",
    params: &[],
    options: &[],
    returns: Returns { kind: Type::List, text: "The items; the receiver stays as it is." },
    errors: &[],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[Example { title: "Three", source: "[1, 2, 3].reversed()", result: Expect::Json("[3,2,1]") }],
    run: |call| reversed(call),
};

fn reversed(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let items = call.sequence()?;
    Ok(items.select(&(0..items.len()).rev().collect::<Vec<_>>()))
}
