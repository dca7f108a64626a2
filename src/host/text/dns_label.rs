//! Makes a name that objects can have.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;
use sha2::{Digest as _, Sha256};
/// RFC 1123.
const LONGEST: usize = 63;

pub(super) const SPEC: Spec = Spec {
    group: "text",
    name: "dns_label",
    form: Form::Namespaced,
    summary: "Makes a DNS label of a text: the names that namespaces, services and most other objects can have.",
    details: "Other characters become `-`. A longer text is cut and ends in eight digits of its hash, so that different texts do not become one name.",
    params: &[Param { name: "text", kind: Type::Text, text: "The text.", default: None }],
    options: &[],
    returns: Returns {
        kind: Type::Text,
        text: "At most 63 characters: lowercase letters, digits and `-`, with a letter or digit at both ends.",
    },
    errors: &[codes::INVALID_ARGUMENT],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "A title",
            source: r#"text::dns_label("Web Shop (EU)")"#,
            result: Expect::Json(r#""web-shop-eu""#),
        },
        Example {
            title: "A long one",
            source: r#"text::dns_label(text::repeat("a", 70)).len()"#,
            result: Expect::Json("63"),
        },
        Example {
            title: "Nothing to make it of",
            source: r#"text::dns_label("(-)")"#,
            result: Expect::Error(codes::INVALID_ARGUMENT),
        },
    ],
    run: |call| dns_label(call),
};

fn dns_label(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let text = call.text(0)?;
    let label = label(&text);
    if label.is_empty() {
        return Err(call.invalid("`text`", "it has no letter and no digit", None).into());
    }
    Ok(label.into())
}

fn label(text: &str) -> String {
    let mut label = String::new();
    for letter in text.chars().map(|letter| letter.to_ascii_lowercase()) {
        if letter.is_ascii_alphanumeric() {
            label.push(letter);
        } else if !label.is_empty() && !label.ends_with('-') {
            label.push('-');
        }
    }
    let label = label.trim_end_matches('-');
    if label.len() <= LONGEST {
        return label.to_owned();
    }
    let hash: String = Sha256::digest(text).iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{hash}", label[..LONGEST - 9].trim_end_matches('-'))
}
