//! Makes a call with any method.

use crate::diag::{codes, printable};
use crate::host::{Call, Effect, Example, Expect, Failure, Form, Param, Spec, Type};
use ::http::Method;

pub(super) const SPEC: Spec = Spec {
    group: "http",
    name: "request",
    form: Form::Namespaced,
    summary: "Makes a call with any method.",
    details: super::DETAILS,
    params: &[
        Param { name: "method", kind: Type::Text, text: "The method, in capitals: `\"PATCH\"`.", default: None },
        super::URL,
        super::BODY,
    ],
    options: super::OPTIONS,
    returns: super::RETURNS,
    errors: super::ERRORS,
    effect: Effect::World,
    since: "0.1.0",
    examples: &[
        Example {
            title: "A part of something",
            source: r#"http::request("PATCH", "https://files.example.com/report.txt", #{ title: "nodes" }).status"#,
            result: Expect::Json("200"),
        },
        Example {
            title: "No method",
            source: r#"http::request("patch", "https://files.example.com/report.txt", ())"#,
            result: Expect::Error(codes::INVALID_ARGUMENT),
        },
    ],
    run: |call| super::call(call, method(call)?, &call.text(1)?, Some(&call.value(2))),
};

/// Methods know upper and lower case: `patch` would be another one than `PATCH`.
fn method(call: &Call<'_, '_>) -> Result<Method, Failure> {
    let given = call.text(0)?;
    let is_one = !given.is_empty() && given.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'-');
    match Method::from_bytes(given.as_bytes()) {
        Ok(method) if is_one && method != Method::CONNECT => Ok(method),
        _ => {
            let upper = given.to_ascii_uppercase();
            let hint = (upper != given).then(|| format!("methods are in capitals: `{}`", printable(&upper)));
            Err(call.invalid("`method`", &format!("`{}` is no method that can be used", printable(&given)), hint))
        }
    }
}
