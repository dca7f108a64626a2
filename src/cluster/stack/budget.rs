//! Gives every call its time and its place: a deadline, a stop signal, and a number of calls in flight that the cluster takes.
//!
//! A place is held until the answer's body has ended, because that is how long the server works on it. A stream's body has no
//! deadline here (who reads it decides), but the stop signal ends it too.

use super::limiter::{Limiter, Place};
use super::{Inner, settings};
use crate::cluster::context::{CallContext, Shape};
use crate::cluster::error::{Call, Error};
use crate::cluster::{AnswerBody, BoxError};
use bytes::Bytes;
use http::Request;
use http_body::{Frame, SizeHint};
use http_body_util::BodyExt;
use kube::client::Body;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::{Instant, Sleep};
use tower::ServiceExt;

/// How long a page may pause between two pieces.
pub(crate) const PAUSE: Duration = Duration::from_secs(60);

pub(super) fn budget<S: Inner<Error>>(limiter: Arc<Limiter>, inner: S) -> impl Inner<Error> {
    tower::service_fn(move |request: Request<Body>| {
        let (inner, limiter) = (inner.clone(), limiter.clone());
        async move {
            let call = settings(&request)?.clone();
            let work = async {
                let place = limiter.place(call.shape).await;
                inner.oneshot(request).await.map(|answer| (answer, place))
            };
            let (answer, place) = tokio::select! {
                biased;
                () = call.run.cancel().cancelled() => return Err(Error::Cancelled { call: call.call }),
                done = tokio::time::timeout_at(call.deadline, work) => done.map_err(|_| timeout(&call))??,
            };
            Ok(answer.map(|body| watch_over(body, place, call)))
        }
    })
}

fn timeout(call: &CallContext) -> Error {
    Error::Timeout { call: call.call.clone(), after: call.started.elapsed(), last: None }
}

fn watch_over(body: AnswerBody, place: Place, call: CallContext) -> AnswerBody {
    if call.shape == Shape::Whole {
        return body;
    }
    let streams = call.shape == Shape::Stream;
    let cancel = call.run.cancel().clone();
    Guarded {
        body,
        place: Some(place),
        stop: Box::pin(async move { cancel.cancelled().await }),
        deadline: (!streams).then(|| Box::pin(tokio::time::sleep_until(call.deadline))),
        pause: (!streams).then(|| Box::pin(tokio::time::sleep(PAUSE))),
        is_waiting: false,
        started: call.started,
        call: call.call,
    }
    .boxed_unsync()
}

/// A body that ends at its deadline, when the run is stopped, or when it pauses for too long.
struct Guarded {
    body: AnswerBody,
    place: Option<Place>,
    stop: Pin<Box<dyn Future<Output = ()> + Send>>,
    deadline: Option<Pin<Box<Sleep>>>,
    pause: Option<Pin<Box<Sleep>>>,
    /// Whether the pause is running: the time that the reader takes for itself is not the server's.
    is_waiting: bool,
    started: Instant,
    call: Arc<Call>,
}

impl Guarded {
    fn late(&self, last: Option<String>) -> Error {
        Error::Timeout { call: self.call.clone(), after: self.started.elapsed(), last }
    }

    /// Why the body must end now, if it must.
    fn poll_end(&mut self, cx: &mut Context<'_>) -> Option<Error> {
        if self.stop.as_mut().poll(cx).is_ready() {
            return Some(Error::Cancelled { call: self.call.clone() });
        }
        let deadline = self.deadline.as_mut()?;
        deadline.as_mut().poll(cx).is_ready().then(|| self.late(None))
    }

    /// Nothing has arrived: for how long may that go on?
    fn poll_pause(&mut self, cx: &mut Context<'_>) -> Option<Error> {
        let pause = self.pause.as_mut()?;
        if !self.is_waiting {
            pause.as_mut().reset(Instant::now() + PAUSE);
            self.is_waiting = true;
        }
        let last = || Some(format!("the answer paused for {} s", PAUSE.as_secs()));
        pause.as_mut().poll(cx).is_ready().then(|| self.late(last()))
    }

    fn end(&mut self, error: Error) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        self.place = None;
        Poll::Ready(Some(Err(error.into())))
    }
}

impl http_body::Body for Guarded {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        // Looked at before each piece: a body that always has one ready must not outlive its deadline.
        if let Some(error) = self.poll_end(cx) {
            return self.end(error);
        }
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        match &polled {
            Poll::Ready(Some(Ok(_))) => self.is_waiting = false,
            Poll::Ready(_) => self.place = None,
            Poll::Pending => {
                if let Some(error) = self.poll_pause(cx) {
                    return self.end(error);
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
