//! A quantity of a number.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use crate::object::Quantity;
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "quantity",
    name: "from_number",
    form: Form::Namespaced,
    summary: "Makes a quantity of a number and a unit.",
    details: "",
    params: &[
        Param { name: "number", kind: Type::Number, text: "The number.", default: None },
        Param {
            name: "unit",
            kind: Type::Text,
            text: "Any suffix of quantities; an empty text for none.",
            default: None,
        },
    ],
    options: &[],
    returns: Returns { kind: Type::Text, text: "The quantity in its canonical form." },
    errors: &[codes::QUANTITY, codes::WRONG_TYPE],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example { title: "Memory", source: r#"quantity::from_number(1.5, "Gi")"#, result: Expect::Json(r#""1536Mi""#) },
        Example { title: "CPU", source: r#"quantity::from_number(250, "m")"#, result: Expect::Json(r#""250m""#) },
    ],
    run: |call| from_number(call),
};

fn from_number(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (number, unit) = (call.node(0)?, call.text(1)?);
    // A float prints without an exponent here, unlike as JSON.
    let number =
        number.as_i64().map_or_else(|| number.as_f64().unwrap_or_default().to_string(), |whole| whole.to_string());
    let quantity = Quantity::parse(&format!("{number}{unit}"))?;
    Ok(quantity.to_string().into())
}
