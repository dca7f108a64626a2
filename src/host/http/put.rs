//! Puts something at an address.

use crate::host::{Effect, Example, Expect, Form, Spec};
use ::http::Method;

pub(super) const SPEC: Spec = Spec {
    group: "http",
    name: "put",
    form: Form::Namespaced,
    summary: "Puts something at an address.",
    details: super::DETAILS,
    params: &[super::URL, super::BODY],
    options: super::OPTIONS,
    returns: super::RETURNS,
    errors: super::ERRORS,
    effect: Effect::World,
    since: "0.1.0",
    examples: &[Example {
        title: "A file",
        source: r#"http::put("https://files.example.com/report.txt", "2 nodes\n", #{ headers: #{ "content-type": "text/markdown" } }).status"#,
        result: Expect::Json("201"),
    }],
    run: |call| super::call(call, Method::PUT, &call.text(0)?, Some(&call.value(1))),
};
