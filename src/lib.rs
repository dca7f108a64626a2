//! Versioned sailing directions for Kubernetes fleets.

pub mod catalog;
#[cfg(feature = "cli")]
pub mod cli;
pub mod cluster;
pub mod diag;
pub mod host;
pub mod journal;
pub mod object;
pub mod report;
pub mod resolve;
pub mod script;
pub mod session;
pub mod source;
pub mod value;
pub mod world;

/// The Rust of the book's pages, compiled and run with the tests of the documentation.
#[cfg(doctest)]
#[doc = include_str!("../book/src/embedding.md")]
mod book {}
