//! Tells what is worth a look and yet no failure.

use crate::host::{Call, Effect, Example, Expect, Form, Returns, Spec, Thrown, Type};
use crate::journal::Level;
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "log",
    name: "warn",
    form: Form::Namespaced,
    summary: "Tells what is worth a look and yet no failure.",
    details: "The command line shows it on stderr, even where the run succeeds.",
    params: super::PARAMS,
    options: &[],
    returns: Returns { kind: Type::Nothing, text: "Nothing." },
    errors: &[],
    effect: Effect::Control,
    since: "0.1.0",
    examples: &[Example {
        title: "Something is odd",
        source: r#"log::warn("no disruption budget protects these pods", #{ namespace: "shop" })"#,
        result: Expect::Json("null"),
    }],
    run: |call| warn(call),
};

fn warn(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    super::record(call, Level::Warning)
}
