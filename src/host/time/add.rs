//! Adds a duration to a time.

use crate::diag::codes;
use crate::host::duration::signed;
use crate::host::{Call, Effect, Example, Expect, Failure, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "time",
    name: "add",
    form: Form::Namespaced,
    summary: "Adds a duration to a time.",
    details: "",
    params: &[
        Param { name: "time", kind: Type::Text, text: "A time in RFC 3339, as objects have it.", default: None },
        Param {
            name: "duration",
            kind: Type::Duration,
            text: "What to add; earlier where it begins with `-`.",
            default: None,
        },
    ],
    options: &[],
    returns: Returns { kind: Type::Text, text: "The time in RFC 3339, UTC." },
    errors: &[codes::DECODE, codes::DURATION, codes::ARITHMETIC],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "Later",
            source: r#"time::add("2026-01-31T10:00:00Z", "90m")"#,
            result: Expect::Json(r#""2026-01-31T11:30:00Z""#),
        },
        Example {
            title: "Earlier",
            source: r#"time::add("2026-01-31T10:00:00Z", "-1h")"#,
            result: Expect::Json(r#""2026-01-31T09:00:00Z""#),
        },
        Example {
            title: "Seconds",
            source: r#"time::add("2026-01-31T10:00:00Z", 60)"#,
            result: Expect::Json(r#""2026-01-31T10:01:00Z""#),
        },
    ],
    run: |call| add(call),
};

fn add(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (time, duration) = (super::time(call, 0)?, signed(&call.node(1)?)?);
    let sum = time
        .checked_add(duration)
        .map_err(|_| Failure::new(codes::ARITHMETIC, format!("{time} and {duration:#} are beyond the last time")))?;
    super::written(sum)
}
