//! Finds the first item that a closure says yes to.

use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "list",
    name: "find",
    form: Form::Method(&[Type::List]),
    summary: "Finds the first item for which the closure gives `true`.",
    details: "",
    params: &[Param {
        name: "test",
        kind: Type::Closure(1),
        text: "Called with each item; must give a boolean.",
        default: None,
    }],
    options: &[],
    returns: Returns { kind: Type::Any, text: "The item, or `()` where there is none." },
    errors: &[],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "By name",
            source: r#"yaml::decode("[{name: a, port: 80}, {name: b, port: 443}]").find(|p| p.name == "b").port"#,
            result: Expect::Json("443"),
        },
        Example { title: "None", source: "[1, 2].find(|n| n > 2)", result: Expect::Json("null") },
    ],
    run: |call| find(call),
};

fn find(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (items, test) = (call.sequence()?, call.closure(0)?);
    for at in 0..items.len() {
        if test.test((items.item(at),))? {
            return Ok(items.item(at));
        }
    }
    Ok(Dynamic::UNIT)
}
