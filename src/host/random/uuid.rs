//! Makes a UUID.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Returns, Spec, Thrown, Type};
use rhai::Dynamic;
use std::fmt::Write as _;

pub(super) const SPEC: Spec = Spec {
    group: "random",
    name: "uuid",
    form: Form::Namespaced,
    summary: "Makes a UUID of version 4.",
    details: "",
    params: &[],
    options: &[],
    returns: Returns { kind: Type::Text, text: "The UUID in lower case, as `uid` of objects is written." },
    errors: &[codes::DOOR_CLOSED],
    effect: Effect::World,
    since: "0.1.0",
    examples: &[Example {
        title: "Its form",
        source: r#"regex::is_match(random::uuid(), "^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")"#,
        result: Expect::Json("true"),
    }],
    run: |call| uuid(call),
};

fn uuid(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let mut bytes: [u8; 16] = super::bytes(call)?;
    // Version and variant: RFC 9562, section 5.4.
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let mut text = String::with_capacity(36);
    for (at, byte) in bytes.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        let _ = write!(text, "{byte:02x}");
    }
    Ok(text.into())
}
