//! The folder of a path.

use super::normalize::normalized;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "path",
    name: "parent",
    form: Form::Namespaced,
    summary: "Gives the path without its last part.",
    details: "",
    params: &[Param { name: "path", kind: Type::Text, text: "The path.", default: None }],
    options: &[],
    returns: Returns { kind: Type::Any, text: "The path; `()` for `/`." },
    errors: &[],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "Of a file",
            source: r#"path::parent("deploy/prod/values.yaml")"#,
            result: Expect::Json(r#""deploy/prod""#),
        },
        Example { title: "Of a single name", source: r#"path::parent("values.yaml")"#, result: Expect::Json(r#"".""#) },
        Example { title: "Of the root", source: r#"path::parent("/")"#, result: Expect::Json("null") },
    ],
    run: |call| parent(call),
};

fn parent(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let path = normalized(&call.text(0)?);
    Ok(match path.rsplit_once('/') {
        _ if path == "/" => Dynamic::UNIT,
        _ if path == "." => "..".into(),
        _ if path == ".." || path.ends_with("/..") => format!("{path}/..").into(),
        Some(("", _)) => "/".into(),
        Some((parent, _)) => parent.to_owned().into(),
        None => ".".into(),
    })
}
