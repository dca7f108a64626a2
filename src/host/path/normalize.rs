//! Takes detours out of a path.

use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "path",
    name: "normalize",
    form: Form::Namespaced,
    summary: "Takes `.`, `..` and repeated slashes out of a path, by its text alone.",
    details: "No file is looked at: where a folder is a link, `..` may lead elsewhere.",
    params: &[Param { name: "path", kind: Type::Text, text: "The path.", default: None }],
    options: &[],
    returns: Returns { kind: Type::Text, text: "The path; `.` for an empty one." },
    errors: &[],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "Detours",
            source: r#"path::normalize("a/./b/../c//d/")"#,
            result: Expect::Json(r#""a/c/d""#),
        },
        Example {
            title: "Above the start",
            source: r#"path::normalize("a/../../b")"#,
            result: Expect::Json(r#""../b""#),
        },
        Example { title: "Above the root", source: r#"path::normalize("/../etc")"#, result: Expect::Json(r#""/etc""#) },
    ],
    run: |call| normalize(call),
};

fn normalize(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    Ok(normalized(&call.text(0)?).into())
}

/// The shortest path that leads to the same place, where no folder is a link.
pub(super) fn normalized(path: &str) -> String {
    let is_absolute = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            ".." if is_absolute => {}
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    match (is_absolute, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}
