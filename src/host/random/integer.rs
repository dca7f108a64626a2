//! Draws a whole number.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "random",
    name: "integer",
    form: Form::Namespaced,
    summary: "Draws a whole number, both ends included.",
    details: "",
    params: &[
        Param { name: "low", kind: Type::Integer, text: "The least it can be.", default: None },
        Param { name: "high", kind: Type::Integer, text: "The most it can be.", default: None },
    ],
    options: &[],
    returns: Returns { kind: Type::Integer, text: "The number." },
    errors: &[codes::INVALID_ARGUMENT, codes::DOOR_CLOSED],
    effect: Effect::World,
    since: "0.1.0",
    examples: &[
        Example {
            title: "A die",
            source: "let eyes = random::integer(1, 6); eyes >= 1 && eyes <= 6",
            result: Expect::Json("true"),
        },
        Example { title: "Only one", source: "random::integer(-3, -3)", result: Expect::Json("-3") },
        Example {
            title: "None at all",
            source: "random::integer(6, 1)",
            result: Expect::Error(codes::INVALID_ARGUMENT),
        },
    ],
    run: |call| integer(call),
};

fn integer(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (low, high) = (call.integer(0)?, call.integer(1)?);
    if low > high {
        let hint = Some("the lower end comes first".to_owned());
        return Err(call.invalid("`high`", &format!("{high} is less than {low}"), hint).into());
    }
    Ok(low.wrapping_add_unsigned(super::up_to(call, high.abs_diff(low))?).into())
}
