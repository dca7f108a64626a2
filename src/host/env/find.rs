//! Reads an environment variable that may not be set.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "env",
    name: "find",
    form: Form::Namespaced,
    summary: "Reads an environment variable, or gives `()` where it is not set.",
    details: "A variable that is set to nothing reads as an empty text, not as `()`.",
    params: &[Param { name: "name", kind: Type::Text, text: "The variable's name.", default: None }],
    options: &[],
    returns: Returns { kind: Type::Text, text: "Its value, or `()`." },
    errors: &[codes::ENV],
    effect: Effect::World,
    since: "0.1.0",
    examples: &[
        Example {
            title: "With a default",
            source: r#"env::find("TEAM") ?? "nobody""#,
            result: Expect::Json(r#""nobody""#),
        },
        Example { title: "It is set", source: r#"env::find("REGION")"#, result: Expect::Json(r#""eu-north-1""#) },
    ],
    run: |call| find(call),
};

fn find(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    Ok(call.host().world.env(&call.text(0)?)?.map(Dynamic::from).unwrap_or_default())
}
