//! Bad input: scripts that want too much, names that want to be paths, servers that misbehave, text that wants to move
//! the cursor. Each ends with a typed error in bounded time and leaves nothing half-done.

mod imports;
mod names;
mod printed;
mod scripts;
mod server;
mod stack;

use rutter::diag::Code;
use rutter::script::Limits;
use rutter::session::{RunError, RunOptions, Script, Session};
use rutter::value::Node;
use rutter::world::MemoryWorld;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Longer than any of these may take, debug builds on a busy machine included.
const AT_MOST: Duration = Duration::from_secs(20);

fn session(limits: Limits) -> Session {
    Session::builder(Arc::new(MemoryWorld::new())).limits(limits).build()
}

async fn run(session: &Session, options: RunOptions, script: &str) -> Result<Node, RunError> {
    let started = Instant::now();
    let result = session.run(&Script::new("hostile.rhai", script), options).await;
    assert!(started.elapsed() < AT_MOST, "took {:?}: {}", started.elapsed(), start(script));
    result.map(|outcome| outcome.value)
}

/// The script must fail with this code, at a place in its text.
async fn fails(limits: Limits, script: &str, code: Code) -> RunError {
    let error = match run(&session(limits), RunOptions::default(), script).await {
        Err(error) => error,
        Ok(value) => panic!("gave {}: {}", start(&value.to_string()), start(script)),
    };
    assert_eq!(error.diagnostic.code, code, "{:?}: {}", error.diagnostic, start(script));
    error
}

fn start(text: &str) -> String {
    text.chars().take(300).collect()
}
