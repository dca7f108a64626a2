//! Evicts many pods within their disruption budgets.

use super::Cluster;
use super::arguments::failure;
use crate::cluster::evictions::{EvictionsError, EvictionsOptions, OnBlocked};
use crate::diag::{Explain as _, codes, did_you_mean};
use crate::host::{Call, Effect, Example, Expect, Failure, Form, Opt, Param, Returns, Spec, Thrown, Type, from_node};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "cluster",
    name: "evict_all",
    form: Form::Method(&[Type::Cluster]),
    summary: "Evicts pods within their disruption budgets, and waits until they are gone.",
    details: "One scheduler works on all pods at once: it asks no budget for more than it allows, and asks again as soon as a \
              replacement is ready. Pods of DaemonSets and mirrors of static pods are left alone. Budgets that can never be met \
              are told before the first eviction, with what would help. The result is an account: `total`, a count for each of \
              `evicted`, `gone`, `replaced`, `skipped`, `going`, `blocked`, `in_doubt`, `timed_out`, `not_tried`, `requests`, \
              `seconds`, and `pods` with `namespace`, `name`, `uid`, `node`, `fate` and `why`. Where pods are left that should \
              have gone, the same account is in the error's `details`; also where the run is interrupted or reaches its deadline, \
              which `rutter run` then shows. With `dry_run` nothing is evicted and the result is a forecast: `total`, `now`, `later`, \
              `waiting_for`, `blocked`, `left_alone`, `gone`, `unmanaged`, `with_local_data`.",
    params: &[Param { name: "pods", kind: Type::List, text: "The pods, as `cluster.list` gives them.", default: None }],
    options: &[
        Opt { name: "timeout", kind: Type::Duration, text: "How long it may take in all.", default: "30m" },
        Opt {
            name: "on_blocked",
            kind: Type::Text,
            text: "What to do about pods that may not go as things are: `\"fail\"` before the first eviction, `\"skip\"` them, or \
                   `\"wait\"` for someone to change that.",
            default: "\"fail\"",
        },
        Opt {
            name: "grace_period",
            kind: Type::Integer,
            text: "Seconds that each pod gets to end.",
            default: "each pod's own",
        },
        Opt {
            name: "nodes_at_once",
            kind: Type::Integer,
            text: "How many nodes are emptied at the same time, in the order of the pods. The next one begins when one is empty, \
                   and none after a pod was left over.",
            default: "all of them",
        },
        Opt { name: "label", kind: Type::Text, text: "What the work is called while it goes on.", default: "as it is" },
        Opt { name: "dry_run", kind: Type::Boolean, text: "Only tell what it would come to.", default: "false" },
    ],
    returns: Returns { kind: Type::Object, text: "The account, or the forecast." },
    errors: &[
        codes::EVICTION_BLOCKED,
        codes::EVICTION_INCOMPLETE,
        codes::INVALID_OBJECT,
        codes::INVALID_ARGUMENT,
        codes::FORBIDDEN,
    ],
    effect: Effect::Write,
    since: "0.1.0",
    examples: &[
        Example {
            title: "Empty a node",
            source: r#"cluster.evict_all(cluster.list("Pod", #{ namespace: "*", fields: "spec.nodeName=node-000" }), #{ timeout: "10m" }).evicted"#,
            result: Expect::Cluster,
        },
        Example {
            title: "What would it come to?",
            source: r#"cluster.evict_all(cluster.list("Pod", #{ labels: "app=web" }), #{ dry_run: true }).blocked"#,
            result: Expect::Cluster,
        },
    ],
    run: |call| evict_all(call),
};

fn evict_all(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (cluster, pods) = (call.receiver::<Cluster>()?, call.items(0)?.nodes()?);
    let mut options = EvictionsOptions::default();
    options.timeout = call.duration_option("timeout")?.unwrap_or(options.timeout);
    options.on_blocked = on_blocked(call)?;
    options.grace_period = grace_period(call)?;
    options.label = call.text_option("label").map(str::to_owned);
    options.nodes_at_once = nodes_at_once(call)?;
    let context = &call.host().context;
    let target = call.wait(async { cluster.target().await.map_err(failure) })?;
    let result = if call.flag("dry_run") {
        call.wait(async { target.forecast_evictions(context, &pods).await.map_err(left) })?.to_node()
    } else {
        call.wait_out(async { target.evict_all(context, &pods, &options).await.map_err(left) })?.to_node()
    };
    Ok(from_node(&result))
}

fn nodes_at_once(call: &Call<'_, '_>) -> Result<Option<usize>, Failure> {
    match call.count_option("nodes_at_once")? {
        Some(0) => Err(call.invalid("option `nodes_at_once`", "it must be at least 1", None)),
        count => Ok(count.map(|count| usize::try_from(count).unwrap_or(usize::MAX))),
    }
}

fn on_blocked(call: &Call<'_, '_>) -> Result<OnBlocked, Failure> {
    match call.text_option("on_blocked") {
        None | Some("fail") => Ok(OnBlocked::Fail),
        Some("skip") => Ok(OnBlocked::Skip),
        Some("wait") => Ok(OnBlocked::Wait),
        Some(other) => {
            let hint = did_you_mean(other, ["fail", "skip", "wait"]).unwrap_or("it is fail, skip or wait".to_owned());
            Err(call.invalid("option `on_blocked`", &format!("there is no `{other}`"), Some(hint)))
        }
    }
}

fn grace_period(call: &Call<'_, '_>) -> Result<Option<u32>, Failure> {
    let too_long = |_| call.invalid("option `grace_period`", "it is too long", None);
    call.count_option("grace_period")?.map(|seconds| u32::try_from(seconds).map_err(too_long)).transpose()
}

fn left(error: EvictionsError) -> Failure {
    let diagnostic = error.diagnostic();
    match error {
        EvictionsError::Cluster(error) => failure(error),
        EvictionsError::Blocked { cluster, forecast } => {
            Failure::of(diagnostic).about(Some(&cluster), None).details(Some(forecast.to_node()))
        }
        EvictionsError::Incomplete { cluster, account, .. } => {
            Failure::of(diagnostic).about(Some(&cluster), None).details(Some(account.to_node()))
        }
        EvictionsError::NoPod { .. } => Failure::of(diagnostic),
    }
}
