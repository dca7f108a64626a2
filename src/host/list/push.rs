//! Adds an item at the end.

use crate::diag::codes;
use crate::host::handle::Shape;
use crate::host::{Call, Effect, Example, Expect, Failure, Form, List, Param, Returns, Spec, Thrown, Type, to_part};
use rhai::Dynamic;
use std::sync::Arc;

pub(super) const SPEC: Spec = Spec {
    group: "list",
    name: "push",
    form: Form::Change(&[Type::List]),
    summary: "Adds an item at the end. Changes the variable, and nothing in a cluster.",
    details: "",
    params: &[Param { name: "item", kind: Type::Any, text: "The new item.", default: None }],
    options: &[],
    returns: Returns { kind: Type::Nothing, text: "Nothing: the variable has changed." },
    errors: &[codes::UNREPRESENTABLE, codes::DATA_TOO_LARGE, codes::VALUE_BUDGET],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[Example {
        title: "A container",
        source: r#"let pod = yaml::decode("spec: {containers: [{name: app}]}"); pod.spec.containers.push(#{ name: "proxy" }); pod.spec.containers.map(|c| c.name)"#,
        result: Expect::Json(r#"["app","proxy"]"#),
    }],
    run: |call| push(call),
};

fn push(call: &mut Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (item, most) = (call.value(0), call.item_limit());
    let receiver = call.receiver_mut()?;
    if let Some(mut array) = receiver.write_lock::<rhai::Array>() {
        array.push(item);
        return Ok(Dynamic::UNIT);
    }
    if let Some(mut list) = receiver.write_lock::<List>() {
        if list.items.len() >= most {
            return Err(Failure::new(codes::DATA_TOO_LARGE, format!("the list would grow over {most} items")).into());
        }
        Arc::make_mut(&mut list.items).push(to_part(&item)?);
        list.shape = Shape::Free;
    }
    Ok(Dynamic::UNIT)
}
