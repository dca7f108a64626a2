//! Repeats what may be repeated, by the table in [`policy`](super::policy), and says so in the journal.
//!
//! An attempt includes reading a whole answer: a connection that breaks in the middle of an object is the same trouble as one
//! that breaks before it. Pages and streams are handed up as they arrive, and whoever reads them deals with their breaking.
//!
//! A server that is away is waited for until the call's deadline, once it has answered before: a run outlives a restart of the
//! API server. Everything else is bounded by counts and by a budget per cluster, so that a cluster in trouble is not buried
//! under repetitions.

use super::limiter::Limiter;
use super::policy::{Failure, Step, Trouble, decide};
use super::{Inner, info, settings};
use crate::cluster::connect::ConnectError;
use crate::cluster::context::{CallContext, Shape};
use crate::cluster::error::{Error, in_one_line};
use crate::cluster::status::is_unknown_field;
use crate::cluster::{AnswerBody, BoxError, Stage, TransportError};
use crate::journal::Event;
use bytes::Bytes;
use http::{HeaderMap, Request, Response, header};
use http_body_util::{BodyExt, Full};
use kube::client::Body;
use std::hash::BuildHasher;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;
use tower::ServiceExt;

/// How long one attempt at a document may take, its body included.
const ATTEMPT: Duration = Duration::from_secs(30);
/// How long the head of a list may take: a server may have to read all of it from its store.
const PAGE_ATTEMPT: Duration = Duration::from_secs(60);
/// The most of an error answer that is read.
const ERROR_BYTES: usize = 1 << 20;
/// How long an error answer is read: its status has decided already, its body only explains.
const ERROR_TIME: Duration = Duration::from_secs(2);
/// Repetitions beyond a call's first one: a tenth of the calls, and this many at once.
const SPARE: f64 = 10.0;
const SPARE_PER_CALL: f64 = 0.1;
const SPARE_PER_SECOND: f64 = 1.0;

/// In the extensions of an answer: the server may have done the call at an earlier attempt.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Repeated;

/// In the extensions of an answer: its status says that the server is busy or failing, but its body says that it decided.
#[derive(Debug, Clone, Copy)]
struct Decided;

/// What is known about a cluster's server.
pub(super) struct Health {
    limiter: Arc<Limiter>,
    known: AtomicBool,
    spare: Mutex<(f64, Instant)>,
    outage: Mutex<Outage>,
}

/// The calls for which a server is away.
#[derive(Default)]
struct Outage {
    calls: usize,
    /// Since when; it ends with an answer.
    since: Option<Instant>,
    /// The soonest attempt that is known of.
    next: Option<Instant>,
}

/// A call that waits for a server that is away.
struct Away(Arc<Health>);

impl Drop for Away {
    fn drop(&mut self) {
        self.0.outage().calls -= 1;
    }
}

impl Health {
    pub(super) fn new(limiter: Arc<Limiter>) -> Self {
        let spare = Mutex::new((SPARE, Instant::now()));
        Self { limiter, known: AtomicBool::new(false), spare, outage: Mutex::default() }
    }

    fn outage(&self) -> std::sync::MutexGuard<'_, Outage> {
        self.outage.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A further call waits.
    fn away(self: &Arc<Self>) -> Away {
        self.outage().calls += 1;
        Away(self.clone())
    }

    /// A call that waits tries again after that pause: how many wait, and when the next one of them tries.
    fn pausing(&self, pause: Duration) -> (usize, Duration) {
        let (mut outage, now) = (self.outage(), Instant::now());
        outage.since.get_or_insert(now);
        let next = outage.next.filter(|next| *next > now).map_or(now + pause, |next| next.min(now + pause));
        outage.next = Some(next);
        (outage.calls, next - now)
    }

    /// The server has answered: how long it was away, where it was.
    fn back(&self) -> Option<Duration> {
        self.known.store(true, Ordering::Relaxed);
        let mut outage = self.outage();
        outage.next = None;
        outage.since.take().map(|since| since.elapsed())
    }

    /// A call has begun: its tenth of a repetition.
    fn begin(&self) {
        self.credit(SPARE_PER_CALL);
    }

    fn credit(&self, calls: f64) -> f64 {
        let mut spare = self.spare.lock().unwrap_or_else(PoisonError::into_inner);
        let earned = spare.1.elapsed().as_secs_f64() * SPARE_PER_SECOND;
        *spare = ((spare.0 + earned + calls).min(SPARE), Instant::now());
        spare.0
    }

    /// Whether the budget has a repetition left; takes it.
    fn spend(&self) -> bool {
        let may = self.credit(0.0) >= 1.0;
        if may {
            self.credit(-1.0);
        }
        may
    }
}

