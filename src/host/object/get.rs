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
    details: "A path with `[*]` stands for all items or values there: it reads as the list of them, empty where there is none. A field that the object's kind does not have is no error here, for scripts that work on several kinds or versions; in `object.spec.field` and `require` it is.",
    params: &[
        Param { name: "path", kind: Type::Path, text: "Where the field stands.", default: None },
        Param { name: "default", kind: Type::Any, text: "What an absent field reads as.", default: Some("()") },
    ],
    options: &[],
    returns: Returns { kind: Type::Any, text: "The field's value." },
    errors: &[codes::FIELD_PATH],
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
    Ok(walk::read(call, &path)?.unwrap_or_else(|| call.value(1)))
}
