//! Seconds since 1970.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "time",
    name: "to_unix",
    form: Form::Namespaced,
    summary: "Gives a time as seconds since the beginning of 1970, UTC.",
    details: "",
    params: &[Param { name: "time", kind: Type::Text, text: "A time in RFC 3339, as objects have it.", default: None }],
    options: &[],
    returns: Returns { kind: Type::Integer, text: "Whole seconds." },
    errors: &[codes::DECODE],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[Example {
        title: "A time",
        source: r#"time::to_unix("2026-01-31T10:00:00Z")"#,
        result: Expect::Json("1769853600"),
    }],
    run: |call| to_unix(call),
};

fn to_unix(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    Ok(Dynamic::from_int(super::time(call, 0)?.as_second()))
}
