//! Versioned sailing directions for Kubernetes fleets.

pub mod diag;
pub mod value;
