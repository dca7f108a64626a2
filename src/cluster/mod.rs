//! The only room that speaks HTTP to Kubernetes: connections, the request stack, discovery, reads, writes, waits.
//!
//! A [`Target`] is one cluster: everything it sends goes through one stack of layers (`stack/`), whatever carries the
//! bytes in the end. A [`Context`] is what a run's calls share. Nothing here prints, reads the environment or starts a runtime.

pub mod connect;
mod context;
mod discovery;
mod error;
pub mod evictions;
mod gateway;
pub mod read;
mod request;
#[cfg(test)]
pub(crate) mod scripted;
mod stack;
mod status;
mod target;
mod transport;
pub mod wait;
pub mod write;

pub use context::{CALL_TIME, CancelToken, Context, FIELD_MANAGER};
pub(crate) use discovery::Schemas;
pub use discovery::{Kinds, Resource, Subresource};
pub use error::{Call, Error};
pub use gateway::{Connect, Gateway, Source};
pub use request::{InvalidPath, RequestInfo, Verb};
pub use stack::{Grants, Mode};
pub use status::{Cause, Problem, Status};
pub use target::{Scope, Target};
pub use transport::{AnswerBody, BoxError, Stage, Transport, TransportError};

/// What calls give back.
pub type Result<T, E = Error> = std::result::Result<T, E>;
