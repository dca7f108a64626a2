//! Versioned sailing directions for Kubernetes fleets.

pub mod catalog;
pub mod cluster;
pub mod diag;
pub mod host;
pub mod journal;
pub mod object;
pub mod script;
pub mod session;
pub mod value;
pub mod world;
