//! Replacements for built-in functions that can block through a deadline or allocate without bound.

use crate::diag::codes;
use crate::host::{Failure, Host, throw};
use rhai::{Array, Dynamic, EvalAltResult, FuncRegistration, ImmutableString, Module, NativeCallContext, Shared};
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
