//! Writes seconds as a duration.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use crate::object::Duration;
use jiff::SignedDuration;
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "duration",
    name: "format",
    form: Form::Namespaced,
    summary: "Writes seconds as a duration.",
    details: "",
    params: &[Param {
        name: "seconds",
        kind: Type::Number,
        text: "The seconds; a fraction is allowed.",
        default: None,
    }],
    options: &[],
    returns: Returns { kind: Type::Text, text: "The duration, as Go writes it." },
    errors: &[codes::INVALID_ARGUMENT],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example { title: "An hour and a half", source: "duration::format(5400)", result: Expect::Json(r#""1h30m0s""#) },
        Example { title: "A fraction", source: "duration::format(0.25)", result: Expect::Json(r#""250ms""#) },
        Example { title: "Ago", source: "duration::format(-60)", result: Expect::Json(r#""-1m0s""#) },
        Example {
            title: "Too long",
            source: "duration::format(99999999999)",
            result: Expect::Error(codes::INVALID_ARGUMENT),
        },
    ],
    run: |call| format(call),
};

fn format(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let seconds = call.node(0)?;
    let duration = match seconds.as_i64() {
        Some(seconds) => SignedDuration::from_secs(seconds),
        None => SignedDuration::try_from_secs_f64(call.number(0)?)
            .map_err(|_| call.invalid("`seconds`", &format!("{seconds} is too large"), None))?,
    };
    let nanos = i64::try_from(duration.as_nanos())
        .map_err(|_| call.invalid("`seconds`", &format!("{seconds} is longer than 292 years"), None))?;
    Ok(Duration::from_nanos(nanos).to_string().into())
}
