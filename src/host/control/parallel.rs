//! Does the same to many items at a time.

use crate::diag::codes;
use crate::host::bridge::{last_words, stop_with};
use crate::host::{
    Call, Closure, Effect, Example, Expect, Failure, Form, Opt, Param, Returns, Sequence, Spec, Thrown, Type,
};
use crate::value::Node;
use rhai::{Dynamic, EvalAltResult};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

pub(super) const SPEC: Spec = Spec {
    group: "control",
    name: "parallel",
    form: Form::Function,
    summary: "Calls the closure with each item, several at a time, and collects the results in the order of the items.",
    details: "Each call sees its own copy of the variables that the closure captures: what one changes, no other sees. \
              Hand results back as the closure's value. When the run ends meanwhile, what the calls tell of their work \
              (`cluster.evict_all` does) is in the error's `details`: an account, or a list of them.",
    params: &[
        Param { name: "items", kind: Type::List, text: "What to go through.", default: None },
        Param { name: "work", kind: Type::Closure(1), text: "Called with each item.", default: None },
    ],
    options: &[
        Opt { name: "at_once", kind: Type::Integer, text: "Calls at the same time, 1 to 64.", default: "8" },
        Opt {
            name: "fail_fast",
            kind: Type::Boolean,
            text: "Whether the first error ends everything. If not, each result is a map: `#{ok: true, value}` or `#{ok: false, error}`.",
            default: "true",
        },
    ],
    returns: Returns { kind: Type::List, text: "The results, in the order of the items." },
    errors: &[codes::INVALID_ARGUMENT],
    effect: Effect::Control,
    since: "0.1.0",
    examples: &[
        Example { title: "Squares", source: "parallel([1, 2, 3], |n| n * n)", result: Expect::Json("[1,4,9]") },
        Example {
            title: "All of them, whatever fails",
            source: r#"parallel([1, 2], |n| if n == 2 { fail("two") } else { n }, #{ fail_fast: false }).map(|r| r.ok)"#,
            result: Expect::Json("[true,false]"),
        },
        Example {
            title: "Labels on many pods",
            source: r#"parallel(cluster.list("Pod"), |pod| cluster.label(pod, #{ seen: "yes" }), #{ at_once: 16 })"#,
            result: Expect::Cluster,
        },
    ],
    run: |call| parallel(call),
};

/// Threads that one call may start; each has its own stack.
const MOST: u64 = 64;
/// As much as the run's own thread: closures nest as deeply here.
const STACK: usize = 16 * 1024 * 1024;

type Answer = Result<Dynamic, Thrown>;

fn parallel(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let items = call.items(0)?;
    let at_once = call.count_option("at_once")?.unwrap_or(8);
    if at_once == 0 || at_once > MOST {
        return Err(call.invalid("option `at_once`", &format!("it must be 1 to {MOST}"), None).into());
    }
    let fail_fast = call.option("fail_fast").and_then(Node::as_bool).unwrap_or(true);
    let answers = run(call, &items, usize::try_from(at_once).unwrap_or(1), fail_fast)?;
    let (ends, answers): (Vec<_>, Vec<_>) =
        answers.into_iter().flatten().partition(|answer| answer.as_ref().is_err_and(ends_run));
    if let Some(end) = one_end(ends.into_iter().filter_map(Result::err).collect()) {
        return Err(end);
    }
    let mut results = rhai::Array::with_capacity(items.len());
    for answer in answers {
        match answer {
            answer if fail_fast => results.push(answer?),
            answer => results.push(outcome(answer)),
        }
    }
    Ok(Dynamic::from_array(results))
}

/// One answer for each item; nothing for those that were not begun.
fn run(call: &Call<'_, '_>, items: &Sequence, at_once: usize, fail_fast: bool) -> Result<Vec<Option<Answer>>, Failure> {
    let answers: Vec<Mutex<Option<Answer>>> = (0..items.len()).map(|_| Mutex::new(None)).collect();
    let (next, stopped) = (AtomicUsize::new(0), AtomicBool::new(false));
    let threads = call.host().threads(at_once.min(items.len()));
    let work = |closure: &Closure<'_, '_>| loop {
        let at = next.fetch_add(1, Ordering::Relaxed);
        if at >= items.len() || stopped.load(Ordering::Relaxed) {
            return;
        }
        let answer = closure.call((items.item(at),));
        if answer.is_err() && (fail_fast || answer.as_ref().is_err_and(ends_run)) {
            stopped.store(true, Ordering::Relaxed);
        }
        *answers[at].lock().unwrap_or_else(PoisonError::into_inner) = Some(answer);
    };
    let mut closures = Vec::new();
    for _ in 0..threads.count().max(1) {
        closures.push(call.closure(1)?.detached());
    }
    let work = &work;
    let started = std::thread::scope(|scope| {
        for closure in closures {
            if threads.count() == 0 {
                // The run has no thread left, because calls of this function are nested: then this one works itself.
                work(&closure);
                break;
            }
            let work = move || work(&closure);
            let builder = std::thread::Builder::new().name("rutter-parallel".to_owned()).stack_size(STACK);
            if let Err(error) = builder.spawn_scoped(scope, work) {
                stopped.store(true, Ordering::Relaxed);
                return Err(Failure::new(codes::INTERNAL, format!("cannot start a thread: {error}")));
            }
        }
        Ok(())
    });
    started?;
    Ok(answers.into_iter().map(|answer| answer.into_inner().unwrap_or_else(PoisonError::into_inner)).collect())
}

/// Whether an error is the end of the run, which nothing may swallow.
fn ends_run(error: &Thrown) -> bool {
    matches!(error, Thrown::Script(error) if matches!(error.unwrap_inner(), EvalAltResult::ErrorTerminated(..)))
}

/// Several calls that the end of the run has ended, as one error: what each tells of its work is kept.
fn one_end(ends: Vec<Thrown>) -> Option<Thrown> {
    let mut told: Vec<Failure> = ends.iter().filter_map(last_words).collect();
    match told.len() {
        0 => ends.into_iter().next(),
        1 => ends.into_iter().find(|end| last_words(end).is_some()),
        _ => {
            let details = told.iter().filter_map(Failure::data).cloned().collect();
            let notes: Vec<String> = told.iter().flat_map(|one| one.diagnostic().notes.clone()).collect();
            let mut diagnostic = told.swap_remove(0).diagnostic().clone();
            diagnostic.notes = notes;
            Some(stop_with(Failure::of(diagnostic).details(Some(Node::list(details)))))
        }
    }
}

fn outcome(answer: Answer) -> Dynamic {
    let mut map = rhai::Map::new();
    map.insert("ok".into(), answer.is_ok().into());
    match answer {
        Ok(value) => {
            map.insert("value".into(), value);
        }
        Err(Thrown::Failure(failure)) => {
            map.insert("error".into(), Dynamic::from(failure));
        }
        Err(Thrown::Script(error)) => {
            map.insert("error".into(), thrown_value(*error));
        }
    }
    Dynamic::from_map(map)
}

/// What a `catch` would have seen.
fn thrown_value(error: EvalAltResult) -> Dynamic {
    match error {
        EvalAltResult::ErrorInFunctionCall(_, _, inner, _) | EvalAltResult::ErrorInModule(_, inner, _) => {
            thrown_value(*inner)
        }
        EvalAltResult::ErrorRuntime(value, _) => value,
        other => Dynamic::from(Failure::new(codes::FAILED, other.to_string())),
    }
}
