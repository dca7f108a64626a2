//! Puts two paths together.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "path",
    name: "join",
    form: Form::Namespaced,
    summary: "Puts a relative path behind another one.",
    details: "`..` stays as it is: use `path::normalize`.",
    params: &[
        Param { name: "base", kind: Type::Text, text: "Where it starts.", default: None },
        Param { name: "part", kind: Type::Text, text: "A relative path.", default: None },
    ],
    options: &[],
    returns: Returns { kind: Type::Text, text: "The path." },
    errors: &[codes::INVALID_ARGUMENT],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "A file of a folder",
            source: r#"path::join("deploy/", "prod/values.yaml")"#,
            result: Expect::Json(r#""deploy/prod/values.yaml""#),
        },
        Example {
            title: "An absolute part",
            source: r#"path::join("deploy", "/etc/passwd")"#,
            result: Expect::Error(codes::INVALID_ARGUMENT),
        },
    ],
    run: |call| join(call),
};

fn join(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (base, part) = (call.text(0)?, call.text(1)?);
    if part.starts_with('/') {
        return Err(call.invalid("`part`", &format!("`{part}` is absolute"), None).into());
    }
    Ok(match base.as_str() {
        "" => part,
        base if part.is_empty() || base.ends_with('/') => format!("{base}{part}"),
        base => format!("{base}/{part}"),
    }
    .into())
}
