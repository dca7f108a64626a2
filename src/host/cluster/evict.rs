//! Asks once to evict a pod.

use super::arguments::{grace_period, reach, subject};
use super::options::{GRACE_PERIOD, TIMEOUT};
use crate::cluster::write::{EvictOptions, Eviction};
use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Failure, Form, Param, Returns, Spec, Thrown, Type, from_node};
use crate::value::Node;
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "cluster",
    name: "evict",
    form: Form::Method(&[Type::Cluster]),
    summary: "Asks the API server once to evict a pod, within its disruption budget.",
    details: "A budget that does not allow it now is an error of kind `blocked`. For many pods `cluster.evict_all` is right: it knows the budgets, and waits for them.",
    params: &[Param {
        name: "pod",
        kind: Type::Reference,
        text: "The pod. One that was read carries its uid, so that a successor of the same name is left alone.",
        default: None,
    }],
    options: &[GRACE_PERIOD, TIMEOUT],
    returns: Returns { kind: Type::Text, text: "`\"evicted\"`, or `\"gone\"` where there is no such pod any more." },
    errors: &[codes::EVICTION_BLOCKED, codes::FORBIDDEN, codes::IN_DOUBT],
    effect: Effect::Write,
    since: "0.1.0",
    examples: &[Example { title: "One pod", source: r#"cluster.evict("Pod/shop/web-0")"#, result: Expect::Cluster }],
    run: |call| evict(call),
};

fn evict(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let subject = subject(call, 0)?;
    let mut options = EvictOptions::default();
    options.grace_period = grace_period(call)?;
    options.timeout = call.duration_option("timeout")?;
    let (reference, eviction) = reach(call, async |target, context| {
        let reference = subject.resolve(target, context).await?;
        let eviction = target.evict(context, &reference, &options).await?;
        Ok((reference, eviction))
    })?;
    let blocked = |reason: &str| Failure::new(codes::EVICTION_BLOCKED, format!("cannot evict {reference}: {reason}"));
    match eviction {
        Eviction::Evicted => Ok(from_node(&Node::from("evicted"))),
        Eviction::Gone | Eviction::Replaced => Ok(from_node(&Node::from("gone"))),
        Eviction::Blocked { reason, .. } => {
            Err(blocked(&reason).hint("`cluster.evict_all` waits until the budget allows it").into())
        }
        Eviction::NotYetObserved { retry_after, .. } => {
            Err(blocked("its disruption budget was changed and not looked at yet")
                .retry_after(Some(retry_after))
                .into())
        }
        Eviction::Refused { reason } => Err(blocked(&reason).into()),
    }
}
