//! Counts the keys.

use crate::host::{Call, Effect, Example, Expect, Form, Returns, Spec, Thrown, Type};
use crate::value::Map;
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "object",
    name: "len",
    form: Form::Method(&[Type::Object]),
    summary: "Counts the keys.",
    details: "",
    params: &[],
    options: &[],
    returns: Returns { kind: Type::Integer, text: "How many there are." },
    errors: &[],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[Example {
        title: "Two labels",
        source: r#"yaml::decode("{app: web, tier: front}").len()"#,
        result: Expect::Json("2"),
    }],
    run: |call| len(call),
};

fn len(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let len = match call.receiver_ref().and_then(Dynamic::read_lock::<rhai::Map>) {
        Some(map) => map.len(),
        None => call.object()?.as_map().map_or(0, Map::len),
    };
    Ok(Dynamic::from_int(i64::try_from(len).unwrap_or(i64::MAX)))
}
