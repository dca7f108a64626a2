//! Ends the run, or the `try` around it, with an error of the script's own.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Failure, Form, Opt, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "control",
    name: "fail",
    form: Form::Function,
    summary: "Fails with a message.",
    details: "",
    params: &[Param {
        name: "message",
        kind: Type::Text,
        text: "What went wrong: lower case, no full stop, says what and which.",
        default: None,
    }],
    options: &[
        Opt { name: "hint", kind: Type::Text, text: "What would help.", default: "none" },
        Opt {
            name: "details",
            kind: Type::Any,
            text: "Data for whoever catches the error, as `err.details`.",
            default: "none",
        },
        Opt {
            name: "blocked",
            kind: Type::Boolean,
            text: "Whether nothing is broken, but something is in the way that has to be cleared first: `err.kind` is \
                   `\"blocked\"`, and the run ends with the exit code 3.",
            default: "false",
        },
    ],
    returns: Returns { kind: Type::Nothing, text: "It does not return." },
    errors: &[codes::FAILED, codes::BLOCKED],
    effect: Effect::Control,
    since: "0.1.0",
    examples: &[
        Example {
            title: "Nothing to do",
            source: r#"fail("no node matches pool=blue")"#,
            result: Expect::Error(codes::FAILED),
        },
        Example {
            title: "With data for the caller",
            source: r#"let seen; try { fail("too many", #{ details: #{ count: 7 } }); } catch (err) { seen = err.details.count; } seen"#,
            result: Expect::Json("7"),
        },
        Example {
            title: "Something is in the way",
            source: r#"fail("a freeze is on until Monday", #{ blocked: true })"#,
            result: Expect::Error(codes::BLOCKED),
        },
    ],
    run: |call| fail(call),
};

fn fail(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let code = if call.flag("blocked") { codes::BLOCKED } else { codes::FAILED };
    let failure = Failure::new(code, call.text(0)?)
        .maybe_hint(call.text_option("hint").map(str::to_owned))
        .details(call.option("details").cloned());
    Err(failure.into())
}
