//! A quantity as a number.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "quantity",
    name: "to_number",
    form: Form::Namespaced,
    summary: "Counts a quantity in a unit.",
    details: "Amounts over 2^53 lose precision.",
    params: &[
        Param { name: "quantity", kind: Type::Any, text: "A quantity.", default: None },
        Param {
            name: "unit",
            kind: Type::Text,
            text: "Any suffix of quantities: `m`, `k`, `Mi`, `Gi` and so on.",
            default: Some("no suffix"),
        },
    ],
    options: &[],
    returns: Returns { kind: Type::Number, text: "The number: a whole one where it is whole." },
    errors: &[codes::QUANTITY, codes::WRONG_TYPE],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example { title: "Bytes", source: r#"quantity::to_number("1Ki")"#, result: Expect::Json("1024") },
        Example { title: "Gibibytes", source: r#"quantity::to_number("1536Mi", "Gi")"#, result: Expect::Json("1.5") },
        Example {
            title: "Thousandths of a CPU",
            source: r#"quantity::to_number("1.5", "m")"#,
            result: Expect::Json("1500"),
        },
        Example {
            title: "No unit",
            source: r#"quantity::to_number("1Gi", "GB")"#,
            result: Expect::Error(codes::QUANTITY),
        },
    ],
    run: |call| to_number(call),
};

fn to_number(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let quantity = super::quantity(&call.node(0)?)?;
    let number = if call.is_given(1) { quantity.in_unit(&call.text(1)?)? } else { quantity.to_f64() };
    // What is whole as a float, and exact there, is whole.
    #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and in range")]
    let whole = (number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0).then_some(number as i64);
    Ok(whole.map_or_else(|| Dynamic::from_float(number), Dynamic::from_int))
}
