//! What a run does, as typed events, and where they go.
//!
//! The layer stack writes an intent before and a result after each mutating call; everything that people see while a run
//! works (retries, waits, warnings, progress) is an event too. Nothing here prints or opens a file, and no event carries
//! the content of an object: a Secret's data cannot leak through the journal.

mod event;
mod masking;
mod sink;

pub use event::{Event, Intent, Level, Outcome, Progress};
pub use masking::Masking;
pub use sink::{Discard, Memory, Sink, Tee};
