//! Sets a number of replicas.

use super::arguments::{patch_options, reach_object, subject};
use super::options::TIMEOUT;
use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "cluster",
    name: "scale",
    form: Form::Method(&[Type::Cluster]),
    summary: "Sets the number of replicas of anything that can be scaled.",
    details: "It goes through the `scale` subresource, as kubectl does it. It does not wait: `cluster.wait(ref, \"ready\")` does.",
    params: &[
        Param {
            name: "reference",
            kind: Type::Reference,
            text: "The object: itself, its `.ref`, or `\"Kind/namespace/name\"`.",
            default: None,
        },
        Param { name: "replicas", kind: Type::Integer, text: "How many, 0 or more.", default: None },
    ],
    options: &[TIMEOUT],
    returns: Returns { kind: Type::Object, text: "The `Scale` afterwards." },
    errors: &[codes::NOT_FOUND, codes::FORBIDDEN, codes::CONFLICT, codes::UNSUPPORTED, codes::INVALID_ARGUMENT],
    effect: Effect::Write,
    since: "0.1.0",
    examples: &[Example {
        title: "Three replicas",
        source: r#"cluster.scale("Deployment/shop/web", 3)"#,
        result: Expect::Cluster,
    }],
    run: |call| scale(call),
};

fn scale(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (subject, options, wanted) = (subject(call, 0)?, patch_options(call)?, call.integer(1)?);
    let replicas = u32::try_from(wanted)
        .map_err(|_| call.invalid("`replicas`", &format!("{wanted} is no number of replicas"), None))?;
    reach_object(call, async |target, context| {
        let reference = subject.resolve(target, context).await?;
        target.scale(context, &reference, replicas, &options).await
    })
}
