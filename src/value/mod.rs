//! The one value tree and its forms in text: YAML and JSON in and out, with positions.
//!
//! An object goes from the wire to a script to YAML as the same [`Node`], without conversion. All YAML of the crate is
//! read and written here, so that a scalar means the same everywhere: what kubectl reads.

mod map;
mod node;

pub use map::{Key, Map};
pub use node::Node;
