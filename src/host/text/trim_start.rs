//! Takes white space off.

use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "text",
    name: "trim_start",
    form: Form::Namespaced,
    summary: "Gives the text without white space at the start.",
    details: "",
    params: &[
        Param { name: "text", kind: Type::Text, text: "The text.", default: None },
        Param {
            name: "characters",
            kind: Type::Text,
            text: "The characters to take off.",
            default: Some("white space"),
        },
    ],
    options: &[],
    returns: Returns { kind: Type::Text, text: "What is left." },
    errors: &[],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example { title: "White space", source: r#"text::trim_start("  a  ")"#, result: Expect::Json(r#""a  ""#) },
        Example {
            title: "Other characters",
            source: r#"text::trim_start("/b//", "/")"#,
            result: Expect::Json(r#""b//""#),
        },
    ],
    run: |call| trim_start(call),
};

fn trim_start(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (text, drop) = (call.text(0)?, super::unwanted(call)?);
    Ok(text.trim_start_matches(&drop).into())
}
