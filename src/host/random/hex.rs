//! Draws hexadecimal digits.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "random",
    name: "hex",
    form: Form::Namespaced,
    summary: "Draws hexadecimal digits.",
    details: "Two digits are one byte: 32 of them are a key of 128 bits.",
    params: &[Param { name: "length", kind: Type::Integer, text: "How many digits.", default: None }],
    options: &[],
    returns: Returns { kind: Type::Text, text: "The digits, in lower case." },
    errors: &[codes::INVALID_ARGUMENT, codes::DATA_TOO_LARGE, codes::DOOR_CLOSED],
    effect: Effect::World,
    since: "0.1.0",
    examples: &[Example {
        title: "A suffix",
        source: r#"regex::is_match("web-" + random::hex(5), "^web-[0-9a-f]{5}$")"#,
        result: Expect::Json("true"),
    }],
    run: |call| hex(call),
};

const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];

fn hex(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    Ok(super::drawn(call, 0, &DIGITS)?.into())
}
