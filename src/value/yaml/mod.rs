//! YAML in and out: read as kubectl reads it, written so that every reader reads it back alike.
//!
//! kubectl reads YAML 1.1 through go-yaml v2 and turns it into JSON; what JSON cannot say is refused here. Where kubectl
//! guesses or drops something (repeated keys, unknown tags, merge keys after the keys they would override), this room
//! refuses. Two things are read that kubectl drops or refuses: documents after `...`, and `%` directives. Nothing else
//! of the crate may read or write YAML.

mod compose;
mod fault;
mod look;
mod read;
mod scalar;
#[cfg(test)]
mod tests;
mod write;

pub use read::{Document, read_documents, read_one, read_optional};
pub use write::{write, write_documents};
