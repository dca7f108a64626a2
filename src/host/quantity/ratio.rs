//! How many times one quantity fits into another.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Failure, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "quantity",
    name: "ratio",
    form: Form::Namespaced,
    summary: "Tells how many times the second quantity fits into the first.",
    details: "",
    params: &[
        Param { name: "a", kind: Type::Any, text: "A quantity.", default: None },
        Param { name: "b", kind: Type::Any, text: "What it is measured in.", default: None },
    ],
    options: &[],
    returns: Returns { kind: Type::Number, text: "The ratio, a number with a fraction." },
    errors: &[codes::QUANTITY, codes::WRONG_TYPE, codes::ARITHMETIC],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "Used of requested",
            source: r#"quantity::ratio("256Mi", "1Gi")"#,
            result: Expect::Json("0.25"),
        },
        Example {
            title: "Of nothing",
            source: r#"quantity::ratio("1", "0")"#,
            result: Expect::Error(codes::ARITHMETIC),
        },
    ],
    run: |call| ratio(call),
};

fn ratio(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (a, b) = (super::quantity(&call.node(0)?)?, super::quantity(&call.node(1)?)?);
    let ratio = a.ratio(b).ok_or_else(|| Failure::new(codes::ARITHMETIC, format!("{a} is divided by zero")))?;
    Ok(Dynamic::from_float(ratio))
}
