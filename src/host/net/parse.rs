//! Takes an address range apart.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type, from_node};
use crate::value::Node;
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "net",
    name: "parse",
    form: Form::Namespaced,
    summary: "Takes an address range apart.",
    details: "",
    params: &[Param { name: "cidr", kind: Type::Text, text: "An address range, as in `10.0.0.0/8`.", default: None }],
    options: &[],
    returns: Returns {
        kind: Type::Object,
        text: "A map of `version` (4 or 6), `address`, `prefix`, `network`, `netmask`, `first`, `last` and `size`; `size` is `()` where it is over 2^64.",
    },
    errors: &[codes::DECODE],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "A node range",
            source: r#"net::parse("10.1.2.3/24")"#,
            result: Expect::Json(
                r#"{"version":4,"address":"10.1.2.3","prefix":24,"network":"10.1.2.0","netmask":"255.255.255.0","first":"10.1.2.0","last":"10.1.2.255","size":256}"#,
            ),
        },
        Example { title: "An address", source: r#"net::parse("10.1.2.3")"#, result: Expect::Error(codes::DECODE) },
    ],
    run: |call| parse(call),
};

fn parse(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let range = super::range(&call.text(0)?)?;
    let size = super::size(&range).and_then(|size| u64::try_from(size).ok());
    Ok(from_node(&Node::from([
        ("version", Node::from(if range.addr().is_ipv4() { 4_i64 } else { 6 })),
        ("address", range.addr().to_string().into()),
        ("prefix", i64::from(range.prefix_len()).into()),
        ("network", range.network().to_string().into()),
        ("netmask", range.netmask().to_string().into()),
        ("first", range.network().to_string().into()),
        ("last", range.broadcast().to_string().into()),
        ("size", size.into()),
    ])))
}
