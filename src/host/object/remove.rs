//! Takes a field out by its path.

use super::{changeable, walk};
use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "object",
    name: "remove",
    form: Form::Change(&[Type::Object]),
    summary: "Takes the field at a path out. Changes the variable, and nothing in a cluster.",
    details: "",
    params: &[Param { name: "path", kind: Type::Path, text: "Where the field stands.", default: None }],
    options: &[],
    returns: Returns { kind: Type::Any, text: "What stood there; `()` where nothing did." },
    errors: &[codes::FIELD_PATH, codes::CONSTANT],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "A field",
            source: r#"let pod = #{metadata: #{name: "a", uid: "1"}}; pod.remove("metadata.uid"); pod"#,
            result: Expect::Json(r#"{"metadata":{"name":"a"}}"#),
        },
        Example {
            title: "An item",
            source: r#"let spec = yaml::decode("ports: [80, 443]"); let port = spec.remove("ports[0]"); [port, spec.ports]"#,
            result: Expect::Json("[80,[443]]"),
        },
        Example {
            title: "Nothing there",
            source: r#"let spec = #{}; spec.remove("ports")"#,
            result: Expect::Json("null"),
        },
    ],
    run: |call| remove(call),
};

fn remove(call: &mut Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let path = call.path(0)?;
    let receiver = call.receiver_mut()?;
    changeable(receiver)?;
    walk::single(&path)?;
    Ok(walk::remove(receiver, path.steps()).unwrap_or_default())
}
