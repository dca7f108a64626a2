//! Tells whether two ranges share an address.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "net",
    name: "overlaps",
    form: Form::Namespaced,
    summary: "Tells whether two address ranges share an address.",
    details: "",
    params: &[
        Param { name: "a", kind: Type::Text, text: "A range.", default: None },
        Param { name: "b", kind: Type::Text, text: "Another range.", default: None },
    ],
    options: &[],
    returns: Returns { kind: Type::Boolean, text: "Whether they do." },
    errors: &[codes::DECODE],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "Pods and services",
            source: r#"net::overlaps("10.0.0.0/16", "10.0.128.0/20")"#,
            result: Expect::Json("true"),
        },
        Example {
            title: "Side by side",
            source: r#"net::overlaps("10.0.0.0/24", "10.0.1.0/24")"#,
            result: Expect::Json("false"),
        },
    ],
    run: |call| overlaps(call),
};

fn overlaps(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (a, b) = (super::range(&call.text(0)?)?, super::range(&call.text(1)?)?);
    // Ranges lie inside each other or apart.
    Ok((a.contains(&b) || b.contains(&a)).into())
}
