//! Counts objects by the value of a field.

use super::each;
use crate::diag::codes;
use crate::host::list::group_name;
use crate::host::{Call, Effect, Example, Expect, Form, Object, Param, Returns, Spec, Thrown, Type};
use crate::value::{Map, Node};
use rhai::Dynamic;
use std::ops::ControlFlow;

pub(super) const SPEC: Spec = Spec {
    group: "stream",
    name: "group_by",
    form: Form::Method(&[Type::Stream]),
    summary: "Counts the objects by the value at a path.",
    details: "Only the counts are kept, so memory stays constant: `list.group_by` keeps the objects. An object without the field counts as `(none)`.",
    params: &[Param { name: "path", kind: Type::Path, text: "Where the value stands.", default: None }],
    options: &[],
    returns: Returns { kind: Type::Object, text: "A map from the value, as text, to the number of its objects." },
    errors: &[codes::EXPIRED, codes::FORBIDDEN, codes::UNKNOWN_FIELD],
    effect: Effect::Read,
    since: "0.1.0",
    examples: &[Example {
        title: "Pods by phase",
        source: r#"cluster.stream("Pod", #{ namespace: "*" }).group_by("status.phase")"#,
        result: Expect::Cluster,
    }],
    run: |call| group_by(call),
};

fn group_by(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let path = call.path(0)?;
    let mut counts = Map::new();
    each(call, |shape, object| {
        shape.check(call.host(), &object, &path)?;
        let name = group_name(object.lookup(&path));
        let count = counts.get(&name).and_then(Node::as_i64).unwrap_or(0);
        counts.insert(name, count + 1);
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(Dynamic::from(Object::free(Node::map(counts))))
}
