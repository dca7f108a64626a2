//! Tells what helps to find a mistake.

use crate::host::{Call, Effect, Example, Expect, Form, Returns, Spec, Thrown, Type};
use crate::journal::Level;
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "log",
    name: "debug",
    form: Form::Namespaced,
    summary: "Tells what helps to find a mistake.",
    details: "The command line shows it on stderr with `-v`. It is recorded in any case: what costs time to find out is better left out.",
    params: super::PARAMS,
    options: &[],
    returns: Returns { kind: Type::Nothing, text: "Nothing." },
    errors: &[],
    effect: Effect::Control,
    since: "0.1.0",
    examples: &[Example {
        title: "What was chosen",
        source: r#"log::debug("chosen", #{ nodes: ["node-000", "node-001"] })"#,
        result: Expect::Json("null"),
    }],
    run: |call| debug(call),
};

fn debug(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    super::record(call, Level::Debug)
}
