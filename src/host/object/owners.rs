//! Lists the owners of an object.

use crate::host::{Call, Effect, Example, Expect, Form, Returns, Spec, Thrown, Type, from_node};
use crate::value::Node;
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "object",
    name: "owners",
    form: Form::Method(&[Type::Object]),
    summary: "Lists what owns the object: its `metadata.ownerReferences`.",
    details: "",
    params: &[],
    options: &[],
    returns: Returns { kind: Type::List, text: "The owner references; empty where nothing owns it." },
    errors: &[],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "A pod of a ReplicaSet",
            source: r#"yaml::decode("metadata: {ownerReferences: [{kind: ReplicaSet, name: web-7c9}]}").owners()[0].name"#,
            result: Expect::Json(r#""web-7c9""#),
        },
        Example { title: "None", source: "#{metadata: #{}}.owners()", result: Expect::Json("[]") },
    ],
    run: |call| owners(call),
};

fn owners(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let object = call.object()?;
    Ok(from_node(&Node::list(object.items_at(&["metadata", "ownerReferences"]).to_vec())))
}
