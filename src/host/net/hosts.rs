//! Lists the host addresses of a range.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type, from_node};
use crate::value::Node;
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "net",
    name: "hosts",
    form: Form::Namespaced,
    summary: "Lists the host addresses of a range of at most 65,536 addresses.",
    details: "Of an IPv4 range, the first and the last address are none, unless it has only two or one.",
    params: &[Param { name: "cidr", kind: Type::Text, text: "An address range, as in `10.0.0.0/8`.", default: None }],
    options: &[],
    returns: Returns { kind: Type::List, text: "The addresses as texts." },
    errors: &[codes::DECODE, codes::VALUE_BUDGET],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "Without network and broadcast address",
            source: r#"net::hosts("10.0.0.0/30")"#,
            result: Expect::Json(r#"["10.0.0.1","10.0.0.2"]"#),
        },
        Example {
            title: "Too many",
            source: r#"net::hosts("10.0.0.0/8")"#,
            result: Expect::Error(codes::VALUE_BUDGET),
        },
    ],
    run: |call| hosts(call),
};

fn hosts(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let range = super::range(&call.text(0)?)?;
    super::few_enough(super::size(&range), "addresses")?;
    Ok(from_node(&Node::list(range.hosts().map(|address| address.to_string().into()).collect())))
}
