//! Copies an object into a map of the script's own.

use super::owned;
use crate::host::{Call, Effect, Example, Expect, Form, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "object",
    name: "to_map",
    form: Form::Method(&[Type::Object]),
    summary: "Copies the object into a map of the script's own, with maps and arrays in it.",
    details: "Objects already are values that a script can change. A copy is for the array functions that lists do not have; it takes several times the memory.",
    params: &[],
    options: &[],
    returns: Returns { kind: Type::Object, text: "The map." },
    errors: &[],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[Example {
        title: "With an array in it",
        source: r#"let spec = yaml::decode("ports: [80]").to_map(); spec.ports.insert(0, 443); spec"#,
        result: Expect::Json(r#"{"ports":[443,80]}"#),
    }],
    run: |call| to_map(call),
};

fn to_map(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    Ok(owned(&call.receiver_value()))
}
