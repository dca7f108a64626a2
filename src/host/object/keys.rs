//! Lists the keys.

use crate::host::{Call, Effect, Example, Expect, Form, Returns, Spec, Thrown, Type, from_node};
use crate::value::{Map, Node};
use rhai::Dynamic;
use std::sync::Arc;

pub(super) const SPEC: Spec = Spec {
    group: "object",
    name: "keys",
    form: Form::Method(&[Type::Object]),
    summary: "Lists the keys in their order.",
    details: "An object from a cluster or a document keeps its author's order; a literal `#{…}` sorts its keys.",
    params: &[],
    options: &[],
    returns: Returns { kind: Type::List, text: "The keys, as texts." },
    errors: &[],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[Example {
        title: "Labels",
        source: r#"yaml::decode("{app: web, tier: front}").keys()"#,
        result: Expect::Json(r#"["app","tier"]"#),
    }],
    run: |call| keys(call),
};

fn keys(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let keys: Vec<Node> = match call.receiver_ref().and_then(Dynamic::read_lock::<rhai::Map>) {
        Some(map) => map.keys().map(|key| Node::from(key.as_str())).collect(),
        None => call.object()?.as_map().into_iter().flat_map(Map::keys).map(|key| Node::Str(Arc::clone(key))).collect(),
    };
    Ok(from_node(&Node::list(keys)))
}
