//! The one stack of layers through which every request to a cluster goes:
//!
//! ```text
//! identify → permit → plan → record → budget → retry → cap → transport
//! ```
//!
//! A layer is a function from a service to a service. Each looks at the request's [`RequestInfo`] and [`CallContext`], which
//! *identify* puts into its extensions, and never at anything global. No function of the crate can go round the stack: only
//! a [`Transport`](super::Transport) speaks HTTP, and only this module holds one.

mod budget;
mod cap;
mod identify;
mod limiter;
mod permit;
mod plan;
mod policy;
mod record;
mod retry;
#[cfg(test)]
mod tests;

pub(crate) use budget::PAUSE;
pub(crate) use cap::PAGE_BYTES;
pub use permit::Grants;
pub use plan::Mode;
pub(crate) use retry::Repeated;

use super::context::CallContext;
use super::error::{Call, Error};
use super::{AnswerBody, RequestInfo, Transport};
use http::{Request, Response};
use kube::client::Body;
use std::sync::Arc;
use tower::Service;
use tower::util::BoxCloneSyncService;

/// A service in the stack. The blanket implementation makes this a short name for the bounds, nothing more.
pub(crate) trait Inner<E>:
    Service<Request<Body>, Response = Response<AnswerBody>, Error = E, Future: Send> + Clone + Send + Sync + 'static
{
}

impl<E, S> Inner<E> for S where
    S: Service<Request<Body>, Response = Response<AnswerBody>, Error = E, Future: Send> + Clone + Send + Sync + 'static
{
}

/// The whole stack of one target.
pub(crate) type Stack = BoxCloneSyncService<Request<Body>, Response<AnswerBody>, Error>;

/// Builds the stack of a target.
pub(crate) fn build(cluster: &Arc<str>, grants: Grants, mode: Mode, transport: Transport) -> Stack {
    let limiter = Arc::new(limiter::Limiter::default());
    let capped = cap::cap(transport);
    let retried = retry::retry(Arc::new(retry::Health::new(limiter.clone())), capped);
    let budgeted = budget::budget(limiter, retried);
    let recorded = record::record(budgeted);
    let planned = plan::plan(mode, recorded);
    let permitted = permit::permit(grants, planned);
    BoxCloneSyncService::new(identify::identify(cluster.clone(), permitted))
}

/// What *identify* found out about a request.
fn info(request: &Request<Body>) -> Result<&RequestInfo, Error> {
    request.extensions().get().ok_or_else(unidentified)
}

/// The settings of a call, which *identify* makes sure of.
fn settings(request: &Request<Body>) -> Result<&CallContext, Error> {
    request.extensions().get().ok_or_else(unidentified)
}

/// A layer was used without the one that has to stand above all: a defect of the stack.
fn unidentified() -> Error {
    let call = Call::new(&"".into(), "send", "a request");
    Error::Broken { call, cause: "the request did not pass the stack's first layer".into() }
}
