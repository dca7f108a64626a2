//! Makes any number of new items of each.

use crate::diag::codes;
use crate::host::call::describe;
use crate::host::{Call, Effect, Example, Expect, Failure, Form, Param, Returns, Sequence, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "list",
    name: "flat_map",
    form: Form::Method(&[Type::List]),
    summary: "Calls the closure with each item and collects the items of the lists that it gives.",
    details: "",
    params: &[Param {
        name: "make",
        kind: Type::Closure(1),
        text: "Called with each item; must give a list.",
        default: None,
    }],
    options: &[],
    returns: Returns { kind: Type::List, text: "An array of all items of the results, in order." },
    errors: &[codes::DATA_TOO_LARGE],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "All containers",
            source: r#"[#{c: ["a", "b"]}, #{c: []}, #{c: ["c"]}].flat_map(|pod| pod.c)"#,
            result: Expect::Json(r#"["a","b","c"]"#),
        },
        Example { title: "Not a list", source: "[1].flat_map(|n| n)", result: Expect::Error(codes::WRONG_TYPE) },
    ],
    run: |call| flat_map(call),
};

fn flat_map(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (items, make, most) = (call.sequence()?, call.closure(0)?, call.item_limit());
    let mut all = Vec::new();
    for at in 0..items.len() {
        let made = make.call((items.item(at),))?;
        let Some(list) = Sequence::of(&made) else {
            return Err(Failure::new(
                codes::WRONG_TYPE,
                format!("the closure must give a list, not {}", describe(&made)),
            )
            .hint("`map` makes one item of each")
            .into());
        };
        if all.len() + list.len() > most {
            return Err(Failure::new(codes::DATA_TOO_LARGE, format!("the list would grow over {most} items")).into());
        }
        all.extend((0..list.len()).map(|at| list.item(at)));
    }
    Ok(Dynamic::from_array(all))
}
