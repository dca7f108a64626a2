//! How many calls to a cluster may be in flight: few enough that the server answers at once, as many as it takes.
//!
//! The number adapts as TCP's window does: one more for every round of good answers while it is used up, half as many when
//! the server sheds load (429), a tenth fewer when answers become slow. Streams have a pool of their own, since they stay open.

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
        if latency > SLOW && window.usual > Duration::ZERO && latency > window.usual * 4 {
            let size = window.size * 9 / 10;
            self.shrink(&mut window, size);
            return;
        }
        window.usual = if window.usual.is_zero() { latency } else { (window.usual * 7 + latency) / 8 };
        window.good += 1;
        // A window that nobody fills says nothing about what the server can take.
        if window.good >= window.size && window.in_use * 2 > window.size && window.size < MOST {
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
    use super::{CALM, Limiter, START};
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
}
