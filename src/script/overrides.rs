//! Replacements for built-in functions that can block through a deadline, allocate without bound or swallow errors.

use crate::diag::codes;
use crate::host::{Failure, Host, throw};
use rhai::{
    Array, Dynamic, EvalAltResult, FnPtr, FuncRegistration, ImmutableString, Module, NativeCallContext, Shared,
};
use std::time::Duration;

type Answer<T> = Result<T, Box<EvalAltResult>>;

/// Items that one call of `pad` may make; its own cost is quadratic in the built-in version.
const PADDED: usize = 1_000_000;

/// The module that stands before the built-in packages.
pub(super) fn module() -> Shared<Module> {
    let mut module = Module::new();
    let name = |name: &str| FuncRegistration::new(name.to_owned()).in_global_namespace();
    name("sleep").set_into_module(&mut module, sleep_whole);
    name("sleep").set_into_module(&mut module, sleep_fraction);
    name("sleep").set_into_module(&mut module, sleep_text);
    name("pad").set_into_module(&mut module, pad_text);
    name("pad").set_into_module(&mut module, pad_letter);
    name("pad").set_into_module(&mut module, pad_array);
    name("replace").set_into_module(&mut module, replace);
    name("replace").set_into_module(
        &mut module,
        |c: NativeCallContext<'_>, t: &mut ImmutableString, from: char, to: char| {
            replace(c, t, from.to_string().into(), to.to_string().into())
        },
    );
    name("replace").set_into_module(
        &mut module,
        |c: NativeCallContext<'_>, t: &mut ImmutableString, from: ImmutableString, to: char| {
            replace(c, t, from, to.to_string().into())
        },
    );
    name("replace").set_into_module(
        &mut module,
        |c: NativeCallContext<'_>, t: &mut ImmutableString, from: char, to: ImmutableString| {
            replace(c, t, from.to_string().into(), to)
        },
    );
    for word in ["sort", "sort_by"] {
        name(word).set_into_module(&mut module, sort);
    }
    for word in ["order", "order_by"] {
        name(word).set_into_module(&mut module, |c: NativeCallContext<'_>, mut array: Array, comparer: FnPtr| {
            sort(c, &mut array, comparer).map(|()| array)
        });
    }
    name("dedup").set_into_module(&mut module, dedup);
    module.into()
}

#[expect(clippy::needless_pass_by_value, reason = "the engine calls it so")]
fn sleep_whole(context: NativeCallContext<'_>, seconds: i64) -> Answer<()> {
    let seconds = u64::try_from(seconds).map_err(|_| negative(&seconds.to_string()))?;
    sleep(&context, Duration::from_secs(seconds))
}

#[expect(clippy::needless_pass_by_value, reason = "the engine calls it so")]
fn sleep_fraction(context: NativeCallContext<'_>, seconds: f64) -> Answer<()> {
    let time = Duration::try_from_secs_f64(seconds).map_err(|_| negative(&seconds.to_string()))?;
    sleep(&context, time)
}

#[expect(clippy::needless_pass_by_value, reason = "the engine calls it so")]
fn sleep_text(context: NativeCallContext<'_>, time: ImmutableString) -> Answer<()> {
    let parsed: crate::object::Duration =
        time.parse().map_err(|error: crate::object::ObjectError| throw(error.into()))?;
    sleep(&context, parsed.to_std().ok_or_else(|| negative(&time))?)
}

fn sleep(context: &NativeCallContext<'_>, time: Duration) -> Answer<()> {
    let host = Host::of(context.engine()).map_err(throw)?;
    let nap = host.world.sleep(time);
    host.bridge().wait(async {
        nap.await;
        Ok::<(), Failure>(())
    })?;
    Ok(())
}

fn negative(time: &str) -> Box<EvalAltResult> {
    throw(Failure::new(codes::INVALID_ARGUMENT, format!("cannot sleep for {time} seconds")))
}

fn most(context: &NativeCallContext<'_>) -> usize {
    context.engine().max_string_size()
}

fn too_large(context: &NativeCallContext<'_>) -> Box<EvalAltResult> {
    let limit = most(context);
    throw(Failure::new(codes::DATA_TOO_LARGE, format!("the text would grow over its limit of {limit} bytes")))
}

#[expect(clippy::needless_pass_by_value, reason = "the engine calls it so")]
fn pad_text(
    context: NativeCallContext<'_>,
    text: &mut ImmutableString,
    length: i64,
    padding: ImmutableString,
) -> Answer<()> {
    let wanted = usize::try_from(length).unwrap_or(0);
    let have = text.chars().count();
    if wanted <= have || padding.is_empty() {
        return Ok(());
    }
    if wanted > most(&context) {
        return Err(too_large(&context));
    }
    let missing: String = padding.chars().cycle().take(wanted - have).collect();
    *text = format!("{text}{missing}").into();
    Ok(())
}

