//! A script from text to result.

use super::Limits;
use super::compile::compile;
use super::engine::{self, Packages, Stops};
use super::error::{self, Scene};
use super::limits::STACK_BYTES;
use super::resolver::{Modules, Resolver};
use super::variables;
use crate::diag::{Diagnostic, SourceMap, SourceText, codes};
use crate::host::{Failure, Host, Library};
use rhai::{Dynamic, Scope};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// What all runs of a process share: the registered functions.
#[derive(Clone)]
pub struct Toolbox {
    library: Library,
    packages: Packages,
}

impl std::fmt::Debug for Toolbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Toolbox").finish_non_exhaustive()
    }
}

impl Default for Toolbox {
    fn default() -> Self {
        Self { library: Library::new(), packages: Packages::new() }
    }
}

impl Toolbox {
    /// The registered host functions.
    #[must_use]
    pub fn library(&self) -> &Library {
        &self.library
    }

    /// An engine that can compile, and knows all functions, but runs nothing.
    #[must_use]
    pub fn bare_engine(&self, limits: &Limits) -> rhai::Engine {
        engine::bare(&self.packages, &self.library, limits)
    }
}

/// One script to run.
#[derive(Debug)]
pub struct Program {
    /// Its text.
    pub source: Arc<SourceText>,
    /// What its top level is given: `params`, `cluster`, `run`.
    pub constants: Vec<(&'static str, Dynamic)>,
    /// Where its imports come from.
    pub modules: Modules,
    /// What it may use up.
    pub limits: Limits,
}

/// Runs a script to its end on the calling thread, which must have the stack for it: see [`on_own_thread`].
///
/// # Errors
/// What went wrong, with place, call chain and hints, and the data that came with it.
pub fn evaluate(toolbox: &Toolbox, program: &Program, host: Host, stops: &Stops) -> Result<Dynamic, Failure> {
    let sources: SourceMap = host.sources.clone();
    sources.insert(Arc::clone(&program.source));
    let mut engine = engine::build(&toolbox.packages, &toolbox.library, &program.limits, host, stops);
    engine.set_module_resolver(Resolver::new(program.modules.clone(), sources));
    let file = program.source.name();
    let ast = compile(&engine, &program.source, program.limits.source_bytes).map_err(Failure::of)?;
    variables::watch(&mut engine, file, program.constants.clone(), program.limits);
    let mut scope = Scope::new();
    let result = catch_unwind(AssertUnwindSafe(|| engine.eval_ast_with_scope::<Dynamic>(&mut scope, &ast)));
    match result {
        Ok(Ok(value)) => Ok(value.flatten()),
        Ok(Err(failed)) => {
            let scene = Scene { engine: &engine, ast: Some(&ast), file };
            Err(error::of_run(&scene, &failed))
        }
        Err(panic) => Err(Failure::of(crashed(file, panic.as_ref()))),
    }
}

/// Runs `work` on a thread of its own with the stack that scripts need, and hands its result over.
///
/// # Errors
/// `E0001` if the thread cannot be started or dies.
pub async fn on_own_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Diagnostic> {
    let (send, receive) = tokio::sync::oneshot::channel();
    std::thread::Builder::new()
        .name("rutter-script".to_owned())
        .stack_size(STACK_BYTES)
        .spawn(move || {
            // The receiver is gone only if nobody wants the result any more.
            let _ = send.send(work());
        })
        .map_err(|error| Diagnostic::error(codes::INTERNAL, format!("cannot start a thread: {error}")))?;
    receive.await.map_err(|_| Diagnostic::error(codes::INTERNAL, "the script's thread ended without a result"))
}

fn crashed(file: &str, panic: &(dyn std::any::Any + Send)) -> Diagnostic {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
    Diagnostic::error(codes::INTERNAL, format!("running {file} crashed: {text}"))
        .hint("this is a defect of Rutter: please report it with the script")
}
