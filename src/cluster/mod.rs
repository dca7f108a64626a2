//! The only room that speaks HTTP to Kubernetes: connections, the request stack, discovery, reads, writes, waits.

mod transport;

pub use transport::{AnswerBody, BoxError, Stage, Transport, TransportError};
