//! Sends something to an address.

use crate::diag::codes;
use crate::host::{Effect, Example, Expect, Form, Spec};
use ::http::Method;

pub(super) const SPEC: Spec = Spec {
    group: "http",
    name: "post",
    form: Form::Namespaced,
    summary: "Sends something to an address.",
    details: super::DETAILS,
    params: &[super::URL, super::BODY],
    options: super::OPTIONS,
    returns: super::RETURNS,
    errors: super::ERRORS,
    effect: Effect::World,
    since: "0.1.0",
    examples: &[
        Example {
            title: "Tell a chat",
            source: r#"http::post("https://chat.example.com/hook", #{ text: "drained" }, #{ check: true }).status"#,
            result: Expect::Json("204"),
        },
        Example {
            title: "Credentials go into a header",
            source: r#"http::post("https://ada:pw@chat.example.com/hook", "hello")"#,
            result: Expect::Error(codes::INVALID_ARGUMENT),
        },
    ],
    run: |call| super::call(call, Method::POST, &call.text(0)?, Some(&call.value(1))),
};
