//! Takes the parts of all matches.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type, from_node};
use crate::value::Node;
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "regex",
    name: "captures_all",
    form: Form::Namespaced,
    summary: "Takes the parts of all matches, each as `regex::captures` gives it.",
    details: "",
    params: &[
        Param { name: "text", kind: Type::Text, text: "The text.", default: None },
        Param { name: "pattern", kind: Type::Text, text: "The regular expression.", default: None },
    ],
    options: &[],
    returns: Returns { kind: Type::List, text: "A map of texts for each match." },
    errors: &[codes::PATTERN, codes::DATA_TOO_LARGE],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[Example {
        title: "Pairs",
        source: r#"regex::captures_all("a=1 b=2", "(?<key>[a-z])=(?<value>[0-9])").map(|m| m.key + m.value)"#,
        result: Expect::Json(r#"["a1","b2"]"#),
    }],
    run: |call| captures_all(call),
};

fn captures_all(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (text, pattern) = (call.text(0)?, super::pattern(call)?);
    let mut all = Vec::new();
    for found in pattern.captures_iter(&text) {
        super::room_for_more(call, all.len())?;
        all.push(super::groups(&pattern, &found));
    }
    Ok(from_node(&Node::list(all)))
}
