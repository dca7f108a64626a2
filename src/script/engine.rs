//! One engine for each run: built in microseconds from shared modules, with every limit set.

use super::limits::EXPRESSION_LEVELS;
use super::{Limits, overrides};
use crate::host::{Host, Library, Stop};
use rhai::packages::{
    ArithmeticPackage, BasicArrayPackage, BasicBlobPackage, BasicFnPackage, BasicIteratorPackage, BasicMapPackage,
    BasicMathPackage, BasicStringPackage, LanguageCorePackage, LogicPackage, MoreStringPackage, Package,
};
use rhai::{Dynamic, Engine, OptimizationLevel, Token};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};

/// The script language's own functions that scripts may use: everything but clocks, `eval` and files.
#[derive(Clone)]
pub(super) struct Packages(Arc<Vec<rhai::Shared<rhai::Module>>>);

impl Packages {
    pub(super) fn new() -> Self {
        Self(Arc::new(vec![
            LanguageCorePackage::new().as_shared_module(),
            ArithmeticPackage::new().as_shared_module(),
            LogicPackage::new().as_shared_module(),
            BasicStringPackage::new().as_shared_module(),
            MoreStringPackage::new().as_shared_module(),
            BasicMathPackage::new().as_shared_module(),
            BasicArrayPackage::new().as_shared_module(),
            BasicBlobPackage::new().as_shared_module(),
            BasicMapPackage::new().as_shared_module(),
            BasicIteratorPackage::new().as_shared_module(),
            BasicFnPackage::new().as_shared_module(),
            overrides::module(),
        ]))
    }
}

/// The stop flag that a running script looks at with every operation: reading a clock each time would cost a third of
/// its speed, so whoever watches the clock raises the flag.
#[derive(Debug, Clone, Default)]
pub struct Stops(Arc<AtomicU8>);

impl Stops {
    /// Ends the script at its next operation.
    pub fn stop(&self, why: Stop) {
        let number = match why {
            Stop::Interrupted => 1,
            Stop::Deadline => 2,
            Stop::Operations => 3,
        };
        // The first reason stays.
        let _ = self.0.compare_exchange(0, number, Ordering::Relaxed, Ordering::Relaxed);
    }

    /// Why the script has to end, if it has to.
    #[must_use]
    pub fn reason(&self) -> Option<Stop> {
        match self.0.load(Ordering::Relaxed) {
            0 => None,
            1 => Some(Stop::Interrupted),
            2 => Some(Stop::Deadline),
            _ => Some(Stop::Operations),
        }
    }
}

/// An engine without a run: enough to compile and to list functions.
pub(super) fn bare(packages: &Packages, library: &Library, limits: &Limits) -> Engine {
    let mut engine = Engine::new_raw();
    for package in packages.0.iter() {
        engine.register_global_module(package.clone());
    }
    library.install(&mut engine);
    names(&mut engine);
    engine
        // The interner is shared and sleeps 10 ms under contention.
        .set_max_strings_interned(0)
        // Counted in `on_progress`: the engine's own counter misses closures called by native functions.
        .set_max_operations(0)
        .set_max_call_levels(limits.call_levels)
        .set_max_expr_depths(EXPRESSION_LEVELS, EXPRESSION_LEVELS)
        .set_max_string_size(limits.text_bytes)
        .set_max_array_size(limits.items)
        .set_max_map_size(limits.entries)
        .set_max_variables(limits.variables)
        .set_max_modules(limits.modules)
        .set_max_functions(2_000)
        .set_fail_on_invalid_map_property(false)
        // The optimizer makes `all = all + more` an `all += more`, which arrays take for one item more, and loses calls whose
        // result is not used: what runs is to be what was written, and what the check looks at. It is not slower.
        .set_optimization_level(OptimizationLevel::None)
        .set_allow_shadowing(true)
        .disable_symbol("eval");
    engine
}

/// Makes `debug` a name like any other: the engine keeps it for a function of its own, and `log::debug` could not be said.
#[expect(deprecated, reason = "not deprecated, as its note says, but free to change with the engine's version")]
fn names(engine: &mut Engine) {
    engine.on_parse_token(|token, _, _| match token {
        Token::Reserved(word) if *word == "debug" => Token::Identifier(word),
        other => other,
    });
}

/// The engine of one run.
pub(super) fn build(packages: &Packages, library: &Library, limits: &Limits, host: Host, stops: &Stops) -> Engine {
    let mut engine = bare(packages, library, limits);
    let (sink, flag, most) = (Arc::clone(&host.sink), stops.clone(), limits.operations);
    let count = AtomicU64::new(0);
    engine.on_progress(move |_| {
        if count.fetch_add(1, Ordering::Relaxed) >= most {
            flag.stop(Stop::Operations);
        }
        flag.reason().map(Dynamic::from)
    });
    engine.on_print(move |text| sink.record(crate::journal::Event::Printed { text: text.to_owned() }));
    engine.on_debug(|_, _, _| {});
    engine.set_default_tag(Dynamic::from(host));
    engine
}
