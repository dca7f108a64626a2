//! Takes the parts of the first match.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type, from_node};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "regex",
    name: "captures",
    form: Form::Namespaced,
    summary: "Takes the parts of the first match: its groups by name, or by number where they have none.",
    details: "A group that took no part in the match is `()`.",
    params: &[
        Param { name: "text", kind: Type::Text, text: "The text.", default: None },
        Param { name: "pattern", kind: Type::Text, text: "The regular expression.", default: None },
    ],
    options: &[],
    returns: Returns {
        kind: Type::Any,
        text: r#"A map of texts, with the whole match as `"0"`; `()` where nothing matches."#,
    },
    errors: &[codes::PATTERN],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "Parts of an image",
            source: r#"regex::captures("nginx:1.27", "(?<name>[^:]+):(?<tag>.+)")"#,
            result: Expect::Json(r#"{"0":"nginx:1.27","name":"nginx","tag":"1.27"}"#),
        },
        Example {
            title: "By number",
            source: r#"regex::captures("3/5", `(\d)/(\d)`)["2"]"#,
            result: Expect::Json(r#""5""#),
        },
        Example { title: "No match", source: r#"regex::captures("a", "b")"#, result: Expect::Json("null") },
    ],
    run: |call| captures(call),
};

fn captures(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (text, pattern) = (call.text(0)?, super::pattern(call)?);
    Ok(pattern.captures(&text).map(|found| from_node(&super::groups(&pattern, &found))).unwrap_or_default())
}
