//! Adds up the values of a field.

use super::each;
use crate::diag::codes;
use crate::host::list::Sum;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;
use std::ops::ControlFlow;

pub(super) const SPEC: Spec = Spec {
    group: "stream",
    name: "sum",
    form: Form::Method(&[Type::Stream]),
    summary: "Adds up the numbers at a path.",
    details: "An object without the field adds nothing.",
    params: &[Param { name: "path", kind: Type::Path, text: "Where the numbers stand.", default: None }],
    options: &[],
    returns: Returns { kind: Type::Number, text: "The sum; a whole number if all are whole." },
    errors: &[codes::EXPIRED, codes::FORBIDDEN, codes::UNKNOWN_FIELD],
    effect: Effect::Read,
    since: "0.1.0",
    examples: &[Example {
        title: "All replicas",
        source: r#"cluster.stream("Deployment", #{ namespace: "*" }).sum("spec.replicas")"#,
        result: Expect::Cluster,
    }],
    run: |call| sum(call),
};

fn sum(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let path = call.path(0)?;
    let (mut sum, mut at) = (Sum::default(), 0);
    each(call, |shape, object| {
        shape.check(call.host(), &object, &path)?;
        sum.add(at, &object, &path)?;
        at += 1;
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(sum.total())
}
