//! Lists the values.

use crate::host::{Call, Effect, Example, Expect, Form, Returns, Spec, Thrown, Type, from_node};
use crate::value::{Map, Node};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "object",
    name: "values",
    form: Form::Method(&[Type::Object]),
    summary: "Lists the values in the order of their keys.",
    details: "",
    params: &[],
    options: &[],
    returns: Returns { kind: Type::List, text: "The values." },
    errors: &[],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[Example {
        title: "Limits",
        source: r#"yaml::decode("{cpu: 100m, memory: 1Gi}").values()"#,
        result: Expect::Json(r#"["100m","1Gi"]"#),
    }],
    run: |call| values(call),
};

fn values(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    if let Some(map) = call.receiver_ref().and_then(Dynamic::read_lock::<rhai::Map>) {
        return Ok(Dynamic::from_array(map.values().cloned().collect()));
    }
    let object = call.object()?;
    Ok(from_node(&Node::list(object.as_map().into_iter().flat_map(Map::values).cloned().collect())))
}
