//! Asks whether the run may do what a request does. A call that is not granted never reaches the network.
//!
//! Today a run may do whatever its credential may: [`Grants::All`]. The layer is here so that grants cannot be forgotten by
//! a function that is written later.

use super::{Inner, info};
use crate::cluster::RequestInfo;
use crate::cluster::error::Error;
use http::Request;
use kube::client::Body;
use tower::ServiceExt;

/// What a run may do in a cluster.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Grants {
    /// Whatever the credential allows.
    #[default]
    All,
}

impl Grants {
    /// Whether they allow the request.
    #[expect(clippy::unnecessary_wraps, reason = "the seam: grants that refuse come with the rest of trust")]
    fn check(&self, _: &RequestInfo) -> Result<(), Error> {
        match self {
            Self::All => Ok(()),
        }
    }
}

pub(super) fn permit<S: Inner<Error>>(grants: Grants, inner: S) -> impl Inner<Error> {
    tower::service_fn(move |request: Request<Body>| {
        let inner = inner.clone();
        let permitted = info(&request).and_then(|info| grants.check(info));
        async move {
            permitted?;
            inner.oneshot(request).await
        }
    })
}
