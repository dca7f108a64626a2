//! Cuts a range into smaller ones.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type, from_node};
use crate::value::Node;
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "net",
    name: "subnets",
    form: Form::Namespaced,
    summary: "Cuts a range into at most 65,536 ranges of a longer prefix.",
    details: "",
    params: &[
        Param { name: "cidr", kind: Type::Text, text: "An address range, as in `10.0.0.0/8`.", default: None },
        Param { name: "prefix", kind: Type::Integer, text: "The prefix length of each.", default: None },
    ],
    options: &[],
    returns: Returns { kind: Type::List, text: "The ranges as texts." },
    errors: &[codes::DECODE, codes::INVALID_ARGUMENT, codes::VALUE_BUDGET],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "Four",
            source: r#"net::subnets("10.0.0.0/22", 24)"#,
            result: Expect::Json(r#"["10.0.0.0/24","10.0.1.0/24","10.0.2.0/24","10.0.3.0/24"]"#),
        },
        Example {
            title: "A shorter prefix",
            source: r#"net::subnets("10.0.0.0/22", 20)"#,
            result: Expect::Error(codes::INVALID_ARGUMENT),
        },
    ],
    run: |call| subnets(call),
};

fn subnets(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (range, prefix) = (super::range(&call.text(0)?)?, call.integer(1)?);
    let (least, most) = (range.prefix_len(), range.max_prefix_len());
    let parts = u8::try_from(prefix)
        .ok()
        .and_then(|prefix| range.subnets(prefix).ok())
        .ok_or_else(|| call.invalid("`prefix`", &format!("it must be from {least} to {most}, not {prefix}"), None))?;
    let bits = prefix - i64::from(least);
    super::few_enough(u32::try_from(bits).ok().and_then(|bits| 1_u128.checked_shl(bits)), "ranges")?;
    Ok(from_node(&Node::list(parts.map(|part| part.to_string().into()).collect())))
}
