//! Keeps the items that a closure says yes to.

use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "list",
    name: "filter",
    form: Form::Method(&[Type::List]),
    summary: "Keeps the items for which the closure gives `true`, in their order.",
    details: "",
    params: &[Param {
        name: "keep",
        kind: Type::Closure(1),
        text: "Called with each item; must give a boolean.",
        default: None,
    }],
    options: &[],
    returns: Returns { kind: Type::List, text: "The items that were kept." },
    errors: &[],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example { title: "Even numbers", source: "[1, 2, 3, 4].filter(|n| n % 2 == 0)", result: Expect::Json("[2,4]") },
        Example {
            title: "Pods that are not running",
            source: r#"cluster.list("Pod").filter(|pod| pod.status.phase != "Running")"#,
            result: Expect::Cluster,
        },
    ],
    run: |call| filter(call),
};

fn filter(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (items, keep) = (call.sequence()?, call.closure(0)?);
    let mut kept = Vec::new();
    for at in 0..items.len() {
        if keep.test((items.item(at),))? {
            kept.push(at);
        }
    }
    Ok(items.select(&kept))
}
