//! Multiplies a quantity.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use crate::object::{Format, Quantity};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "quantity",
    name: "multiply",
    form: Form::Namespaced,
    summary: "Multiplies a quantity by a number.",
    details: "By a fraction, the result is rounded up: to a whole number in the binary form (`Mi`, `Gi`), to a thousandth otherwise.",
    params: &[
        Param { name: "quantity", kind: Type::Any, text: "A quantity.", default: None },
        Param { name: "factor", kind: Type::Number, text: "The number.", default: None },
    ],
    options: &[],
    returns: Returns { kind: Type::Text, text: "The result, in the form of the quantity." },
    errors: &[codes::QUANTITY, codes::WRONG_TYPE, codes::INVALID_ARGUMENT],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "Three replicas",
            source: r#"quantity::multiply("250m", 3)"#,
            result: Expect::Json(r#""750m""#),
        },
        Example {
            title: "A fifth more",
            source: r#"quantity::multiply("1Gi", 1.25)"#,
            result: Expect::Json(r#""1280Mi""#),
        },
        Example {
            title: "Rounded up",
            source: r#"quantity::multiply("100m", 0.333)"#,
            result: Expect::Json(r#""34m""#),
        },
    ],
    run: |call| multiply(call),
};

fn multiply(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (quantity, factor) = (super::quantity(&call.node(0)?)?, call.node(1)?);
    let product = match factor.as_i64() {
        Some(factor) => quantity.times(factor)?,
        None => scaled(quantity, call.number(1)?)
            .ok_or_else(|| call.invalid("`factor`", &format!("{quantity} times {factor} cannot be counted"), None))?,
    };
    Ok(product.to_string().into())
}

/// Whole bytes or thousandths, rounded up; `None` beyond what a float tells apart.
fn scaled(quantity: Quantity, factor: f64) -> Option<Quantity> {
    /// Below it, every whole number has a float of its own.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    /// What a float multiplication may add to a result that should be whole.
    const NOISE: f64 = 1e-12;
    let is_binary = quantity.format() == Format::Binary;
    let product = quantity.to_f64() * factor * if is_binary { 1.0 } else { 1000.0 };
    if !product.is_finite() || product.abs() >= EXACT {
        return None;
    }
    let rounded = product.signum() * (product.abs() * (1.0 - NOISE)).ceil();
    #[expect(clippy::cast_possible_truncation, reason = "it is whole and far below the largest integer")]
    let amount = rounded as i64;
    Some(if is_binary { Quantity::whole(amount, Format::Binary) } else { Quantity::milli(amount) })
}
