//! Reads an environment variable.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Failure, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "env",
    name: "get",
    form: Form::Namespaced,
    summary: "Reads an environment variable.",
    details: "A variable that is set to nothing reads as an empty text. Each read is a new one.",
    params: &[Param { name: "name", kind: Type::Text, text: "The variable's name.", default: None }],
    options: &[],
    returns: Returns { kind: Type::Text, text: "Its value." },
    errors: &[codes::ENV],
    effect: Effect::World,
    since: "0.1.0",
    examples: &[
        Example { title: "Where to", source: r#"env::get("REGION")"#, result: Expect::Json(r#""eu-north-1""#) },
        Example { title: "Not set", source: r#"env::get("REGOIN")"#, result: Expect::Error(codes::ENV) },
    ],
    run: |call| get(call),
};

fn get(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let name = call.text(0)?;
    match call.host().world.env(&name)? {
        Some(value) => Ok(value.into()),
        None => {
            let shown = crate::diag::printable(&name);
            Err(Failure::new(codes::ENV, format!("environment variable {shown} is not set"))
                .hint("set it, or ask with `env::find(name)`, which gives `()` where it is not set")
                .into())
        }
    }
}
