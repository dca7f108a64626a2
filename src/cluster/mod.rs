//! The only room that speaks HTTP to Kubernetes: connections, the request stack, discovery, reads, writes, waits.

pub mod connect;
mod context;
mod gateway;
mod transport;
pub use context::*;
pub use gateway::Gateway;
pub use transport::{AnswerBody, BoxError, Stage, Transport, TransportError};
