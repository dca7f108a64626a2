//! Replaces all matches.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Failure, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "regex",
    name: "replace",
    form: Form::Namespaced,
    summary: "Gives the text with all matches of the pattern replaced.",
    details: "`$1` and `${name}` in the replacement stand for groups, `$$` for a dollar sign.",
    params: &[
        Param { name: "text", kind: Type::Text, text: "The text.", default: None },
        Param { name: "pattern", kind: Type::Text, text: "The regular expression.", default: None },
        Param { name: "replacement", kind: Type::Text, text: "What stands in place of each match.", default: None },
    ],
    options: &[],
    returns: Returns { kind: Type::Text, text: "The new text." },
    errors: &[codes::PATTERN, codes::DATA_TOO_LARGE],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "Another tag",
            source: r#"regex::replace("nginx:1.27", ":[^:]+$", ":1.28")"#,
            result: Expect::Json(r#""nginx:1.28""#),
        },
        Example {
            title: "With a group",
            source: r#"regex::replace("eu-west-1", "(?<area>[a-z]+)-(?<side>[a-z]+)", "${side}-${area}")"#,
            result: Expect::Json(r#""west-eu-1""#),
        },
    ],
    run: |call| replace(call),
};

fn replace(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (text, pattern, replacement) = (call.text(0)?, super::pattern(call)?, call.text(2)?);
    let limit = call.text_limit();
    let references = replacement.matches('$').count();
    let (mut out, mut end) = (String::new(), 0);
    for found in pattern.captures_iter(&text) {
        call.keep_going()?;
        let Some(whole) = found.get(0) else { continue };
        // No group is longer than the match: the size is known before anything is written.
        let size =
            references.saturating_mul(whole.len()).saturating_add(out.len() + whole.start() - end + replacement.len());
        if size > limit {
            let message = format!("the text would grow over its limit of {limit} bytes");
            return Err(Failure::new(codes::DATA_TOO_LARGE, message).into());
        }
        out.push_str(&text[end..whole.start()]);
        found.expand(&replacement, &mut out);
        end = whole.end();
    }
    out.push_str(&text[end..]);
    Ok(out.into())
}
