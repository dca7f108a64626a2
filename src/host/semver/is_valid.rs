//! Tells whether a text is a version.

use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "semver",
    name: "is_valid",
    form: Form::Namespaced,
    summary: "Tells whether a text is a semantic version.",
    details: "",
    params: &[Param { name: "text", kind: Type::Text, text: "The text.", default: None }],
    options: &[],
    returns: Returns { kind: Type::Boolean, text: "Whether it is one." },
    errors: &[],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example { title: "One", source: r#"semver::is_valid("1.2.3-rc.1")"#, result: Expect::Json("true") },
        Example { title: "None", source: r#"semver::is_valid("latest")"#, result: Expect::Json("false") },
    ],
    run: |call| is_valid(call),
};

fn is_valid(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    Ok(super::version(&call.text(0)?).is_ok().into())
}
