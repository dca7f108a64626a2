//! How many calls to a cluster may be in flight: few enough that the server answers at once, as many as it takes.
//!
//! The number adapts as TCP's window does: one more for every round of good answers while it is used up, half as many when
//! the server sheds load (429), a tenth fewer when answers become slow. What is always slow is not: how long answers usually take
//! is learned from all of them, and slowness alone leaves a quarter of the places. Streams have a pool of their own, since they
//! stay open.

use crate::cluster::context::Shape;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

const START: usize = 32;
const MOST: usize = 128;
const STREAMS: usize = 256;
/// One burst of refusals is one signal.
const CALM: Duration = Duration::from_secs(1);
/// Below this no answer counts as slow, however fast the others are.
const SLOW: Duration = Duration::from_secs(2);
/// A server that works on each call for long, or an admission webhook does, answers no sooner if it is asked for less.
const LEAST_FOR_SLOWNESS: usize = START / 4;
/// Of how many answers the usual time is a mean: it falls at once, and rises slowly enough for the window to shrink first.
const FALLS_OVER: u32 = 8;
const RISES_OVER: u32 = 256;

/// The window of one cluster.
pub(super) struct Limiter {
    calls: Arc<Semaphore>,
    streams: Arc<Semaphore>,
    window: Mutex<Window>,
}

struct Window {
    size: usize,
    /// Places that were taken away while they were in use; their users hand them in.
    debt: usize,
    in_use: usize,
    good: usize,
    usual: Duration,
    shrunk: Option<Instant>,
}

/// A place in flight, given back when dropped.
pub(super) struct Place {
    limiter: Arc<Limiter>,
    permit: Option<OwnedSemaphorePermit>,
    counted: bool,
}

impl Default for Limiter {
    fn default() -> Self {
        let window = Window { size: START, debt: 0, in_use: 0, good: 0, usual: Duration::ZERO, shrunk: None };
        Self {
            calls: Arc::new(Semaphore::new(START)),
            streams: Arc::new(Semaphore::new(STREAMS)),
            window: Mutex::new(window),
        }
    }
}

impl Window {
    /// Whether an answer was slow; the next one is compared with it too.
    fn learn(&mut self, latency: Duration) -> bool {
        if self.usual.is_zero() {
            self.usual = latency;
        }
        let is_slow = latency > SLOW && latency > self.usual.saturating_mul(4);
        let over = if latency < self.usual { FALLS_OVER } else { RISES_OVER };
        self.usual = self.usual - self.usual / over + latency / over;
        is_slow
    }
}

impl Limiter {
    /// Waits for a place.
    pub(super) async fn place(self: &Arc<Self>, shape: Shape) -> Place {
        let counted = shape != Shape::Stream;
        let pool = if counted { &self.calls } else { &self.streams };
        // The semaphores are never closed.
        let permit = pool.clone().acquire_owned().await.ok();
        if counted {
            self.lock().in_use += 1;
        }
        Place { limiter: self.clone(), permit, counted }
    }

    /// The server answered in that time.
    pub(super) fn answered(&self, latency: Duration) {
        let mut window = self.lock();
        if window.learn(latency) {
            let size = (window.size * 9 / 10).max(LEAST_FOR_SLOWNESS).min(window.size);
            self.shrink(&mut window, size);
            return;
        }
        window.good += 1;
        // A window that nobody fills says nothing about what the server can take.
        let most = if latency > SLOW { START } else { MOST };
        if window.good >= window.size && window.in_use * 2 > window.size && window.size < most {
            window.good = 0;
            window.size += 1;
            if window.debt > 0 {
                window.debt -= 1;
            } else {
                self.calls.add_permits(1);
            }
        }
    }

    /// The server sheds load.
    pub(super) fn refused(&self) {
        let mut window = self.lock();
        let size = window.size / 2;
        self.shrink(&mut window, size);
    }

