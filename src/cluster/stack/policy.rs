//! Whether a call that failed may be repeated: the retry table, as a pure function.
//!
//! | answer | reads | repeatable writes | POST of a named object | everything else |
//! |---|---|---|---|---|
//! | not sent (refused, DNS, TLS) | again | again | again | again |
//! | the server's certificate proves nothing | an answer | an answer | an answer | an answer |
//! | 429 | again, ≤ 10 | same | same | same; that of a disruption budget is an answer |
//! | 503 with Retry-After | again, ≤ 5 | again, ≤ 5 | caller reads back | in doubt |
//! | 500 502 503 504, timeout, reset, end of file | ≤ 5 | ≤ 5 | caller reads back | in doubt |
//! | any other status | an answer | an answer | an answer | an answer |
//!
//! `Retry-After` is obeyed up to a minute: a server that says a day must not stop a run for a day.

use crate::cluster::context::CallClass;
use std::time::Duration;

/// How a call failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    /// The server cannot have seen it.
    NotSent,
    /// 429.
    Busy {
        /// `Retry-After`.
        after: Option<Duration>,
    },
    /// 500, 502, 503, 504.
    Failed {
        /// `Retry-After`.
        after: Option<Duration>,
    },
    /// It was sent and no answer came.
    Lost,
}

/// What to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Hand up what there is: an answer, or the failure.
    Stop,
    /// It may have been done: say so.
    Doubt,
    /// Wait, then again.
    Again(Duration),
}

/// The longest pause that a server can ask for.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_BACKOFF: Duration = Duration::from_secs(5);
const MOST_BUSY: u32 = 10;
const MOST_LOST: u32 = 5;
/// A server that never answered is more likely a wrong address than one that is restarted.
const MOST_UNKNOWN: u32 = 3;

/// A failed attempt in its call.
#[derive(Debug, Clone, Copy)]
pub(super) struct Failure {
    /// How it failed.
    pub(super) trouble: Trouble,
    /// The call's failures so far, this one included.
    pub(super) count: u32,
    /// Whether this server ever answered.
    pub(super) known: bool,
    /// In [0, 1): spreads callers that failed together.
    pub(super) jitter: f64,
}

/// What to do about a failed attempt.
pub(super) fn decide(class: CallClass, failure: Failure) -> Step {
    let repeatable = matches!(class, CallClass::Read | CallClass::Repeatable);
    match failure.trouble {
        Trouble::NotSent if failure.known || failure.count < MOST_UNKNOWN => Step::Again(backoff(failure)),
        Trouble::NotSent => Step::Stop,
        Trouble::Busy { .. } if failure.count > MOST_BUSY => Step::Stop,
        Trouble::Busy { after } => Step::Again(pause(after, failure)),
        Trouble::Failed { after } if repeatable && failure.count <= MOST_LOST => Step::Again(pause(after, failure)),
        Trouble::Failed { .. } => Step::Stop,
        Trouble::Lost if repeatable && failure.count <= MOST_LOST => Step::Again(backoff(failure)),
        Trouble::Lost if repeatable => Step::Stop,
        Trouble::Lost => Step::Doubt,
    }
}

/// Full jitter over a doubling span.
fn backoff(failure: Failure) -> Duration {
    let span = FIRST_PAUSE.saturating_mul(1 << failure.count.saturating_sub(1).min(10)).min(LONGEST_BACKOFF);
    span.mul_f64(failure.jitter.clamp(0.0, 1.0)).max(Duration::from_millis(10))
}

/// As long as the server says, and a little longer by chance, so that not all come back in the same instant.
fn pause(after: Option<Duration>, failure: Failure) -> Duration {
    match after.filter(|after| !after.is_zero()) {
        Some(after) => {
            let after = after.min(LONGEST_PAUSE);
            after + (after / 10).mul_f64(failure.jitter.clamp(0.0, 1.0))
        }
        None => backoff(failure),
    }
}

#[cfg(test)]
mod tests {
    use super::{Failure, LONGEST_PAUSE, Step, Trouble, decide};
    use crate::cluster::context::CallClass::{self, Named, Once, Read, Repeatable};
    use std::time::Duration;

    const ALL: [CallClass; 4] = [Read, Repeatable, Named, Once];

    fn failure(trouble: Trouble, count: u32) -> Failure {
        Failure { trouble, count, known: true, jitter: 0.5 }
    }

    fn is_again(step: Step) -> bool {
        matches!(step, Step::Again(_))
    }

    #[test]
    fn a_call_that_was_not_sent_is_repeated_in_every_class() {
        for class in ALL {
            assert!(is_again(decide(class, failure(Trouble::NotSent, 1_000))), "{class:?}");
        }
    }

    #[test]
    fn a_server_that_never_answered_gets_three_attempts() {
        let unknown = |count| Failure { known: false, ..failure(Trouble::NotSent, count) };
        assert!(is_again(decide(Read, unknown(2))));
        assert_eq!(decide(Read, unknown(3)), Step::Stop);
    }

    #[test]
    fn a_busy_server_is_asked_ten_times_more_in_every_class() {
        for class in ALL {
            assert!(is_again(decide(class, failure(Trouble::Busy { after: None }, 10))), "{class:?}");
            assert_eq!(decide(class, failure(Trouble::Busy { after: None }, 11)), Step::Stop, "{class:?}");
        }
    }

    #[test]
    fn only_what_can_be_repeated_is_repeated_after_it_was_sent() {
        for trouble in
            [Trouble::Lost, Trouble::Failed { after: None }, Trouble::Failed { after: Some(Duration::from_secs(1)) }]
        {
            for class in [Read, Repeatable] {
                assert!(is_again(decide(class, failure(trouble, 5))), "{class:?} {trouble:?}");
                assert_eq!(decide(class, failure(trouble, 6)), Step::Stop, "{class:?} {trouble:?}");
            }
            for class in [Named, Once] {
                assert!(!is_again(decide(class, failure(trouble, 1))), "{class:?} {trouble:?}");
            }
        }
        assert_eq!(decide(Named, failure(Trouble::Lost, 1)), Step::Doubt);
        assert_eq!(decide(Once, failure(Trouble::Lost, 1)), Step::Doubt);
    }

    #[test]
    fn a_server_cannot_ask_for_more_than_a_minute() {
        let day = Trouble::Busy { after: Some(Duration::from_secs(100_000)) };
        let Step::Again(pause) = decide(Read, failure(day, 1)) else { panic!("not repeated") };
        assert!(pause >= LONGEST_PAUSE && pause <= LONGEST_PAUSE * 11 / 10, "{pause:?}");
    }

    #[test]
    fn the_span_of_pauses_doubles_up_to_five_seconds() {
        let pause = |count| match decide(Read, Failure { jitter: 1.0, ..failure(Trouble::NotSent, count) }) {
            Step::Again(pause) => pause,
            other => panic!("{other:?}"),
        };
        assert_eq!(pause(1), Duration::from_millis(200));
        assert_eq!(pause(3), Duration::from_millis(800));
        assert_eq!(pause(40), Duration::from_secs(5));
    }
}
