//! Sets a field by its path.

use super::{changeable, walk};
use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "object",
    name: "set",
    form: Form::Change(&[Type::Object]),
    summary: "Sets the field at a path. Changes the variable, and nothing in a cluster.",
    details: "Maps on the way are made where they are absent; an item of a list must exist, or be the one after the last.",
    params: &[
        Param { name: "path", kind: Type::Path, text: "Where the field stands.", default: None },
        Param { name: "value", kind: Type::Any, text: "What it is set to.", default: None },
    ],
    options: &[],
    returns: Returns { kind: Type::Nothing, text: "Nothing: the variable has changed." },
    errors: &[codes::FIELD_PATH, codes::CONSTANT, codes::UNREPRESENTABLE, codes::VALUE_BUDGET],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "A new field",
            source: r#"let pod = #{metadata: #{name: "a"}}; pod.set("metadata.labels.app", "web"); pod"#,
            result: Expect::Json(r#"{"metadata":{"name":"a","labels":{"app":"web"}}}"#),
        },
        Example {
            title: "An item after the last",
            source: r#"let spec = yaml::decode("ports: [80]"); spec.set("ports[1]", 443); spec"#,
            result: Expect::Json(r#"{"ports":[80,443]}"#),
        },
        Example {
            title: "A value in the way",
            source: r#"let spec = #{ports: 80}; spec.set("ports.http", 80);"#,
            result: Expect::Error(codes::FIELD_PATH),
        },
    ],
    run: |call| set(call),
};

fn set(call: &mut Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (path, value) = (call.path(0)?, call.value(1));
    let receiver = call.receiver_mut()?;
    changeable(receiver)?;
    walk::set(receiver, &path, value)?;
    Ok(Dynamic::UNIT)
}
