//! Makes a value of each object.

use super::each;
use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;
use std::ops::ControlFlow;

pub(super) const SPEC: Spec = Spec {
    group: "stream",
    name: "map",
    form: Form::Method(&[Type::Stream]),
    summary: "Calls the closure with each object and collects what it gives.",
    details: "",
    params: &[Param { name: "make", kind: Type::Closure(1), text: "Called with each object.", default: None }],
    options: &[],
    returns: Returns { kind: Type::List, text: "What the closure gave, in order." },
    errors: &[codes::EXPIRED, codes::FORBIDDEN],
    effect: Effect::Read,
    since: "0.1.0",
    examples: &[Example {
        title: "Names",
        source: r#"cluster.stream("Node").map(|node| node.name)"#,
        result: Expect::Cluster,
    }],
    run: |call| map(call),
};

fn map(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let make = call.closure(0)?;
    let mut made = rhai::Array::new();
    each(call, |shape, object| {
        made.push(make.call((shape.value(&object),))?);
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(Dynamic::from_array(made))
}
