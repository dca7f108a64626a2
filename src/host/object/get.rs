//! Reads a field by its path, with a default.

use super::walk;
use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "object",
    name: "get",
    form: Form::Method(&[Type::Object]),
    summary: "Reads the field at a path; the default, or `()`, where any part of the path is absent.",
    details: "A path with `[*]` stands for all items or values there: it reads as the list of them, empty where there is none. In an object from a cluster, a field that its kind does not have is an error, default or not: `has` asks for a field that only some versions of a kind have.",
    params: &[
        Param { name: "path", kind: Type::Path, text: "Where the field stands.", default: None },
        Param { name: "default", kind: Type::Any, text: "What an absent field reads as.", default: Some("()") },
    ],
    options: &[],
    returns: Returns { kind: Type::Any, text: "The field's value." },
    errors: &[codes::FIELD_PATH, codes::UNKNOWN_FIELD],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "A field of a list's item",
            source: r#"#{spec: #{containers: [#{image: "app:1"}]}}.get("spec.containers[0].image")"#,
            result: Expect::Json(r#""app:1""#),
        },
        Example { title: "A default", source: r#"#{spec: #{}}.get("spec.replicas", 1)"#, result: Expect::Json("1") },
        Example {
            title: "All images",
            source: r#"#{containers: [#{image: "a:1"}, #{image: "b:2"}]}.get("containers[*].image")"#,
            result: Expect::Json(r#"["a:1","b:2"]"#),
        },
        Example {
            title: "A key with dots",
            source: r#"#{labels: #{"app.kubernetes.io/name": "web"}}.get("labels[\"app.kubernetes.io/name\"]")"#,
            result: Expect::Json(r#""web""#),
        },
        Example { title: "No path", source: r#"#{}.get("a..b")"#, result: Expect::Error(codes::FIELD_PATH) },
    ],
    run: |call| get(call),
};

fn get(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let path = call.path(0)?;
    if let Some(value) = walk::read(call, &path)? {
        return Ok(value);
    }
    walk::check(call, &path)?;
    Ok(call.value(1))
}
