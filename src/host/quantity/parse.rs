//! Reads a quantity.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "quantity",
    name: "parse",
    form: Form::Namespaced,
    summary: "Reads a quantity and gives it in its canonical form.",
    details: "Here and in all functions of `quantity::`, a number counts as a quantity without a suffix.",
    params: &[Param { name: "quantity", kind: Type::Any, text: "The quantity, as text or number.", default: None }],
    options: &[],
    returns: Returns { kind: Type::Text, text: "The quantity as Kubernetes writes it." },
    errors: &[codes::QUANTITY, codes::WRONG_TYPE],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example { title: "Mebibytes", source: r#"quantity::parse("1024Mi")"#, result: Expect::Json(r#""1Gi""#) },
        Example {
            title: "A fraction of a CPU",
            source: r#"quantity::parse("0.5")"#,
            result: Expect::Json(r#""500m""#),
        },
        Example { title: "No quantity", source: r#"quantity::parse("1 GB")"#, result: Expect::Error(codes::QUANTITY) },
    ],
    run: |call| parse(call),
};

fn parse(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    Ok(super::quantity(&call.node(0)?)?.to_string().into())
}
