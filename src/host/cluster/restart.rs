//! Restarts the pods of a workload as a rollout.

use super::arguments::{patch_options, reach_object, subject};
use super::options::TIMEOUT;
use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "cluster",
    name: "restart",
    form: Form::Method(&[Type::Cluster]),
    summary: "Restarts the pods of a Deployment, StatefulSet or DaemonSet as a rollout.",
    details: "An annotation of the pod template is set, the one that `kubectl rollout restart` uses. A paused rollout is an error, because nothing would happen.",
    params: &[Param {
        name: "reference",
        kind: Type::Reference,
        text: "The object: itself, its `.ref`, or `\"Kind/namespace/name\"`.",
        default: None,
    }],
    options: &[TIMEOUT],
    returns: Returns { kind: Type::Object, text: "The workload afterwards." },
    errors: &[codes::NOT_FOUND, codes::FORBIDDEN, codes::CONFLICT, codes::UNSUPPORTED, codes::INVALID_OBJECT],
    effect: Effect::Write,
    since: "0.1.0",
    examples: &[Example {
        title: "Restart and wait",
        source: r#"let web = cluster.restart("Deployment/shop/web"); cluster.wait(web, "ready")"#,
        result: Expect::Cluster,
    }],
    run: |call| restart(call),
};

fn restart(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (subject, options) = (subject(call, 0)?, patch_options(call)?);
    let now = call.host().world.now();
    reach_object(call, async |target, context| {
        let reference = subject.resolve(target, context).await?;
        target.restart(context, &reference, now, &options).await
    })
}
