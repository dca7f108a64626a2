//! Texts as values: what kubectl reads, and what nobody should have to read.

mod hostile;
mod scalars;
