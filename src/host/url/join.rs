//! Resolves a reference.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Failure, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "url",
    name: "join",
    form: Form::Namespaced,
    summary: "Resolves a reference against a URL, as a browser resolves a link.",
    details: "A reference may name another host: check `url::parse(…).host` where that matters.",
    params: &[
        Param { name: "base", kind: Type::Text, text: "The URL to start from.", default: None },
        Param { name: "reference", kind: Type::Text, text: "A URL, or a part of one.", default: None },
    ],
    options: &[],
    returns: Returns { kind: Type::Text, text: "The URL." },
    errors: &[codes::DECODE],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "A path",
            source: r#"url::join("https://example.com/api/v1", "/healthz")"#,
            result: Expect::Json(r#""https://example.com/healthz""#),
        },
        Example {
            title: "Beside the last part",
            source: r#"url::join("https://example.com/a/b", "c")"#,
            result: Expect::Json(r#""https://example.com/a/c""#),
        },
    ],
    run: |call| join(call),
};

fn join(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (base, reference) = (super::url(&call.text(0)?)?, call.text(1)?);
    let url = base
        .join(&reference)
        .map_err(|error| Failure::new(codes::DECODE, format!("`{reference}` is no reference: {error}")))?;
    Ok(String::from(url).into())
}
