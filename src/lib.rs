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
