//! Tells whether a text is an IP address.

use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;
use std::net::IpAddr;

pub(super) const SPEC: Spec = Spec {
    group: "net",
    name: "is_ip",
    form: Form::Namespaced,
    summary: "Tells whether a text is an IPv4 or IPv6 address.",
    details: "",
    params: &[Param { name: "text", kind: Type::Text, text: "The text.", default: None }],
    options: &[],
    returns: Returns { kind: Type::Boolean, text: "Whether it is one." },
    errors: &[],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example { title: "IPv4", source: r#"net::is_ip("10.0.0.7")"#, result: Expect::Json("true") },
        Example { title: "IPv6", source: r#"net::is_ip("fe80::1")"#, result: Expect::Json("true") },
        Example { title: "A name", source: r#"net::is_ip("localhost")"#, result: Expect::Json("false") },
    ],
    run: |call| is_ip(call),
};

fn is_ip(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    Ok(call.text(0)?.parse::<IpAddr>().is_ok().into())
}
