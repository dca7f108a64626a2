//! From a schema and the values that people give to the params of a run: layers put together, every value checked, every
//! problem told at once.
//!
//! Pure: the caller reads files and the command line. A value is never repaired, and a secret is never part of a message.

mod error;
mod flag;
mod layer;
mod merge;
mod params;
mod text;

pub use error::{NameStyle, ParamError};
pub use flag::{Flag, FlagKind, flags};
pub use layer::Layer;
pub use params::Params;
pub use text::{TextMismatch, value_from_text};

pub use crate::source::ParamSchema;
