//! A time from seconds since 1970.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "time",
    name: "from_unix",
    form: Form::Namespaced,
    summary: "Makes a time of seconds since the beginning of 1970, UTC.",
    details: "",
    params: &[Param { name: "seconds", kind: Type::Integer, text: "The seconds.", default: None }],
    options: &[],
    returns: Returns { kind: Type::Text, text: "The time in RFC 3339, UTC." },
    errors: &[codes::INVALID_ARGUMENT],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "A time",
            source: "time::from_unix(1769853600)",
            result: Expect::Json(r#""2026-01-31T10:00:00Z""#),
        },
        Example {
            title: "Beyond the year 9999",
            source: "time::from_unix(999999999999)",
            result: Expect::Error(codes::INVALID_ARGUMENT),
        },
    ],
    run: |call| from_unix(call),
};

fn from_unix(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    super::written(super::from_seconds(call.integer(0)?)?)
}
