//! Waits until an object is as it should be.

use super::Cluster;
use super::arguments::{Subject, failure, handed, reach_in, subject};
use crate::cluster::Target;
use crate::cluster::wait::{Condition, Moment, Verdict, WaitError, WaitOptions, Waiting};
use crate::diag::{Explain as _, codes};
use crate::host::{Call, Closure, Effect, Example, Expect, Failure, Form, Opt, Param, Returns, Spec, Thrown, Type};
use crate::value::Node;
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "cluster",
    name: "wait",
    form: Form::Method(&[Type::Cluster]),
    summary: "Waits until an object is as it should be.",
    details: "The condition is one of kubectl's words: `\"ready\"` by the rules of the kind, `\"deleted\"`, `\"exists\"`, \
              `\"condition=Available\"`, `\"condition=Ready=False\"`, `\"jsonpath={.status.phase}=Running\"`, \
              `\"jsonpath={.status.loadBalancer.ingress}\"`; or a closure that gets the object, or `()` where there is none, and \
              gives a boolean. The object is watched, not polled. An object that has failed for good ends the wait at once. The \
              error says what was waited for, what was seen last, and why: the worst pod, its container's end and last log \
              lines, the last warnings. With an object or its `.ref` that very object is meant, not one that takes its name later.",
    params: &[
        Param { name: "reference", kind: Type::Reference, text: "The object.", default: None },
        Param { name: "condition", kind: Type::Condition, text: "What to wait for.", default: None },
    ],
    options: &[
        Opt { name: "timeout", kind: Type::Duration, text: "How long to wait at most.", default: "5m" },
        Opt {
            name: "stable_for",
            kind: Type::Duration,
            text: "How long the condition has to hold without interruption.",
            default: "0s",
        },
    ],
    returns: Returns { kind: Type::Object, text: "The object as it is then; `()` where it is gone." },
    errors: &[
        codes::NOT_READY,
        codes::WAIT_FAILED,
        codes::INVALID_ARGUMENT,
        codes::UNKNOWN_KIND,
        codes::INVALID_NAME,
        codes::FORBIDDEN,
    ],
    effect: Effect::Read,
    since: "0.1.0",
    examples: &[
        Example {
            title: "Until a Deployment is available",
            source: r#"cluster.wait("Deployment/shop/web", "condition=Available", #{ timeout: "2m" })"#,
            result: Expect::Cluster,
        },
        Example {
            title: "Until a node has been ready for a minute",
            source: r#"cluster.wait("Node/node-000", "ready", #{ stable_for: "1m" })"#,
            result: Expect::Cluster,
        },
        Example {
            title: "Until a closure says so",
            source: r#"cluster.wait("Deployment/web", |object| object != () && object.status.updatedReplicas == 3)"#,
            result: Expect::Cluster,
        },
    ],
    run: |call| wait(call),
};

fn wait(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (cluster, subject) = (call.receiver::<Cluster>()?, subject(call, 0)?);
    let mut options = WaitOptions::default();
    options.timeout = call.duration_option("timeout")?.unwrap_or(options.timeout);
    options.stable_for = call.duration_option("stable_for")?.unwrap_or(options.stable_for);
    let target = reach_in(call, &cluster, async |target, _| Ok(target.clone()))?;
    let found = match call.closure(1) {
        Ok(closure) => {
            let waiting = call.wait(begin(call, &target, &subject, &Condition::Exists, &options))?;
            judged_by(call, &target, waiting.described("the closure", "did not fulfil the closure"), &closure)?
        }
        Err(_) => {
            let condition = condition(call)?;
            call.wait(async {
                let waiting = begin(call, &target, &subject, &condition, &options).await?;
                waiting.until(&condition).await.map_err(unmet)
            })?
        }
    };
    Ok(value(call, &target, found.as_ref()))
}

fn condition(call: &Call<'_, '_>) -> Result<Condition, Failure> {
    parse_condition(&call.text(1)?)
}

pub(super) fn parse_condition(text: &str) -> Result<Condition, Failure> {
    Ok(Condition::parse(text).map_err(WaitError::InvalidCondition)?)
}

/// What was seen of the object; `()` where there is none.
fn value(call: &Call<'_, '_>, target: &Target, object: Option<&Node>) -> Dynamic {
    object.map(|object| handed(call, target, object)).unwrap_or_default()
}

async fn begin(
    call: &Call<'_, '_>,
    target: &Target,
    subject: &Subject,
    condition: &Condition,
    options: &WaitOptions,
) -> Result<Waiting, Failure> {
    let context = &call.host().context;
    let reference = subject.resolve(target, context).await.map_err(failure)?;
    target.waiting(context, &reference, condition, options).await.map_err(unmet)
}

/// The closure runs between two waits, so that it may call the cluster itself.
fn judged_by(
    call: &Call<'_, '_>,
    target: &Target,
    mut waiting: Waiting,
    closure: &Closure<'_, '_>,
) -> Result<Option<Node>, Thrown> {
    loop {
        match call.wait(async { waiting.next().await.map_err(unmet) })? {
            Moment::Held => return Ok(waiting.into_last()),
            Moment::Seen(object) => {
                let is_met = closure.test((value(call, target, object.as_ref()),))?;
                let verdict = if is_met { Verdict::Met } else { Verdict::Pending("the closure gave false".to_owned()) };
                call.wait(async { waiting.judge(verdict).await.map_err(unmet) })?;
            }
        }
    }
}

fn unmet(error: WaitError) -> Failure {
    match error {
        WaitError::Cluster(error) => failure(error),
        WaitError::NotMet(ref unmet) | WaitError::Hopeless(ref unmet) => {
            let about = (unmet.cluster.to_string(), unmet.object.clone());
            Failure::of(error.diagnostic()).about(Some(&about.0), Some(about.1))
        }
        other => other.into(),
    }
}
