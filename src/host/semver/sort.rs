//! Sorts versions.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Failure, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "semver",
    name: "sort",
    form: Form::Namespaced,
    summary: "Sorts versions from the oldest to the newest.",
    details: "",
    params: &[Param { name: "versions", kind: Type::List, text: "The versions.", default: None }],
    options: &[],
    returns: Returns { kind: Type::List, text: "The texts, sorted." },
    errors: &[codes::DECODE, codes::WRONG_TYPE],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "The newest tag",
            source: r#"semver::sort(["v1.10.0", "v1.9.0", "v1.10.0-rc.1"]).last()"#,
            result: Expect::Json(r#""v1.10.0""#),
        },
        Example {
            title: "One is none",
            source: r#"semver::sort(["1.0.0", "latest"])"#,
            result: Expect::Error(codes::DECODE),
        },
    ],
    run: |call| sort(call),
};

fn sort(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let items = call.items(0)?;
    let mut keyed = Vec::with_capacity(items.len());
    for (at, item) in items.nodes()?.iter().enumerate() {
        let Some(text) = item.as_str() else {
            let message = format!("item {at} of `versions` is {}, not a text", item.description());
            return Err(Failure::new(codes::WRONG_TYPE, message).into());
        };
        keyed.push((super::version(text)?, at));
    }
    keyed.sort_by(|(a, _), (b, _)| a.cmp_precedence(b));
    Ok(items.select(&keyed.into_iter().map(|(_, at)| at).collect::<Vec<_>>()))
}
