//! Fetches what is at an address.

use crate::diag::codes;
use crate::host::{Effect, Example, Expect, Form, Spec};
use ::http::Method;

pub(super) const SPEC: Spec = Spec {
    group: "http",
    name: "get",
    form: Form::Namespaced,
    summary: "Fetches what is at an address.",
    details: super::DETAILS,
    params: &[super::URL],
    options: super::OPTIONS,
    returns: super::RETURNS,
    errors: super::ERRORS,
    effect: Effect::World,
    since: "0.1.0",
    examples: &[
        Example {
            title: "JSON",
            source: r#"http::get("https://releases.example.com/latest").json.version"#,
            result: Expect::Json(r#""1.4.2""#),
        },
        Example {
            title: "A status is an answer",
            source: r#"http::get("https://releases.example.com/none").status"#,
            result: Expect::Json("404"),
        },
        Example {
            title: "Unless it is checked",
            source: r#"http::get("https://releases.example.com/none", #{ check: true })"#,
            result: Expect::Error(codes::HTTP),
        },
    ],
    run: |call| super::call(call, Method::GET, &call.text(0)?, None),
};
