//! Finds all matches.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type, from_node};
use crate::value::Node;
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "regex",
    name: "find_all",
    form: Form::Namespaced,
    summary: "Finds all matches of the pattern that do not overlap.",
    details: "",
    params: &[
        Param { name: "text", kind: Type::Text, text: "The text.", default: None },
        Param { name: "pattern", kind: Type::Text, text: "The regular expression.", default: None },
    ],
    options: &[],
    returns: Returns { kind: Type::List, text: "The texts that match, in order." },
    errors: &[codes::PATTERN, codes::DATA_TOO_LARGE],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[Example {
        title: "Numbers",
        source: r#"regex::find_all("1 of 20", `\d+`)"#,
        result: Expect::Json(r#"["1","20"]"#),
    }],
    run: |call| find_all(call),
};

fn find_all(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (text, pattern) = (call.text(0)?, super::pattern(call)?);
    let mut all = Vec::new();
    for found in pattern.find_iter(&text) {
        super::room_for_more(call, all.len())?;
        all.push(Node::from(found.as_str()));
    }
    Ok(from_node(&Node::list(all)))
}
