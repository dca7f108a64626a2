//! [`Masking`]: the last thing an event passes before it leaves a run. What is recorded is masked; nothing is held back.

use super::{Event, Intent, Outcome, Progress, Sink};
use crate::object::Secrets;
use crate::value::Map;
use std::borrow::Cow;
use std::sync::Arc;

/// Hands events on with every known secret masked, in each text that they carry.
pub struct Masking {
    sink: Arc<dyn Sink>,
    secrets: Secrets,
}

impl Masking {
    /// Hands on to `sink` what hides `secrets`; those that become known later are hidden from then on.
    #[must_use]
    pub fn new(sink: Arc<dyn Sink>, secrets: Secrets) -> Self {
        Self { sink, secrets }
    }

    fn hide(&self, text: &mut String) {
        if let Cow::Owned(masked) = self.secrets.mask(text) {
            *text = masked;
        }
    }

    fn hide_shared(&self, text: &mut Arc<str>) {
        if let Cow::Owned(masked) = self.secrets.mask(text) {
            *text = masked.into();
        }
    }

    fn hide_maybe(&self, text: &mut Option<String>) {
        if let Some(text) = text {
            self.hide(text);
        }
    }

    fn hide_fields(&self, fields: &mut Map) {
        if let Some(masked) = self.secrets.mask_node(&fields.clone().into()).as_map() {
            *fields = masked.clone();
        }
    }

    /// Every variant and every text by name: a new one that is forgotten here does not compile.
    fn mask(&self, event: &mut Event) {
        match event {
            Event::Intent(Intent { id: _, cluster, verb, object, path, expects }) => {
                self.hide_shared(cluster);
                [verb, object, path].into_iter().for_each(|text| self.hide(text));
                self.hide_maybe(expects);
            }
            Event::Done(Outcome { id: _, cluster, status: _, uid, resource_version, latency: _, failure }) => {
                self.hide_shared(cluster);
                [uid, resource_version, failure].into_iter().for_each(|text| self.hide_maybe(text));
            }
            Event::Retry { cluster, call, attempt: _, after: _, why } => {
                self.hide_shared(cluster);
                [call, why].into_iter().for_each(|text| self.hide(text));
            }
            Event::Reached { cluster, after: _ } => self.hide_shared(cluster),
            Event::Waiting { cluster, what: text, calls: _, next: _, at_most: _ }
            | Event::Warning { cluster, text } => {
                self.hide_shared(cluster);
                self.hide(text);
            }
            Event::Progress(Progress { label, done: _, total: _, detail }) => {
                [label, detail].into_iter().for_each(|text| self.hide(text));
            }
            Event::Printed { text } | Event::Note { text } => self.hide(text),
            Event::Log { level: _, text, fields } => {
                self.hide(text);
                self.hide_fields(fields);
            }
        }
    }
}

impl Sink for Masking {
    fn record(&self, mut event: Event) {
        if !self.secrets.is_empty() {
            self.mask(&mut event);
        }
        self.sink.record(event);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::{Level, Memory};
    use crate::value::Node;
    use std::time::Duration;

    const SECRET: &str = "hunter2-hunter2";

    /// One event of each kind, with the secret wherever a text can be.
    fn events() -> Vec<Event> {
        let (text, shared) = (|| format!("a {SECRET} b"), || -> Arc<str> { SECRET.into() });
        let fields: Map =
            [("key".to_owned(), Node::from(SECRET)), (SECRET.to_owned(), Node::Null)].into_iter().collect();
        vec![
            Event::Intent(Intent {
                id: 1,
                cluster: shared(),
                verb: text(),
                object: text(),
                path: text(),
                expects: Some(text()),
            }),
            Event::Done(Outcome {
                id: 1,
                cluster: shared(),
                status: None,
                uid: Some(text()),
                resource_version: Some(text()),
                latency: Duration::ZERO,
                failure: Some(text()),
            }),
            Event::Retry { cluster: shared(), call: text(), attempt: 1, after: Duration::ZERO, why: text() },
            Event::Waiting { cluster: shared(), what: text(), calls: 1, next: Duration::ZERO, at_most: Duration::ZERO },
            Event::Reached { cluster: shared(), after: Duration::ZERO },
            Event::Warning { cluster: shared(), text: text() },
            Event::Progress(Progress { label: text(), done: 1, total: None, detail: text() }),
            Event::Printed { text: text() },
            Event::Note { text: text() },
            Event::Log { level: Level::Info, text: text(), fields },
        ]
    }

    #[test]
    fn no_text_of_any_event_shows_a_secret() {
        let (memory, secrets) = (Arc::new(Memory::default()), Secrets::new());
        let sink = Masking::new(memory.clone(), secrets.clone());
        secrets.add(SECRET);
        events().into_iter().for_each(|event| sink.record(event));
        let seen = memory.events();
        assert_eq!(seen.len(), events().len());
        for event in seen {
            let shown = format!("{event:?}");
            assert!(!shown.contains("hunter2") && shown.contains("***"), "{shown}");
        }
    }

    #[test]
    fn leaves_events_alone_where_no_secret_is_known() {
        let memory = Arc::new(Memory::default());
        let sink = Masking::new(memory.clone(), Secrets::new());
        events().into_iter().for_each(|event| sink.record(event));
        assert_eq!(memory.events(), events());
    }
}
