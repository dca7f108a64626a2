//! Counts the objects.

use super::each;
use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;
use std::ops::ControlFlow;

pub(super) const SPEC: Spec = Spec {
    group: "stream",
    name: "count",
    form: Form::Method(&[Type::Stream]),
    summary: "Counts the objects, or those for which the closure gives `true`.",
    details: "",
    params: &[Param {
        name: "which",
        kind: Type::Closure(1),
        text: "Called with each object; must give a boolean.",
        default: Some("all of them"),
    }],
    options: &[],
    returns: Returns { kind: Type::Integer, text: "How many." },
    errors: &[codes::EXPIRED, codes::FORBIDDEN],
    effect: Effect::Read,
    since: "0.1.0",
    examples: &[Example {
        title: "Pods without a node",
        source: r#"cluster.stream("Pod", #{ namespace: "*" }).count(|pod| pod.spec.nodeName == ())"#,
        result: Expect::Cluster,
    }],
    run: |call| count(call),
};

fn count(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let which = if call.is_given(0) { Some(call.closure(0)?) } else { None };
    let mut count: i64 = 0;
    each(call, |shape, object| {
        let counts = match &which {
            Some(which) => which.test((shape.value(&object),))?,
            None => true,
        };
        count += i64::from(counts);
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(Dynamic::from_int(count))
}
