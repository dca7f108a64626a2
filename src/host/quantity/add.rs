//! Adds two quantities.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "quantity",
    name: "add",
    form: Form::Namespaced,
    summary: "Adds two quantities.",
    details: "",
    params: &[
        Param { name: "a", kind: Type::Any, text: "A quantity.", default: None },
        Param { name: "b", kind: Type::Any, text: "Another one.", default: None },
    ],
    options: &[],
    returns: Returns { kind: Type::Text, text: "The result, in the form of the first one." },
    errors: &[codes::QUANTITY, codes::WRONG_TYPE],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example { title: "Memory", source: r#"quantity::add("1Gi", "512Mi")"#, result: Expect::Json(r#""1536Mi""#) },
        Example { title: "CPU", source: r#"quantity::add("1", "250m")"#, result: Expect::Json(r#""1250m""#) },
    ],
    run: |call| add(call),
};

fn add(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (a, b) = (super::quantity(&call.node(0)?)?, super::quantity(&call.node(1)?)?);
    Ok(a.plus(b)?.to_string().into())
}
