//! Subtracts one quantity from another.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "quantity",
    name: "subtract",
    form: Form::Namespaced,
    summary: "Subtracts one quantity from another.",
    details: "",
    params: &[
        Param { name: "a", kind: Type::Any, text: "A quantity.", default: None },
        Param { name: "b", kind: Type::Any, text: "What is taken away.", default: None },
    ],
    options: &[],
    returns: Returns { kind: Type::Text, text: "The result, in the form of the first one." },
    errors: &[codes::QUANTITY, codes::WRONG_TYPE],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "What is left",
            source: r#"quantity::subtract("4", "250m")"#,
            result: Expect::Json(r#""3750m""#),
        },
        Example {
            title: "Less than nothing",
            source: r#"quantity::subtract("1Gi", "2Gi")"#,
            result: Expect::Json(r#""-1Gi""#),
        },
    ],
    run: |call| subtract(call),
};

fn subtract(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (a, b) = (super::quantity(&call.node(0)?)?, super::quantity(&call.node(1)?)?);
    Ok(a.minus(b)?.to_string().into())
}
