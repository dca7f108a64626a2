//! Rhai, contained: one engine for each run, with limits, a module resolver that cannot leave the package, and errors
//! that say where, why and what would help.
//!
//! Nothing here touches a cluster or the world; scripts reach those through `host/`.

mod check;
mod compile;
mod engine;
mod error;
mod limits;
mod overrides;
mod resolver;
mod run;
mod variables;

pub use check::check;
pub use engine::Stops;
pub use limits::Limits;
pub use resolver::Modules;
pub use run::{Program, Toolbox, evaluate, on_own_thread};
