//! Reads a time.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Failure, Form, Param, Returns, Spec, Thrown, Type};
use jiff::fmt::strtime;
use jiff::tz::TimeZone;
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "time",
    name: "parse",
    form: Form::Namespaced,
    summary: "Reads a time.",
    details: "A form is written as for `time::format`; without an offset in it, the time is UTC.",
    params: &[
        Param { name: "text", kind: Type::Text, text: "The time.", default: None },
        Param { name: "format", kind: Type::Text, text: "Its form.", default: Some("RFC 3339") },
    ],
    options: &[],
    returns: Returns { kind: Type::Text, text: "The time in RFC 3339, UTC." },
    errors: &[codes::DECODE],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "With an offset",
            source: r#"time::parse("2026-01-31T10:00:00+02:00")"#,
            result: Expect::Json(r#""2026-01-31T08:00:00Z""#),
        },
        Example {
            title: "In another form",
            source: r#"time::parse("31.01.2026 10:00", "%d.%m.%Y %H:%M")"#,
            result: Expect::Json(r#""2026-01-31T10:00:00Z""#),
        },
        Example { title: "No time", source: r#"time::parse("tomorrow")"#, result: Expect::Error(codes::DECODE) },
    ],
    run: |call| parse(call),
};

fn parse(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    if !call.is_given(1) {
        return super::written(super::time(call, 0)?);
    }
    let (text, format) = (call.text(0)?, call.text(1)?);
    let failed = |error: jiff::Error| {
        Failure::new(codes::DECODE, format!("`{text}` is no time of the form `{format}`: {error}"))
    };
    let parts = strtime::parse(&format, &text).map_err(failed)?;
    let time = match parts.offset() {
        Some(_) => parts.to_timestamp().map_err(failed)?,
        None => parts.to_datetime().and_then(|time| time.to_zoned(TimeZone::UTC)).map_err(failed)?.timestamp(),
    };
    super::written(time)
}
