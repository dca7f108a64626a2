//! Keeps some of the objects.

use super::each;
use crate::diag::codes;
use crate::host::handle::Shape;
use crate::host::{Call, Effect, Example, Expect, Form, List, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;
use std::ops::ControlFlow;
use std::sync::Arc;

pub(super) const SPEC: Spec = Spec {
    group: "stream",
    name: "filter",
    form: Form::Method(&[Type::Stream]),
    summary: "Keeps the objects for which the closure gives `true`.",
    details: "Only what is kept is held in memory.",
    params: &[Param {
        name: "keep",
        kind: Type::Closure(1),
        text: "Called with each object; must give a boolean.",
        default: None,
    }],
    options: &[],
    returns: Returns { kind: Type::List, text: "The objects that were kept." },
    errors: &[codes::EXPIRED, codes::FORBIDDEN],
    effect: Effect::Read,
    since: "0.1.0",
    examples: &[Example {
        title: "Failed pods",
        source: r#"cluster.stream("Pod").filter(|pod| pod.status.phase == "Failed")"#,
        result: Expect::Cluster,
    }],
    run: |call| filter(call),
};

fn filter(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let keep = call.closure(0)?;
    let (mut kept, mut kind) = (Vec::new(), Shape::Free);
    each(call, |shape, object| {
        if keep.test((shape.value(&object),))? {
            kept.push(object);
            kind = shape.clone();
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(Dynamic::from(List { items: Arc::new(kept), shape: kind }))
}
