//! Adds up quantities.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use crate::object::Quantity;
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "quantity",
    name: "sum",
    form: Form::Namespaced,
    summary: "Adds up the quantities of a list.",
    details: "`()`, which absent fields read as, adds nothing.",
    params: &[Param { name: "quantities", kind: Type::List, text: "The quantities.", default: None }],
    options: &[],
    returns: Returns {
        kind: Type::Text,
        text: "The sum, in the form of the first one that is not zero; `0` for an empty list.",
    },
    errors: &[codes::QUANTITY, codes::WRONG_TYPE],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example { title: "CPU", source: r#"quantity::sum(["100m", 1, ()])"#, result: Expect::Json(r#""1100m""#) },
        Example {
            title: "Requests of all containers",
            source: r#"quantity::sum([#{m: "1Gi"}, #{m: "512Mi"}].map(|c| c.m))"#,
            result: Expect::Json(r#""1536Mi""#),
        },
        Example {
            title: "One is none",
            source: r#"quantity::sum(["100m", "much"])"#,
            result: Expect::Error(codes::QUANTITY),
        },
    ],
    run: |call| sum(call),
};

fn sum(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let items = call.items(0)?.nodes()?;
    let mut sum = Quantity::default();
    for item in items.iter().filter(|item| !item.is_null()) {
        sum = sum.plus(super::quantity(item)?)?;
    }
    Ok(sum.to_string().into())
}
