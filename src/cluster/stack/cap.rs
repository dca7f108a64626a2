//! Bounds how much of an answer is read. An answer over its limit is an error, not an allocation.
//!
//! Streams (watches, logs, commands) have no end and so no cap here: who reads them bounds single lines.

use super::Inner;
use crate::cluster::context::{CallContext, Shape};
use crate::cluster::error::{Call, Error};
use crate::cluster::{AnswerBody, BoxError, TransportError};
use bytes::Bytes;
use http::{Request, header};
use http_body::{Frame, SizeHint};
use http_body_util::BodyExt;
use kube::client::Body;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tower::ServiceExt;

/// The most bytes of one page, or of any single document.
pub(crate) const PAGE_BYTES: u64 = 64 << 20;

pub(super) fn cap<S: Inner<TransportError>>(inner: S) -> impl Inner<TransportError> {
    tower::service_fn(move |request: Request<Body>| {
        let inner = inner.clone();
        async move {
            let limit = request.extensions().get::<CallContext>().and_then(|call| match call.shape {
                Shape::Whole => Some((PAGE_BYTES, call.call.clone())),
                Shape::Page { most } => Some((most, call.call.clone())),
                Shape::Stream => None,
            });
            let answer = inner.oneshot(request).await?;
            let Some((limit, call)) = limit else { return Ok(answer) };
            let announced =
                answer.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
            let left = if announced.is_some_and(|length: u64| length > limit) { 0 } else { limit };
            Ok(answer.map(|body| Capped { body, left, limit, call }.boxed_unsync()))
        }
    })
}

struct Capped {
    body: AnswerBody,
    left: u64,
    limit: u64,
    call: Arc<Call>,
}

impl http_body::Body for Capped {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        if let Poll::Ready(Some(Ok(frame))) = &polled {
            let length = frame.data_ref().map_or(0, |data| data.len() as u64);
            match self.left.checked_sub(length) {
                Some(left) => self.left = left,
                None => {
                    let error = Error::TooLarge { call: self.call.clone(), limit: self.limit };
                    return Poll::Ready(Some(Err(error.into())));
                }
            }
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
