//! The one value tree and its forms in text: YAML and JSON in and out, with positions.
//!
//! An object goes from the wire to a script to YAML as the same [`Node`], without conversion. All YAML of the crate is
//! read and written here, so that a scalar means the same everywhere: what kubectl reads.

mod budget;
mod decode;
mod encode;
mod error;
pub mod json;
mod map;
mod node;
mod path;
mod position;
mod reach;
pub mod yaml;

pub use budget::{Budget, Limit};
pub use error::ValueError;
pub use map::{Key, Map};
pub use node::Node;
pub use path::{FieldPath, PathError, Step};
pub use reach::Reach;
