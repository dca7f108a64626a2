//! What happens when a script names a variable: the top level finds what the run gave it, and what has grown too large is
//! noticed. The engine measures values where they are passed on, never where `m[key] = value` makes them grow.

use super::Limits;
use rhai::{Dynamic, Engine, EvalAltResult, EvalContext, Position};
use std::sync::atomic::{AtomicU64, Ordering};

/// Uses of variables between two measurements. After a large one it is as many as there were values, so that measuring
/// never takes more than a small part of the time.
const RARELY: u64 = 256;

/// Arrays and maps inside each other. Each level takes stack where a value is copied or dropped.
const LEVELS: usize = 128;

/// Watches the variables of a run of `file`, whose top level is given `constants`.
///
/// They could stand in the scope, but for closures: one that names `cluster` would make it a shared value, locked while a
/// call on it runs, and `cluster.wait(x, |now| cluster.get(…))` could never look at it. A resolved name is copied instead.
#[expect(deprecated, reason = "not deprecated, as its note says, but free to change with the engine's version")]
pub(super) fn watch(engine: &mut Engine, file: &str, constants: Vec<(&'static str, Dynamic)>, limits: Limits) {
    let file = file.to_owned();
    let uses_left = AtomicU64::new(RARELY);
    engine.on_var(move |name, index, context| {
        // One thread runs the script: an update in two steps loses nothing.
        match uses_left.load(Ordering::Relaxed).checked_sub(1) {
            Some(left) => uses_left.store(left, Ordering::Relaxed),
            None => uses_left.store(RARELY.max(measure(&context, &limits)?), Ordering::Relaxed),
        }
        // An index says that the parser has found a variable of the script.
        if index > 0 || context.call_level() > 0 {
            return Ok(None);
        }
        let Some((_, value)) = constants.iter().find(|(given, _)| *given == name) else { return Ok(None) };
        let given_here = context.source() == Some(&*file) && !context.scope().contains(name);
        Ok(given_here.then(|| value.clone()))
    });
}

/// The number of values in all variables that are in scope.
fn measure(context: &EvalContext<'_, '_, '_, '_, '_, '_>, limits: &Limits) -> Result<u64, Box<EvalAltResult>> {
    let mut total = 0;
    for (_, _, value) in context.scope().iter_raw() {
        let mut size = Size::default();
        size.add(value, LEVELS, limits)?;
        total += size.values as u64;
    }
    Ok(total)
}

/// What one variable holds.
#[derive(Default)]
struct Size {
    values: usize,
    text_bytes: usize,
}

impl Size {
    /// Values that closures share are left out: they may hold themselves, and may be locked by the call that runs.
    fn add(&mut self, value: &Dynamic, levels: usize, limits: &Limits) -> Result<(), Box<EvalAltResult>> {
        let too_large = |what: &str| Err(EvalAltResult::ErrorDataTooLarge(what.to_owned(), Position::NONE).into());
        self.values += 1;
        if value.is_shared() {
            return Ok(());
        }
        if let Ok(map) = value.as_map_ref() {
            let Some(levels) = levels.checked_sub(1) else { return too_large("nesting") };
            map.values().try_for_each(|value| self.add(value, levels, limits))?;
            if self.values > limits.entries {
                return too_large("map");
            }
        } else if let Ok(items) = value.as_array_ref() {
            let Some(levels) = levels.checked_sub(1) else { return too_large("nesting") };
            items.iter().try_for_each(|value| self.add(value, levels, limits))?;
            if self.values > limits.items {
                return too_large("array");
            }
        } else if let Ok(text) = value.as_immutable_string_ref() {
            self.text_bytes += text.len();
            if self.text_bytes > limits.text_bytes {
                return too_large("string");
            }
        }
        Ok(())
    }
}
