//! Decides whether a write is done or only tried. Today every write is done: [`Mode::Apply`].
//!
//! In a plan, a write will become a server-side dry run whose result later reads see. That belongs below *permit* (a plan
//! must not need more rights than it shows) and above *record* (what was only planned is no deed).

use super::Inner;
use crate::cluster::error::Error;
use http::Request;
use kube::client::Body;
use tower::ServiceExt;

/// What becomes of a run's writes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Mode {
    /// They are done.
    #[default]
    Apply,
}

pub(super) fn plan<S: Inner<Error>>(mode: Mode, inner: S) -> impl Inner<Error> {
    tower::service_fn(move |request: Request<Body>| match mode {
        Mode::Apply => inner.clone().oneshot(request),
    })
}
