//! Seconds from one time to another.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "time",
    name: "between",
    form: Form::Namespaced,
    summary: "Counts the seconds from one time to another.",
    details: "`duration::format` makes `1h0m0s` of it.",
    params: &[
        Param { name: "from", kind: Type::Text, text: "A time in RFC 3339.", default: None },
        Param { name: "to", kind: Type::Text, text: "Another one.", default: None },
    ],
    options: &[],
    returns: Returns { kind: Type::Integer, text: "Whole seconds; negative where the second time is earlier." },
    errors: &[codes::DECODE],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "An hour",
            source: r#"time::between("2026-01-31T10:00:00Z", "2026-01-31T11:00:00Z")"#,
            result: Expect::Json("3600"),
        },
        Example {
            title: "Backwards",
            source: r#"time::between("2026-01-31T10:00:00Z", "2026-01-31T09:59:00Z")"#,
            result: Expect::Json("-60"),
        },
    ],
    run: |call| between(call),
};

fn between(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (from, to) = (super::time(call, 0)?, super::time(call, 1)?);
    Ok(Dynamic::from_int(to.duration_since(from).as_secs()))
}
