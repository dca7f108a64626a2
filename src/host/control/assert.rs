//! Fails unless a condition holds.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Failure, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "control",
    name: "assert",
    form: Form::Function,
    summary: "Fails unless the condition is `true`.",
    details: "",
    params: &[
        Param { name: "condition", kind: Type::Boolean, text: "What must hold.", default: None },
        Param {
            name: "message",
            kind: Type::Text,
            text: "What it means if it does not.",
            default: Some("\"assertion failed\""),
        },
    ],
    options: &[],
    returns: Returns { kind: Type::Nothing, text: "Nothing." },
    errors: &[codes::ASSERTION],
    effect: Effect::Control,
    since: "0.1.0",
    examples: &[
        Example { title: "It holds", source: "assert(1 + 1 == 2); 3", result: Expect::Json("3") },
        Example {
            title: "It does not",
            source: r#"assert(1 > 2, "one is smaller")"#,
            result: Expect::Error(codes::ASSERTION),
        },
    ],
    run: |call| assert(call),
};

fn assert(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    if call.value(0).as_bool() == Ok(true) {
        return Ok(Dynamic::UNIT);
    }
    let message = if call.is_given(1) { call.text(1)? } else { "assertion failed".to_owned() };
    Err(Failure::new(codes::ASSERTION, message).into())
}
