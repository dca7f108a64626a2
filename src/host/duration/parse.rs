//! Reads a duration.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "duration",
    name: "parse",
    form: Form::Namespaced,
    summary: "Reads a duration into seconds.",
    details: "Durations are written as Go and kubectl write them: `300ms`, `90s`, `1h30m`. All functions and options that take a duration take such a text or a whole number of seconds.",
    params: &[Param { name: "text", kind: Type::Duration, text: "The duration.", default: None }],
    options: &[],
    returns: Returns { kind: Type::Number, text: "The seconds: a whole number where they are whole." },
    errors: &[codes::DURATION],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example { title: "An hour and a half", source: r#"duration::parse("1h30m")"#, result: Expect::Json("5400") },
        Example { title: "Half a second", source: r#"duration::parse("500ms")"#, result: Expect::Json("0.5") },
        Example { title: "Without a unit", source: r#"duration::parse("90")"#, result: Expect::Error(codes::DURATION) },
    ],
    run: |call| parse(call),
};

fn parse(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let duration = super::signed(&call.node(0)?)?;
    Ok(match duration.subsec_nanos() {
        0 => Dynamic::from_int(duration.as_secs()),
        _ => Dynamic::from_float(duration.as_secs_f64()),
    })
}
