//! Keeps new pods off a node.

use super::arguments::{node_subject, patch_options, reach_object};
use super::options::TIMEOUT;
use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "cluster",
    name: "cordon",
    form: Form::Method(&[Type::Cluster]),
    summary: "Keeps new pods off a node; those that run there stay.",
    details: "",
    params: &[Param {
        name: "node",
        kind: Type::Reference,
        text: "The node: an object, its `.ref`, `\"Node/name\"`, or its name.",
        default: None,
    }],
    options: &[TIMEOUT],
    returns: Returns { kind: Type::Object, text: "The node afterwards." },
    errors: &[codes::NOT_FOUND, codes::FORBIDDEN, codes::CONFLICT],
    effect: Effect::Write,
    since: "0.1.0",
    examples: &[Example { title: "By name", source: r#"cluster.cordon("node-000")"#, result: Expect::Cluster }],
    run: |call| cordon(call),
};

fn cordon(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (subject, options) = (node_subject(call, 0)?, patch_options(call)?);
    reach_object(call, async |target, context| {
        let reference = subject.resolve(target, context).await?;
        target.cordon(context, &reference, &options).await
    })
}
