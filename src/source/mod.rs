//! From text to documents: what a runbook is called, what it takes and what it needs, read from the script's own comment.
//!
//! Pure: text in, value or diagnostics out. Nothing here opens a file, and nothing is guessed: a key or a word that is not
//! known is an error, with the line and column in the script.

mod allow;
mod comment;
mod error;
mod reader;
mod runbook;
pub mod schema;

pub use allow::{Allow, PolicyRule};
pub use error::{HeaderError, HeaderProblem};
pub use runbook::Runbook;
pub use schema::{Format, ParamSchema, Schema};