pub(super) fn retry<S: Inner<TransportError>>(health: Arc<Health>, inner: S) -> impl Inner<Error> {
    tower::service_fn(move |request: Request<Body>| {
        let (inner, health) = (inner.clone(), health.clone());
        async move {
            let call = settings(&request)?.clone();
            let is_eviction = info(&request)?.subresource == "eviction";
            let (head, body) = request.into_parts();
            let body = body.collect_bytes().await.map_err(|error| Error::from_kube(error, &call.call))?;
            let again = || Request::from_parts(head.clone(), Body::from(body.clone()));
            health.begin();
            Attempts { call, health, is_eviction, failures: 0, waits: 0, away: None, repeats: 0, last: None }
                .run(again, &inner)
                .await
        }
    })
}

/// A call's attempts so far.
struct Attempts {
    call: CallContext,
    health: Arc<Health>,
    is_eviction: bool,
    /// Attempts that the server may have seen.
    failures: u32,
    /// Attempts that it cannot have seen, in a row.
    waits: u32,
    /// From the second of them on: the first may be one connection's trouble.
    away: Option<Away>,
    /// Repetitions that count against the budget.
    repeats: u32,
    /// What went wrong last, where the server may have seen it.
    last: Option<String>,
}

/// What came of one attempt.
enum Attempt {
    Answered(Response<AnswerBody>),
    Lost { stage: Option<Stage>, cause: String, connect: Option<Box<ConnectError>> },
    Final(Error),
}

impl Attempts {
    async fn run<S: Inner<TransportError>>(
        mut self,
        again: impl Fn() -> Request<Body>,
        inner: &S,
    ) -> Result<Response<AnswerBody>, Error> {
        loop {
            let attempt = self.attempt(inner, again()).await;
            let (trouble, why) = match &attempt {
                Attempt::Answered(answer) => match trouble_of(answer) {
                    Some(trouble) => (trouble, format!("the server answered {}", answer.status())),
                    None => return self.answer(attempt),
                },
                Attempt::Lost { stage: Some(stage), .. } if *stage == Stage::Credentials => {
                    return self.answer(attempt);
                }
                Attempt::Lost { connect: Some(error), .. } if error.is_lasting() => return self.answer(attempt),
                Attempt::Lost { stage, cause, .. } if stage.is_some_and(|stage| stage != Stage::Sent) => {
                    (Trouble::NotSent, cause.clone())
                }
                Attempt::Lost { cause, .. } => (Trouble::Lost, cause.clone()),
                Attempt::Final(_) => return self.answer(attempt),
            };
            match self.next(trouble, &why) {
                Step::Again(pause) => tokio::time::sleep(pause).await,
                Step::Doubt => return Err(Error::InDoubt { call: self.call.call, cause: why }),
                Step::Stop => return self.answer(attempt),
            }
        }
    }

    async fn attempt<S: Inner<TransportError>>(&mut self, inner: &S, request: Request<Body>) -> Attempt {
        let began = Instant::now();
        let limit = if self.call.shape == Shape::Whole { ATTEMPT } else { PAGE_ATTEMPT };
        let until = (began + limit).min(self.call.deadline);
        let work = async {
            match inner.clone().oneshot(request).await {
                Ok(answer) => self.receive(answer).await,
                Err(TransportError { stage, source }) => {
                    let cause = in_one_line(&*source);
                    Attempt::Lost { stage: Some(stage), cause, connect: source.downcast().ok() }
                }
            }
        };
        let attempt = tokio::time::timeout_at(until, work).await.unwrap_or_else(|_| Attempt::Lost {
            stage: None,
            cause: format!("no answer within {} s", began.elapsed().as_secs()),
            connect: None,
        });
        if let Attempt::Answered(answer) = &attempt {
            self.away = None;
            if let Some(after) = self.health.back() {
                self.call.run.record(Event::Reached { cluster: self.call.call.cluster.clone(), after });
            }
            if matches!(trouble_of(answer), Some(Trouble::Busy { .. })) {
                self.health.limiter.refused();
            } else if self.call.shape == Shape::Whole && !self.is_eviction {
                self.health.limiter.answered(began.elapsed());
            }
        }
        attempt
    }

    /// Reads what has to be read before the answer can be judged.
    async fn receive(&self, answer: Response<AnswerBody>) -> Attempt {
        let status = answer.status();
        if status.is_redirection() {
            return Attempt::Final(Error::Redirect {
                call: self.call.call.clone(),
                host: other_host(answer.headers()),
            });
        }
        let refused = status.is_client_error() || status.is_server_error();
        if !refused && self.call.shape != Shape::Whole {
            return Attempt::Answered(answer);
        }
        let (mut head, body) = answer.into_parts();
        let read = if refused {
            Ok(beginning(body).await)
        } else {
            body.collect().await.map(http_body_util::Collected::to_bytes)
        };
        match read {
            Ok(bytes) => {
                if refused && self.is_decided(&bytes) {
                    head.extensions.insert(Decided);
                }
                Attempt::Answered(Response::from_parts(head, whole(bytes)))
            }
            Err(error) => self.broken(error),
        }
    }

    /// A disruption budget says no with 429, and an unknown field is a 500: neither gets better by asking again.
    fn is_decided(&self, body: &[u8]) -> bool {
        let text = String::from_utf8_lossy(body);
        (self.is_eviction && text.contains("DisruptionBudget")) || is_unknown_field(&text)
    }

