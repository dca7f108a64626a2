//! A named unit of work.

use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use crate::journal::Event;
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "control",
    name: "step",
    form: Form::Function,
    summary: "Does a named part of the work, and says so.",
    details: "The name is shown while the step runs, and stands in the run's events. A failing step fails the run; its name is \
              part of the call chain of the error.",
    params: &[
        Param { name: "name", kind: Type::Text, text: "What is done, as people would say it.", default: None },
        Param { name: "work", kind: Type::Closure(0), text: "The work.", default: None },
    ],
    options: &[],
    returns: Returns { kind: Type::Any, text: "What the closure gives." },
    errors: &[],
    effect: Effect::Control,
    since: "0.1.0",
    examples: &[Example {
        title: "Two steps",
        source: r#"step("add", || 1 + 1) + step("again", || 3)"#,
        result: Expect::Json("5"),
    }],
    run: |call| step(call),
};

fn step(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (name, work) = (call.text(0)?, call.closure(1)?);
    call.host().sink.record(Event::Note { text: name });
    work.call(())
}
