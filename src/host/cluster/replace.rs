//! Replaces an object by another value of it.

use super::arguments::{reach_object, scope, subresource};
use super::options::{NAMESPACE, SUBRESOURCE, TIMEOUT};
use crate::cluster::write::ReplaceOptions;
use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type, learn_secrets};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "cluster",
    name: "replace",
    form: Form::Method(&[Type::Cluster]),
    summary: "Replaces an object: what is not said is gone.",
    details: "An object that was read carries its `metadata.resourceVersion`, so that a change by someone else meanwhile is an error instead of being overwritten. To change a part, `cluster.apply` or `cluster.patch` is safer.",
    params: &[Param { name: "object", kind: Type::Object, text: "The whole object.", default: None }],
    options: &[NAMESPACE, SUBRESOURCE, TIMEOUT],
    returns: Returns { kind: Type::Object, text: "The object as it is afterwards." },
    errors: &[codes::NOT_FOUND, codes::CONFLICT, codes::INVALID, codes::INVALID_OBJECT, codes::FORBIDDEN],
    effect: Effect::Write,
    since: "0.1.0",
    examples: &[Example {
        title: "Change what was read",
        source: r#"let map = cluster.get("ConfigMap", "greeting"); map.data.text = "bye"; cluster.replace(map)"#,
        result: Expect::Cluster,
    }],
    run: |call| replace(call),
};

fn replace(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let object = call.node(0)?;
    learn_secrets(call.host(), &object);
    let mut options = ReplaceOptions::default();
    options.scope = scope(call)?;
    options.subresource = subresource(call)?;
    options.timeout = call.duration_option("timeout")?;
    reach_object(call, async |target, context| target.replace(context, &object, &options).await)
}
