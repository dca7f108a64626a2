//! Tells whoever follows the run what is going on.

use crate::host::{Call, Effect, Example, Expect, Form, Returns, Spec, Thrown, Type};
use crate::journal::Level;
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "log",
    name: "info",
    form: Form::Namespaced,
    summary: "Tells whoever follows the run what is going on.",
    details: "The command line shows it on stderr: stdout is for data.",
    params: super::PARAMS,
    options: &[],
    returns: Returns { kind: Type::Nothing, text: "Nothing." },
    errors: &[],
    effect: Effect::Control,
    since: "0.1.0",
    examples: &[Example {
        title: "With fields",
        source: r#"log::info("node is empty", #{ node: "node-000", pods: 0 })"#,
        result: Expect::Json("null"),
    }],
    run: |call| info(call),
};

fn info(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    super::record(call, Level::Info)
}
