//! Compares two versions.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "semver",
    name: "compare",
    form: Form::Namespaced,
    summary: "Compares two versions.",
    details: "The build part does not count, as semver.org says.",
    params: &[
        Param { name: "a", kind: Type::Text, text: "A version.", default: None },
        Param { name: "b", kind: Type::Text, text: "Another version.", default: None },
    ],
    options: &[],
    returns: Returns {
        kind: Type::Integer,
        text: "-1 if the first is older, 1 if it is newer, 0 if they are of equal precedence.",
    },
    errors: &[codes::DECODE],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example { title: "Older", source: r#"semver::compare("1.9.0", "1.10.0")"#, result: Expect::Json("-1") },
        Example {
            title: "A pre-release comes before",
            source: r#"semver::compare("1.0.0", "1.0.0-rc.1")"#,
            result: Expect::Json("1"),
        },
    ],
    run: |call| compare(call),
};

fn compare(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (a, b) = (super::version(&call.text(0)?)?, super::version(&call.text(1)?)?);
    Ok(Dynamic::from_int(a.cmp_precedence(&b) as i64))
}
