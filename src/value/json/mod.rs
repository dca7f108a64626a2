//! JSON in and out. One parser serves whole texts and texts that arrive in pieces; nothing is built twice.
//!
//! Stricter than RFC 8259 where readers disagree: a key that stands twice, half a surrogate pair and a number beyond the
//! range of a double are errors. Integers up to `u64` are kept exactly.

mod fault;
mod intern;
mod machine;
mod number;
mod read;
mod settings;
mod string;
mod wire;
mod write;

pub use read::read;
pub use settings::ManagedFields;
pub use wire::{ListParser, StreamParser, WireOptions};
pub use write::{write, write_pretty};

pub(super) use read::read_stream;
pub(super) use write::quoted;
