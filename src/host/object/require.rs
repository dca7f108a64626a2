//! Reads a field that must be there.

use super::walk;
use crate::diag::codes;
use crate::diag::did_you_mean;
use crate::host::{Call, Effect, Example, Expect, Failure, Form, Param, Returns, Spec, Thrown, Type};
use crate::value::{FieldPath, Map, Node, Step};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "object",
    name: "require",
    form: Form::Method(&[Type::Object]),
    summary: "Reads the field at a path, and fails where it is absent.",
    details: "The error names the deepest part that exists and what stands there. A field that is null counts as absent.",
    params: &[Param { name: "path", kind: Type::Path, text: "Where the field stands.", default: None }],
    options: &[],
    returns: Returns { kind: Type::Any, text: "The field's value, never `()`." },
    errors: &[codes::ABSENT_FIELD, codes::FIELD_PATH, codes::UNKNOWN_FIELD],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "A field that is there",
            source: r#"#{spec: #{replicas: 3}}.require("spec.replicas")"#,
            result: Expect::Json("3"),
        },
        Example {
            title: "A field that is not",
            source: r#"#{spec: #{replicas: 3}}.require("spec.replica")"#,
            result: Expect::Error(codes::ABSENT_FIELD),
        },
    ],
    run: |call| require(call),
};

fn require(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let path = call.path(0)?;
    if let Some(value) = walk::read(call, &path)? {
        return Ok(value);
    }
    walk::check(call, &path)?;
    Err(absent(&call.object()?, &path).into())
}

/// Says how far the path leads, and what stands there.
fn absent(object: &Node, path: &FieldPath) -> Failure {
    let reach = object.reach(path);
    let message = object.explain_absence(path).unwrap_or_else(|| format!("{path} is null"));
    let keys = reach.node.as_map().into_iter().flat_map(Map::keys).map(|key| &**key);
    let hint = match path.steps().get(reach.steps) {
        Some(Step::Key(wanted)) => did_you_mean(wanted, keys),
        _ => None,
    };
    Failure::new(codes::ABSENT_FIELD, message).maybe_hint(hint)
}
