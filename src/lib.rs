//! Versioned sailing directions for Kubernetes fleets: runs Rhai scripts against Kubernetes API servers.
//!
//! The `rutter` binary is one user of this crate; an internal platform is another. The library never prints, reads the
//! environment, opens a file or starts a runtime by itself: what a script sees of the machine is the [`world::World`] that
//! it is given, the clusters it can reach are those of its [`cluster::Gateway`], and what happens goes to a
//! [`journal::Sink`]. Two embedders with different worlds share one process and see nothing of each other.
//!
//! # A script with params
//!
//! A [`session::Session`] holds what runs have in common. A run takes a [`session::Script`] and gives an
//! [`session::Outcome`]: the value of the script's last expression.
//!
//! ```
//! use rutter::journal::{Event, Memory};
//! use rutter::session::{RunOptions, Script, Session};
//! use rutter::value::{Map, Node};
//! use rutter::world::MemoryWorld;
//! use std::sync::Arc;
//! use std::time::Duration;
//!
//! # #[tokio::main]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // `SystemWorld` opens onto the machine; this one holds only what it is given.
//! let world = MemoryWorld::new().with_file("/etc/shop/tier", "gold");
//! let events = Arc::new(Memory::default());
//! let session = Session::builder(Arc::new(world)).events(events.clone()).build();
//!
//! let script = Script::new("greet.rhai", r#"
//!     let tier = file::read("/etc/shop/tier");
//!     print(`greeting ${params.name}`);
//!     #{ text: `hello ${params.name}`, tier: tier }
//! "#);
//! let mut params = Map::new();
//! params.insert("name", Node::from("Ada"));
//! let options = RunOptions::with_params(params).within(Some(Duration::from_secs(10)));
//!
//! let outcome = session.run(&script, options).await?;
//! assert_eq!(outcome.value.text_at(&["text"]), Some("hello Ada"));
//! assert_eq!(outcome.value.text_at(&["tier"]), Some("gold"));
//! assert_eq!(events.events(), [Event::Printed { text: "greeting Ada".into() }]);
//! # Ok(())
//! # }
//! ```
//!
//! # What went wrong
//!
//! An error is a [`diag::Diagnostic`]: a registered code, the place in the script, the chain of calls, hints. Decide by the
//! code; show it with [`diag::render`] or as JSON.
//!
//! ```
//! use rutter::diag::{Style, codes, render};
//! use rutter::session::{RunOptions, Script, Session};
//! use rutter::world::MemoryWorld;
//! use std::sync::Arc;
//!
//! # #[tokio::main]
//! # async fn main() {
//! let session = Session::builder(Arc::new(MemoryWorld::new())).build();
//! let script = Script::new("typo.rhai", r#"yaml::decod("a: 1")"#);
//! let error = session.run(&script, RunOptions::default()).await.unwrap_err();
//! assert_eq!(error.diagnostic.code, codes::UNKNOWN_FUNCTION);
//! assert_eq!(error.diagnostic.hints, ["did you mean `yaml::decode`?"]);
//! assert!(render(&error.diagnostic, &error.sources, Style::Plain).contains("--> typo.rhai:1:7"));
//! # }
//! ```
//!
//! # Clusters, limits, an early end
//!
//! [`cluster::connect::Connection`] makes a transport from a kubeconfig; anything else that answers HTTP requests is one,
//! too (`examples/embed.rs` has a cluster without a network). [`script::Limits`] bounds what a run may use up; a
//! [`cluster::CancelToken`] ends it early, and so does dropping the future of [`session::Session::run`]. Limits stop mistakes
//! and clumsy attacks. They do not bound the memory of a run in all: scripts of strangers belong into a process of their own.

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
