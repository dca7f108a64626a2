//! Compares two quantities.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "quantity",
    name: "compare",
    form: Form::Namespaced,
    summary: "Compares two quantities by their amounts.",
    details: "",
    params: &[
        Param { name: "a", kind: Type::Any, text: "A quantity.", default: None },
        Param { name: "b", kind: Type::Any, text: "Another one.", default: None },
    ],
    options: &[],
    returns: Returns {
        kind: Type::Integer,
        text: "-1 if the first is smaller, 1 if it is larger, 0 if they are equal.",
    },
    errors: &[codes::QUANTITY, codes::WRONG_TYPE],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "Two forms of one amount",
            source: r#"quantity::compare("1Gi", "1024Mi")"#,
            result: Expect::Json("0"),
        },
        Example { title: "Smaller", source: r#"quantity::compare("900m", "1")"#, result: Expect::Json("-1") },
    ],
    run: |call| compare(call),
};

fn compare(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (a, b) = (super::quantity(&call.node(0)?)?, super::quantity(&call.node(1)?)?);
    Ok(Dynamic::from_int(a.cmp(&b) as i64))
}
