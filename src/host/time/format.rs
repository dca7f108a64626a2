//! Writes a time in another form.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Failure, Form, Param, Returns, Spec, Thrown, Type};
use jiff::fmt::strtime;
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "time",
    name: "format",
    form: Form::Namespaced,
    summary: "Writes a time in a form of your own.",
    details: "The signs are those of `strftime`: `%Y` year, `%m` month, `%d` day, `%H` hour, `%M` minute, `%S` second, `%a` weekday, `%b` name of the month, `%j` day of the year, `%V` week.",
    params: &[
        Param { name: "time", kind: Type::Text, text: "A time in RFC 3339, as objects have it.", default: None },
        Param { name: "format", kind: Type::Text, text: "The form.", default: None },
    ],
    options: &[],
    returns: Returns { kind: Type::Text, text: "The text, in UTC." },
    errors: &[codes::DECODE, codes::PATTERN],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "A day",
            source: r#"time::format("2026-01-31T10:00:00Z", "%d.%m.%Y")"#,
            result: Expect::Json(r#""31.01.2026""#),
        },
        Example {
            title: "No form",
            source: r#"time::format("2026-01-31T10:00:00Z", "%!")"#,
            result: Expect::Error(codes::PATTERN),
        },
    ],
    run: |call| format(call),
};

fn format(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (time, format) = (super::time(call, 0)?, call.text(1)?);
    let text = strtime::format(&format, time)
        .map_err(|error| Failure::new(codes::PATTERN, format!("`{format}` is no form of a time: {error}")))?;
    Ok(text.into())
}
