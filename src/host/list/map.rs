//! Makes a new item of each.

use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "list",
    name: "map",
    form: Form::Method(&[Type::List]),
    summary: "Calls the closure with each item and collects what it gives.",
    details: "",
    params: &[Param {
        name: "make",
        kind: Type::Closure(1),
        text: "Called with each item; gives the new one.",
        default: None,
    }],
    options: &[],
    returns: Returns { kind: Type::List, text: "An array of the results, in the order of the items." },
    errors: &[],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[Example {
        title: "Names",
        source: r#"yaml::decode("[{name: a}, {name: b}]").map(|pod| pod.name)"#,
        result: Expect::Json(r#"["a","b"]"#),
    }],
    run: |call| map(call),
};

fn map(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (items, make) = (call.sequence()?, call.closure(0)?);
    let made: Result<Vec<Dynamic>, Thrown> = (0..items.len()).map(|at| make.call((items.item(at),))).collect();
    Ok(Dynamic::from_array(made?))
}
