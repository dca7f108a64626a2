//! Where events go. A sink must return at once: it is called in the middle of a request.

use super::Event;
use std::sync::{Arc, Mutex, PoisonError};

/// Takes the events of a run.
pub trait Sink: Send + Sync {
    /// Takes one event. Called from any thread; must not block.
    fn record(&self, event: Event);
}

/// Drops everything.
#[derive(Debug, Default, Clone, Copy)]
pub struct Discard;

impl Sink for Discard {
    fn record(&self, _: Event) {}
}

/// Keeps events in memory, the newest of them when there are more than it may hold.
#[derive(Debug)]
pub struct Memory {
    most: usize,
    events: Mutex<std::collections::VecDeque<Event>>,
}

impl Default for Memory {
    fn default() -> Self {
        Self::holding(100_000)
    }
}

impl Memory {
    /// A memory of at most that many events.
    #[must_use]
    pub fn holding(most: usize) -> Self {
        Self { most: most.max(1), events: Mutex::default() }
    }

    /// A copy of what was recorded, oldest first.
    #[must_use]
    pub fn events(&self) -> Vec<Event> {
        self.events.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}

impl Sink for Memory {
    fn record(&self, event: Event) {
        let mut events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        if events.len() == self.most {
            events.pop_front();
        }
        events.push_back(event);
    }
}

/// Gives every event to several sinks, in order.
#[derive(Clone, Default)]
pub struct Tee {
    sinks: Vec<Arc<dyn Sink>>,
}

impl Tee {
    /// A sink that feeds these.
    #[must_use]
    pub fn new(sinks: Vec<Arc<dyn Sink>>) -> Self {
        Self { sinks }
    }
}

impl Sink for Tee {
    fn record(&self, event: Event) {
        for sink in &self.sinks {
            sink.record(event.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Event, Memory, Sink, Tee};
    use std::sync::Arc;

    fn note(text: &str) -> Event {
        Event::Note { text: text.to_owned() }
    }

    #[test]
    fn forgets_the_oldest_event_when_full() {
        let memory = Memory::holding(2);
        for text in ["a", "b", "c"] {
            memory.record(note(text));
        }
        assert_eq!(memory.events(), [note("b"), note("c")]);
    }

    #[test]
    fn a_tee_feeds_all_its_sinks() {
        let (left, right) = (Arc::new(Memory::default()), Arc::new(Memory::default()));
        Tee::new(vec![left.clone(), right.clone()]).record(note("x"));
        assert_eq!((left.events(), right.events()), (vec![note("x")], vec![note("x")]));
    }
}
