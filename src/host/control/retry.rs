//! Repeats work that fails in a way that may pass.

use crate::diag::codes;
use crate::host::{Call, Closure, Effect, Example, Expect, Failure, Form, Opt, Param, Returns, Spec, Thrown, Type};
use crate::value::Node;
use rhai::{Dynamic, EvalAltResult};
use std::time::Duration;

pub(super) const SPEC: Spec = Spec {
    group: "control",
    name: "retry",
    form: Form::Function,
    summary: "Calls the closure until it succeeds, at most so many times, with a growing pause between the attempts.",
    details: "The pause doubles with each attempt, up to one minute, and is at least what the error's `retry_after` says. \
              Calls to a cluster already retry what may be repeated: use this for what only the script knows.",
    params: &[Param { name: "work", kind: Type::Closure(0), text: "What to do.", default: None }],
    options: &[
        Opt { name: "attempts", kind: Type::Integer, text: "How often to try, at least 1.", default: "3" },
        Opt { name: "backoff", kind: Type::Duration, text: "The first pause.", default: "1s" },
        Opt {
            name: "on",
            kind: Type::Texts,
            text: "Kinds of error (`err.kind`) that are worth another attempt.",
            default: "all",
        },
    ],
    returns: Returns { kind: Type::Any, text: "What the closure gives." },
    errors: &[codes::INVALID_ARGUMENT],
    effect: Effect::Control,
    since: "0.1.0",
    examples: &[
        Example {
            title: "Until it works",
            source: r#"let n = 0; retry(#{ attempts: 5, backoff: 0 }, || { n += 1; if n < 3 { fail("not yet"); } n })"#,
            result: Expect::Json("3"),
        },
        Example {
            title: "Only after a conflict",
            source: r#"retry(#{ on: "conflict" }, || fail("broken"))"#,
            result: Expect::Error(codes::FAILED),
        },
    ],
    run: |call| retry(call),
};

/// The longest pause between two attempts.
const LONGEST: Duration = Duration::from_secs(60);

fn retry(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let work: Closure<'_, '_> = call.closure(0)?;
    let attempts = call.count_option("attempts")?.unwrap_or(3);
    if attempts == 0 {
        return Err(call.invalid("option `attempts`", "it must be at least 1", None).into());
    }
    let mut pause = call.duration_option("backoff")?.unwrap_or(Duration::from_secs(1)).min(LONGEST);
    let kinds = call.option("on").map(texts).transpose()?;
    let mut attempt = 1;
    loop {
        match work.call(()) {
            Ok(value) => return Ok(value),
            Err(error) if attempt == attempts || !is_worth_it(&error, kinds.as_deref()) => return Err(error),
            Err(error) => nap(call, pause.max(wanted_pause(&error)))?,
        }
        attempt += 1;
        pause = (pause * 2).min(LONGEST);
    }
}

fn nap(call: &Call<'_, '_>, pause: Duration) -> Result<(), Thrown> {
    let nap = call.host().world.sleep(pause);
    call.wait(async {
        nap.await;
        Ok::<(), Failure>(())
    })
}

/// What a script threw, if it threw a host function's error.
fn failure_of(error: &Thrown) -> Option<Failure> {
    match error {
        Thrown::Failure(failure) => Some(failure.clone()),
        Thrown::Script(error) => match error.unwrap_inner() {
            EvalAltResult::ErrorRuntime(value, _) => value.read_lock::<Failure>().map(|failure| failure.clone()),
            _ => None,
        },
    }
}

/// The end of the run and mistakes in the script are never worth another attempt.
fn is_worth_it(error: &Thrown, kinds: Option<&[String]>) -> bool {
    let Thrown::Script(script) = error else { return true };
    if !matches!(script.unwrap_inner(), EvalAltResult::ErrorRuntime(..)) {
        return false;
    }
    match (failure_of(error), kinds) {
        (_, None) => true,
        (Some(failure), Some(kinds)) => kinds.iter().any(|kind| kind == failure.code().kind()),
        (None, Some(_)) => false,
    }
}

fn wanted_pause(error: &Thrown) -> Duration {
    failure_of(error).and_then(|failure| failure.after()).unwrap_or_default().min(LONGEST)
}

fn texts(value: &Node) -> Result<Vec<String>, Failure> {
    let items = value.as_list().unwrap_or(std::slice::from_ref(value));
    items
        .iter()
        .map(|item| item.as_str().map(str::to_owned))
        .collect::<Option<_>>()
        .ok_or_else(|| Failure::new(codes::WRONG_TYPE, "option `on` of `retry` must be a text or a list of texts"))
}
