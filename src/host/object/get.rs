//! Reads a field by its path, with a default.

use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type, from_node};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "object",
    name: "get",
    form: Form::Method(&[Type::Object]),
    summary: "Reads the field at a path; the default, or `()`, where any part of the path is absent.",
    details: "",
    params: &[
        Param { name: "path", kind: Type::Path, text: "Where the field stands.", default: None },
        Param { name: "default", kind: Type::Any, text: "What an absent field reads as.", default: Some("()") },
    ],
    options: &[],
    returns: Returns { kind: Type::Any, text: "The field's value." },
    errors: &[],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "A field of a list's item",
            source: r#"#{spec: #{containers: [#{image: "app:1"}]}}.get("spec.containers[0].image")"#,
            result: Expect::Json(r#""app:1""#),
        },
        Example { title: "A default", source: r#"#{spec: #{}}.get("spec.replicas", 1)"#, result: Expect::Json("1") },
    ],
    run: |call| get(call),
};

fn get(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (object, path) = (call.object()?, call.path(0)?);
    Ok(match object.lookup(&path) {
        Some(value) if !value.is_null() => from_node(value),
        _ => call.value(1),
    })
}