fn pad_letter(context: NativeCallContext<'_>, text: &mut ImmutableString, length: i64, padding: char) -> Answer<()> {
    pad_text(context, text, length, padding.to_string().into())
}

fn pad_array(_context: NativeCallContext<'_>, array: &mut Array, length: i64, item: Dynamic) -> Answer<()> {
    let wanted = usize::try_from(length).unwrap_or(0);
    if wanted > PADDED {
        let failure = Failure::new(codes::DATA_TOO_LARGE, format!("the array would grow over {PADDED} items"));
        return Err(throw(failure));
    }
    if wanted > array.len() {
        array.resize(wanted, item);
    }
    Ok(())
}

#[expect(clippy::needless_pass_by_value, reason = "the engine calls it so")]
fn replace(
    context: NativeCallContext<'_>,
    text: &mut ImmutableString,
    from: ImmutableString,
    to: ImmutableString,
) -> Answer<()> {
    if from.is_empty() {
        let failure = Failure::new(codes::INVALID_ARGUMENT, "`from` of `replace` is empty");
        return Err(throw(failure));
    }
    let found = text.matches(from.as_str()).count();
    let size = (text.len() - found * from.len()).saturating_add(found.saturating_mul(to.len()));
    if size > most(&context) {
        return Err(too_large(&context));
    }
    *text = text.replace(from.as_str(), &to).into();
    Ok(())
}

/// A stable merge sort. The built-in one takes an error of the closure for an answer, and the standard library's panics
/// where the closure contradicts itself.
#[expect(clippy::needless_pass_by_value, reason = "the engine calls it so")]
fn sort(context: NativeCallContext<'_>, array: &mut Array, comparer: FnPtr) -> Answer<()> {
    let mut sorted = array.clone();
    let mut width = 1;
    while width < sorted.len() {
        let mut next = Array::with_capacity(sorted.len());
        for pair in sorted.chunks(2 * width) {
            let (left, right) = pair.split_at(width.min(pair.len()));
            merge(&context, &comparer, left, right, &mut next)?;
        }
        sorted = next;
        width *= 2;
    }
    *array = sorted;
    Ok(())
}

fn merge(
    context: &NativeCallContext<'_>,
    comparer: &FnPtr,
    mut left: &[Dynamic],
    mut right: &[Dynamic],
    merged: &mut Array,
) -> Answer<()> {
    while let ([a, rest_left @ ..], [b, rest_right @ ..]) = (left, right) {
        let answer: Dynamic = comparer
            .call_within_context(context, (a.clone(), b.clone()))
            .map_err(|error| if is_misfit(&error, comparer) { no_comparer() } else { error })?;
        // As in the built-in one a boolean says whether the first comes first.
        let order = answer.as_int().or_else(|_| answer.as_bool().map(|first| if first { -1 } else { 1 }));
        if order.map_err(|_| no_order(&answer))? <= 0 {
            merged.push(a.clone());
            left = rest_left;
        } else {
            merged.push(b.clone());
            right = rest_right;
        }
    }
    merged.extend_from_slice(left);
    merged.extend_from_slice(right);
    Ok(())
}

/// Whether a closure does not take as many arguments as it was given.
fn is_misfit(error: &EvalAltResult, closure: &FnPtr) -> bool {
    matches!(error, EvalAltResult::ErrorFunctionNotFound(signature, _) if signature.starts_with(closure.fn_name()))
}

fn no_comparer() -> Box<EvalAltResult> {
    let hint = "by the value of a field: `sort_by(\"metadata.name\")`; of plain values: `sort_by(\".\")`";
    let message = "the closure of `sort` takes two items and says which comes first";
    throw(Failure::new(codes::WRONG_ARITY, message).hint(hint))
}

fn no_order(answer: &Dynamic) -> Box<EvalAltResult> {
    let got = crate::host::describe(answer);
    let message = format!("the closure of `sort` must give an integer, not {got}");
    let hint = "negative: the first one comes first; `sort_by(path)` needs no closure";
    throw(Failure::new(codes::WRONG_TYPE, message).hint(hint))
}

/// Keeps the first of neighbours that are the same, as the closure says.
#[expect(clippy::needless_pass_by_value, reason = "the engine calls it so")]
fn dedup(context: NativeCallContext<'_>, array: &mut Array, comparer: FnPtr) -> Answer<()> {
    let mut kept: Array = Array::new();
    for item in array.iter() {
        let Some(last) = kept.last() else {
            kept.push(item.clone());
            continue;
        };
        let answer: Dynamic = comparer.call_within_context(&context, (item.clone(), last.clone()))?;
        let same = answer.as_bool().map_err(|_| {
            let message = format!("the closure of `dedup` must give a boolean, not {}", crate::host::describe(&answer));
            throw(Failure::new(codes::WRONG_TYPE, message))
        })?;
        if !same {
            kept.push(item.clone());
        }
    }
    *array = kept;
    Ok(())
}