    fn broken(&self, error: BoxError) -> Attempt {
        match Error::unbox(error, &self.call.call) {
            Error::Broken { cause, .. } => Attempt::Lost { stage: Some(Stage::Sent), cause, connect: None },
            ours => Attempt::Final(ours),
        }
    }

    /// What to do after a failed attempt; says so in the journal.
    fn next(&mut self, trouble: Trouble, why: &str) -> Step {
        let count = if trouble == Trouble::NotSent {
            self.waits += 1;
            self.waits
        } else {
            (self.waits, self.failures, self.away) = (0, self.failures + 1, None);
            self.failures
        };
        let known = self.health.known.load(Ordering::Relaxed);
        let failure = Failure { trouble, count, known, jitter: jitter() };
        let step = decide(self.call.class, failure);
        let Step::Again(pause) = step else { return step };
        // 429 says itself when to come back, and nothing was sent to a server that is away.
        if matches!(trouble, Trouble::Lost | Trouble::Failed { .. }) {
            self.repeats += 1;
            if self.repeats > 1 && !self.health.spend() {
                return Step::Stop;
            }
        }
        let left = self.call.deadline.saturating_duration_since(Instant::now());
        if pause >= left {
            return Step::Stop;
        }
        if trouble != Trouble::NotSent {
            self.last = Some(why.to_owned());
        }
        self.tell(trouble, count, pause, left, why);
        step
    }

    fn tell(&mut self, trouble: Trouble, count: u32, pause: Duration, left: Duration, why: &str) {
        let cluster = self.call.call.cluster.clone();
        if trouble != Trouble::NotSent {
            let call = format!("{} {}", self.call.call.verb, self.call.call.object);
            self.call.run.record(Event::Retry { cluster, call, attempt: count, after: pause, why: why.to_owned() });
        } else if count >= 2 {
            self.away.get_or_insert_with(|| self.health.away());
            let (calls, next) = self.health.pausing(pause);
            let what = format!("the API server: {why}");
            self.call.run.record(Event::Waiting { cluster, what, calls, next, at_most: left });
        }
    }

    /// What the caller gets in the end.
    fn answer(self, attempt: Attempt) -> Result<Response<AnswerBody>, Error> {
        let call = self.call.call.clone();
        let late = self.call.deadline <= Instant::now() + Duration::from_millis(1);
        match attempt {
            Attempt::Answered(mut answer) => {
                if self.repeats > 0 {
                    answer.extensions_mut().insert(Repeated);
                }
                Ok(answer)
            }
            Attempt::Final(error) => Err(error),
            Attempt::Lost { stage, cause, connect } => Err(match stage {
                Some(stage)
                    if stage != Stage::Sent
                        && (self.last.is_none() || connect.as_ref().is_some_and(|error| error.is_lasting())) =>
                {
                    Error::Unreachable { call, stage, cause, connect }
                }
                None if late => Error::Timeout { call, after: self.call.started.elapsed(), last: self.last },
                _ => Error::Broken { call, cause },
            }),
        }
    }
}

/// What there is of an error answer: a body that breaks or never ends says no less than one that is missing.
async fn beginning(mut body: AnswerBody) -> Bytes {
    let (mut bytes, until) = (Vec::new(), Instant::now() + ERROR_TIME);
    while let Ok(Some(Ok(frame))) = tokio::time::timeout_at(until, body.frame()).await {
        bytes.extend_from_slice(frame.data_ref().map(AsRef::as_ref).unwrap_or_default());
        if bytes.len() >= ERROR_BYTES {
            break;
        }
    }
    bytes.into()
}

fn whole(bytes: Bytes) -> AnswerBody {
    Full::new(bytes).map_err(|never| match never {}).boxed_unsync()
}

fn trouble_of(answer: &Response<AnswerBody>) -> Option<Trouble> {
    let after = || answer.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse().ok());
    let after = || after().map(Duration::from_secs);
    match answer.status().as_u16() {
        _ if answer.extensions().get::<Decided>().is_some() => None,
        429 => Some(Trouble::Busy { after: after() }),
        500 | 502 | 503 | 504 => Some(Trouble::Failed { after: after() }),
        _ => None,
    }
}

/// The host of a redirect and nothing else: its path may hold a token.
fn other_host(headers: &HeaderMap) -> String {
    let place = headers.get(header::LOCATION).and_then(|place| place.to_str().ok()).unwrap_or_default();
    let host = place.parse::<http::Uri>().ok().and_then(|uri| uri.host().map(str::to_owned));
    host.map_or_else(|| "another path".to_owned(), |host| crate::diag::printable(&host))
}

/// A number in [0, 1) that differs between calls and processes. Spreading needs no better chance than a hasher's seed.
fn jitter() -> f64 {
    let seed = std::collections::hash_map::RandomState::new().hash_one(0_u8);
    f64::from(u32::try_from(seed >> 32).unwrap_or_default()) / (f64::from(u32::MAX) + 1.0)
}