    fn shrink(&self, window: &mut Window, size: usize) {
        if window.shrunk.is_some_and(|last| last.elapsed() < CALM) {
            return;
        }
        let size = size.max(1);
        let surplus = window.size - size;
        window.debt += surplus - self.calls.forget_permits(surplus);
        window.size = size;
        window.good = 0;
        window.shrunk = Some(Instant::now());
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Window> {
        self.window.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[cfg(test)]
    pub(super) fn size(&self) -> usize {
        self.lock().size
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if !self.counted {
            return;
        }
        let mut window = self.limiter.lock();
        window.in_use -= 1;
        if window.debt > 0
            && let Some(permit) = self.permit.take()
        {
            window.debt -= 1;
            permit.forget();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{CALM, LEAST_FOR_SLOWNESS, Limiter, START};
    use crate::cluster::context::Shape;
    use std::sync::Arc;
    use std::time::Duration;

    #[tokio::test(start_paused = true)]
    async fn halves_once_per_burst_of_refusals_and_never_below_one() {
        let limiter = Limiter::default();
        for _ in 0..10 {
            limiter.refused();
        }
        assert_eq!(limiter.size(), START / 2);
        for _ in 0..10 {
            tokio::time::advance(CALM).await;
            limiter.refused();
        }
        assert_eq!(limiter.size(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn takes_back_places_that_are_in_use_when_they_are_left() {
        let limiter = Arc::new(Limiter::default());
        let mut places = Vec::new();
        for _ in 0..START {
            places.push(limiter.place(Shape::Whole).await);
        }
        limiter.refused();
        places.truncate(START / 2);
        let waited = tokio::time::timeout(Duration::from_secs(1), limiter.place(Shape::Whole)).await;
        assert!(waited.is_err(), "half of the places are gone");
        places.pop();
        assert!(tokio::time::timeout(Duration::from_secs(1), limiter.place(Shape::Whole)).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn grows_only_while_it_is_used_up() {
        let limiter = Arc::new(Limiter::default());
        for _ in 0..START * 2 {
            limiter.answered(Duration::from_millis(5));
        }
        assert_eq!(limiter.size(), START);
        let mut places = Vec::new();
        for _ in 0..START {
            places.push(limiter.place(Shape::Whole).await);
        }
        for _ in 0..START {
            limiter.answered(Duration::from_millis(5));
        }
        assert_eq!(limiter.size(), START + 1);
        assert!(tokio::time::timeout(Duration::from_secs(1), limiter.place(Shape::Whole)).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn streams_do_not_take_the_places_of_calls() {
        let limiter = Arc::new(Limiter::default());
        let mut streams = Vec::new();
        for _ in 0..START + 1 {
            streams.push(limiter.place(Shape::Stream).await);
        }
        assert!(tokio::time::timeout(Duration::from_secs(1), limiter.place(Shape::Whole)).await.is_ok());
    }

    /// Rounds of calls that take that long, each with as many at once as there are places.
    async fn rounds(limiter: &Arc<Limiter>, count: usize, latency: Duration) -> Vec<usize> {
        let mut sizes = Vec::new();
        for _ in 0..count {
            let mut places = Vec::new();
            for _ in 0..limiter.size() {
                places.push(limiter.place(Shape::Whole).await);
            }
            tokio::time::advance(latency).await;
            for _ in &places {
                limiter.answered(latency);
            }
            sizes.push(limiter.size());
        }
        sizes
    }

    #[tokio::test(start_paused = true)]
    async fn gives_way_to_a_server_that_becomes_slow_but_not_for_ever() {
        let limiter = Arc::new(Limiter::default());
        let fast = *rounds(&limiter, 3, Duration::from_millis(5)).await.last().unwrap();
        let sizes = rounds(&limiter, 100, Duration::from_millis(2_200)).await;
        assert!(sizes[1] < sizes[0] && sizes[0] < fast, "{sizes:?}");
        assert!(sizes.iter().all(|size| *size >= LEAST_FOR_SLOWNESS), "{sizes:?}");
        assert_eq!(sizes[99], START, "what is always so is not slow, but no reason for more: {sizes:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn slowness_alone_does_not_close_the_window() {
        let limiter = Arc::new(Limiter::default());
        // Ever slower answers are never the usual ones.
        for round in 0..16 {
            rounds(&limiter, 1, Duration::from_millis(10) * 4_u32.pow(round)).await;
        }
        assert_eq!(limiter.size(), LEAST_FOR_SLOWNESS);
        tokio::time::advance(CALM).await;
        limiter.refused();
        assert_eq!(limiter.size(), LEAST_FOR_SLOWNESS / 2);
        tokio::time::advance(CALM).await;
        limiter.answered(Duration::from_secs(1_000_000_000));
        assert_eq!(limiter.size(), LEAST_FOR_SLOWNESS / 2, "nor does it open it");
    }
}
