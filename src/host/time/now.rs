//! The time of day.

use crate::host::{Call, Effect, Example, Expect, Form, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "time",
    name: "now",
    form: Form::Namespaced,
    summary: "Gives the time of day.",
    details: "",
    params: &[],
    options: &[],
    returns: Returns { kind: Type::Text, text: "The time in RFC 3339, UTC, in whole seconds, as objects have it." },
    errors: &[],
    effect: Effect::World,
    since: "0.1.0",
    examples: &[Example {
        title: "When the run began to look",
        source: "type_of(time::now())",
        result: Expect::Json(r#""string""#),
    }],
    run: |call| now(call),
};

fn now(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    super::written(super::from_seconds(call.host().world.now().as_second())?)
}
