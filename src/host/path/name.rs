//! The last part of a path.

use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type, from_node};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "path",
    name: "name",
    form: Form::Namespaced,
    summary: "Gives the last part of a path.",
    details: "",
    params: &[Param { name: "path", kind: Type::Text, text: "The path.", default: None }],
    options: &[],
    returns: Returns { kind: Type::Any, text: "The name; `()` where the path ends in none, as `/` and `..` do." },
    errors: &[],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "Of a file",
            source: r#"path::name("deploy/prod/values.yaml")"#,
            result: Expect::Json(r#""values.yaml""#),
        },
        Example { title: "Of the root", source: r#"path::name("/")"#, result: Expect::Json("null") },
    ],
    run: |call| name(call),
};

fn name(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let path = call.text(0)?;
    Ok(from_node(&super::last(&path).into()))
}
