//! Tells whether a text is an address range.

use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use ipnet::IpNet;
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "net",
    name: "is_cidr",
    form: Form::Namespaced,
    summary: "Tells whether a text is an address range in CIDR form.",
    details: "",
    params: &[Param { name: "text", kind: Type::Text, text: "The text.", default: None }],
    options: &[],
    returns: Returns { kind: Type::Boolean, text: "Whether it is one." },
    errors: &[],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example { title: "A range", source: r#"net::is_cidr("10.0.0.0/8")"#, result: Expect::Json("true") },
        Example { title: "An address", source: r#"net::is_cidr("10.0.0.7")"#, result: Expect::Json("false") },
    ],
    run: |call| is_cidr(call),
};

fn is_cidr(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    Ok(call.text(0)?.parse::<IpNet>().is_ok().into())
}
