//! Versioned sailing directions for Kubernetes fleets.

pub mod catalog;
#[cfg(feature = "cli")]
pub mod cli;
pub mod cluster;
pub mod diag;
pub mod journal;
pub mod object;
pub mod value;
pub mod world;
