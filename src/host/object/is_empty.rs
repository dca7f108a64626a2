//! Tells whether there is no key.

use crate::host::{Call, Effect, Example, Expect, Form, Returns, Spec, Thrown, Type};
use crate::value::Map;
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "object",
    name: "is_empty",
    form: Form::Method(&[Type::Object]),
    summary: "Tells whether there is no key.",
    details: "",
    params: &[],
    options: &[],
    returns: Returns { kind: Type::Boolean, text: "Whether there is none." },
    errors: &[],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example { title: "A literal", source: "#{}.is_empty()", result: Expect::Json("true") },
        Example {
            title: "From a document",
            source: r#"yaml::decode("a: 1").is_empty()"#,
            result: Expect::Json("false"),
        },
    ],
    run: |call| is_empty(call),
};

fn is_empty(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let is_empty = match call.receiver_ref().and_then(Dynamic::read_lock::<rhai::Map>) {
        Some(map) => map.is_empty(),
        None => call.object()?.as_map().is_none_or(Map::is_empty),
    };
    Ok(is_empty.into())
}
