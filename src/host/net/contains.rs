//! Tells whether a range contains an address or range.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;
use std::net::IpAddr;

pub(super) const SPEC: Spec = Spec {
    group: "net",
    name: "contains",
    form: Form::Namespaced,
    summary: "Tells whether an address range contains an address or another range.",
    details: "",
    params: &[
        Param { name: "cidr", kind: Type::Text, text: "An address range, as in `10.0.0.0/8`.", default: None },
        Param { name: "inner", kind: Type::Text, text: "An address or a range.", default: None },
    ],
    options: &[],
    returns: Returns { kind: Type::Boolean, text: "Whether it does; never across IPv4 and IPv6." },
    errors: &[codes::DECODE],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "An address",
            source: r#"net::contains("10.0.0.0/8", "10.1.2.3")"#,
            result: Expect::Json("true"),
        },
        Example {
            title: "A range",
            source: r#"net::contains("10.0.0.0/16", "10.0.0.0/8")"#,
            result: Expect::Json("false"),
        },
        Example {
            title: "A name",
            source: r#"net::contains("10.0.0.0/8", "web")"#,
            result: Expect::Error(codes::DECODE),
        },
    ],
    run: |call| contains(call),
};

fn contains(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (range, inner) = (super::range(&call.text(0)?)?, call.text(1)?);
    let is_inside = match inner.parse::<IpAddr>() {
        Ok(address) => range.contains(&address),
        Err(_) => range.contains(&super::range(&inner)?),
    };
    Ok(is_inside.into())
}
