//! Asks to delete what is at an address.

use crate::host::{Effect, Example, Expect, Form, Spec};
use ::http::Method;

pub(super) const SPEC: Spec = Spec {
    group: "http",
    name: "delete",
    form: Form::Namespaced,
    summary: "Asks to delete what is at an address.",
    details: super::DETAILS,
    params: &[super::URL],
    options: super::OPTIONS,
    returns: super::RETURNS,
    errors: super::ERRORS,
    effect: Effect::World,
    since: "0.1.0",
    examples: &[Example {
        title: "A file",
        source: r#"http::delete("https://files.example.com/report.txt").status"#,
        result: Expect::Json("204"),
    }],
    run: |call| super::call(call, Method::DELETE, &call.text(0)?, None),
};
