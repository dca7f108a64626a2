//! Takes the first object.

use super::each;
use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;
use std::ops::ControlFlow;

pub(super) const SPEC: Spec = Spec {
    group: "stream",
    name: "first",
    form: Form::Method(&[Type::Stream]),
    summary: "The first object, or `()` if there is none; the rest is not read.",
    details: "",
    params: &[Param {
        name: "which",
        kind: Type::Closure(1),
        text: "The first for which this gives `true`.",
        default: Some("any"),
    }],
    options: &[],
    returns: Returns { kind: Type::Object, text: "The object, or `()`." },
    errors: &[codes::EXPIRED, codes::FORBIDDEN],
    effect: Effect::Read,
    since: "0.1.0",
    examples: &[Example {
        title: "A pending pod",
        source: r#"cluster.stream("Pod").first(|pod| pod.status.phase == "Pending")"#,
        result: Expect::Cluster,
    }],
    run: |call| first(call),
};

fn first(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let which = if call.is_given(0) { Some(call.closure(0)?) } else { None };
    let mut found = Dynamic::UNIT;
    each(call, |shape, object| {
        let value = shape.value(&object);
        let wanted = match &which {
            Some(which) => which.test((value.clone(),))?,
            None => true,
        };
        if wanted {
            found = value;
            return Ok(ControlFlow::Break(()));
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(found)
}
