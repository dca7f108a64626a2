//! Deletes an object.

use super::arguments::{grace_period, propagation, reach, subject};
use super::options::{GRACE_PERIOD, PROPAGATION, TIMEOUT};
use crate::cluster::write::{DeleteOptions, Deletion};
use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Opt, Param, Returns, Spec, Thrown, Type, from_node};
use crate::value::Node;
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "cluster",
    name: "delete",
    form: Form::Method(&[Type::Cluster]),
    summary: "Deletes an object.",
    details: "A reference that was read carries the uid: then this very object is deleted, and no later one of its name. The call does not wait until the object is gone: `cluster.wait(ref, \"deleted\")` does.",
    params: &[Param {
        name: "reference",
        kind: Type::Reference,
        text: "The object: itself, its `.ref`, or `\"Kind/namespace/name\"`.",
        default: None,
    }],
    options: &[
        GRACE_PERIOD,
        PROPAGATION,
        Opt {
            name: "uid",
            kind: Type::Text,
            text: "Delete the object with this uid only.",
            default: "the uid of the reference",
        },
        Opt {
            name: "resource_version",
            kind: Type::Text,
            text: "Delete it only as it was in this version.",
            default: "any",
        },
        TIMEOUT,
    ],
    returns: Returns {
        kind: Type::Text,
        text: "`\"gone\"`, or `\"terminating\"` where finalizers, its grace period or its dependents keep it for a while.",
    },
    errors: &[codes::NOT_FOUND, codes::FORBIDDEN, codes::CONFLICT, codes::IN_DOUBT],
    effect: Effect::Write,
    since: "0.1.0",
    examples: &[Example {
        title: "A pod that was read",
        source: r#"for pod in cluster.list("Pod", #{ fields: "status.phase=Failed" }) { cluster.delete(pod); }"#,
        result: Expect::Cluster,
    }],
    run: |call| delete(call),
};

fn delete(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let subject = subject(call, 0)?;
    let mut options = DeleteOptions::default();
    options.grace_period = grace_period(call)?;
    options.propagation = propagation(call)?;
    options.uid = call.text_option("uid").map(Into::into);
    options.resource_version = call.text_option("resource_version").map(Into::into);
    options.timeout = call.duration_option("timeout")?;
    let deletion = reach(call, async |target, context| {
        let reference = subject.resolve(target, context).await?;
        target.delete(context, &reference, &options).await
    })?;
    let word = if matches!(deletion, Deletion::Gone) { "gone" } else { "terminating" };
    Ok(from_node(&Node::from(word)))
}
