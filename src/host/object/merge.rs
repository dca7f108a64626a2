//! Merges a map into an object.

use super::{changeable, walk};
use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type, to_part};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "object",
    name: "merge",
    form: Form::Change(&[Type::Object]),
    summary: "Merges a map into the variable, as a JSON merge patch (RFC 7386) does: maps key by key, `()` removes a key, anything else replaces.",
    details: "Lists replace each other; to change an item of a list, use `set`.",
    params: &[Param { name: "patch", kind: Type::Object, text: "What to merge in.", default: None }],
    options: &[],
    returns: Returns { kind: Type::Nothing, text: "Nothing: the variable has changed." },
    errors: &[codes::CONSTANT, codes::UNREPRESENTABLE, codes::VALUE_BUDGET],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[Example {
        title: "Some fields of a map",
        source: r#"let spec = #{replicas: 1, template: #{image: "a:1", tag: "x"}}; spec.merge(#{replicas: 3, template: #{tag: ()}}); spec"#,
        result: Expect::Json(r#"{"replicas":3,"template":{"image":"a:1"}}"#),
    }],
    run: |call| merge(call),
};

fn merge(call: &mut Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let patch = to_part(&call.value(0))?;
    let receiver = call.receiver_mut()?;
    changeable(receiver)?;
    walk::merge(receiver, &patch);
    Ok(Dynamic::UNIT)
}
