//! Scenarios against a real control plane: each test has a namespace of its own and leaves the others alone.

mod namespaces;
mod pods;
mod rollback;
mod stage;
mod triage;
mod workloads;
