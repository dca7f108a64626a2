//! The only room that speaks HTTP to Kubernetes: connections, the request stack, discovery, reads, writes, waits.

pub mod connect;
mod transport;

pub use transport::{AnswerBody, BoxError, Stage, Transport, TransportError};
