//! The one integration-test binary: the dependencies are linked once. Every test file has its `mod` line here.
// In tests a panic is the report, and a test process is its own embedder: it may touch files, environment and processes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods)]

mod book;
mod catalog;
mod check;
mod cli;
mod cluster;
mod connect;
mod controlplane;
mod embedding;
mod examples;
mod hostile;
mod outside;
mod params;
mod script_values;
mod secrets;
mod structure;
mod support;
mod value;
