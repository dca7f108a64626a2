//! Waiting until an object is as it should be: on one watch, never by polling, never without a deadline.
//!
//! [`Target::wait`] does it for a [`Condition`]; [`Waiting`] hands out each state of the object for whoever decides
//! otherwise. A wait that ends without what it waited for says what it saw last and looks for the reasons (`explain/`).

mod condition;
mod error;
mod explain;
#[cfg(test)]
mod tests;

pub use condition::{Condition, InvalidCondition, Verdict};
pub use error::{Unmet, WaitError};

use super::read::{Change, Watch, WatchOptions};
use super::{Context, Scope, Target};
use crate::journal::{Event, Progress};
use crate::object::{FieldSelector, KindQuery, ObjectRef, meta};
use crate::value::Node;
use std::time::Duration;
use tokio::time::Instant;

/// How long to wait, and for how long the condition has to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct WaitOptions {
    /// How long to wait at most; 5 minutes unless said.
    pub timeout: Duration,
    /// How long the condition has to hold without interruption; once is enough unless said.
    pub stable_for: Duration,
}

impl Default for WaitOptions {
    fn default() -> Self {
        Self { timeout: Duration::from_secs(300), stable_for: Duration::ZERO }
    }
}

/// What a [`Waiting`] has to tell.
#[derive(Debug, Clone, PartialEq)]
pub enum Moment {
    /// The object as it is now, or nothing where there is none. Wants to be judged.
    Seen(Option<Node>),
    /// The condition has held for long enough.
    Held,
}

/// A wait in progress.
#[derive(Debug)]
pub struct Waiting {
    target: Target,
    run: Context,
    reference: ObjectRef,
    watch: Watch,
    what: String,
    unmet: String,
    options: WaitOptions,
    started: Instant,
    deadline: Instant,
    /// The state that was told last; none before the first.
    last: Option<Option<Node>>,
    last_at: Instant,
    why: String,
    held_since: Option<Instant>,
    /// How often the condition came true and was lost again.
    lost: u32,
}

impl Target {
    /// Waits until an object is as it should be, and gives back the object as it was then; nothing where it is gone.
    ///
    /// A reference with a uid means this very object: once it is gone, no other will do.
    ///
    /// # Errors
    /// [`WaitError::NotMet`] when the time is over, [`WaitError::Hopeless`] as soon as it cannot come true any more, both with
    /// the reasons; what [`Watch::next`] fails with.
    pub async fn wait(
        &self,
        run: &Context,
        reference: &ObjectRef,
        condition: &Condition,
        options: &WaitOptions,
    ) -> Result<Option<Node>, WaitError> {
        self.waiting(run, reference, condition, options).await?.until(condition).await
    }

    /// Begins a wait for a condition. Whoever waits for something else changes what it says about itself with
    /// [`Waiting::described`].
    ///
    /// # Errors
    /// The kind is unknown or has no such namespace.
    pub async fn waiting(
        &self,
        run: &Context,
        reference: &ObjectRef,
        condition: &Condition,
        options: &WaitOptions,
    ) -> Result<Waiting, WaitError> {
        let resource = self.resolve_exactly(run, &reference.gvk).await?;
        let scope = reference.namespace.clone().map_or(Scope::Default, Scope::Namespace);
        let exact = ObjectRef { uid: reference.uid.clone(), ..self.reference(&resource, &scope, &reference.name)? };
        let mut watched = WatchOptions::default();
        watched.scope = exact.namespace.clone().map_or(Scope::Default, Scope::Namespace);
        watched.fields = Some(FieldSelector::field("metadata.name", exact.name.as_str()));
        let watch = self.watch(run, &KindQuery::from(&exact.gvk), &watched).await?;
        let started = Instant::now();
        // Longer than any wait, and small enough to be added to an instant.
        let deadline = started + options.timeout.min(Duration::from_secs(60 * 60 * 24 * 365));
        Ok(Waiting {
            target: self.clone(),
            run: run.clone(),
            reference: exact,
            watch,
            what: condition.to_string(),
            unmet: condition.unmet(),
            options: *options,
            started,
            deadline,
            last: None,
            last_at: started,
            why: "the API server has not told its state yet".to_owned(),
            held_since: None,
            lost: 0,
        })
    }
}

impl Waiting {
    /// The same wait, for something that has its own words: what is waited for, and what an object is that did not come so
    /// far, as in `did not fulfil the closure`.
    #[must_use]
    pub fn described(mut self, what: impl Into<String>, unmet: impl Into<String>) -> Self {
        (self.what, self.unmet) = (what.into(), unmet.into());
        self
    }

    /// Waits for a condition.
    ///
    /// # Errors
    /// As [`Target::wait`].
    pub async fn until(mut self, condition: &Condition) -> Result<Option<Node>, WaitError> {
        loop {
            match self.next().await? {
                Moment::Held => return Ok(self.into_last()),
                Moment::Seen(object) => self.judge(condition.judge(object.as_ref())).await?,
            }
        }
    }

    /// The next state of the object, or that the last one has held for long enough.
    ///
    /// May be dropped while it waits: no change is lost.
    ///
    /// # Errors
    /// [`WaitError::NotMet`] when the time is over; what [`Watch::next`] fails with.
    pub async fn next(&mut self) -> Result<Moment, WaitError> {
        loop {
            let held = self.held_since.map(|since| since + self.options.stable_for);
            if held.is_some_and(|held| held <= Instant::now()) {
                return Ok(Moment::Held);
            }
            let until = held.map_or(self.deadline, |held| held.min(self.deadline));
            tokio::select! {
                biased;
                change = self.watch.next() => if self.take_in(change?) {
                    return Ok(Moment::Seen(self.last.clone().flatten()));
                },
                () = tokio::time::sleep_until(until) => if held.is_none_or(|held| held > self.deadline) {
                    let unmet = self.explained().await;
                    return Err(WaitError::NotMet(Box::new(unmet)));
                },
            }
        }
    }

    /// Says how far the state is that was handed out last.
    ///
    /// # Errors
    /// [`WaitError::Hopeless`] with the reasons, for a verdict that says so, or where the object that was meant is gone.
    pub async fn judge(&mut self, verdict: Verdict) -> Result<(), WaitError> {
        let verdict = match verdict {
            // The very object that was meant cannot come back.
            Verdict::Pending(_) if self.reference.uid.is_some() && self.last == Some(None) => {
                Verdict::Hopeless("it was deleted".to_owned())
            }
            other => other,
        };
        match verdict {
            Verdict::Met => {
                self.held_since.get_or_insert_with(Instant::now);
                self.progress(1, "");
                Ok(())
            }
            Verdict::Pending(why) => {
                self.lost += u32::from(self.held_since.take().is_some());
                self.progress(0, &why);
                self.why = why;
                Ok(())
            }
            Verdict::Hopeless(why) => {
                self.why = why;
                Err(WaitError::Hopeless(Box::new(self.explained().await)))
            }
        }
    }

    /// The state that was handed out last.
    #[must_use]
    pub fn into_last(self) -> Option<Node> {
        self.last.flatten()
    }

    /// Takes a change in; whether the state is another one now.
    fn take_in(&mut self, change: Change) -> bool {
        let is_meant = |object: &Node| match &self.reference.uid {
            Some(uid) => meta::uid(object) == Some(uid),
            None => true,
        };
        let state = match change {
            Change::Added(object) | Change::Modified(object) if is_meant(&object) => Some(object),
            Change::Deleted(object) if is_meant(&object) => None,
            // All has been told, and it is not among it.
            Change::Synced if self.last.is_none() => None,
            _ => return false,
        };
        self.last = Some(state);
        self.last_at = Instant::now();
        true
    }

    fn progress(&self, done: u64, detail: &str) {
        let label = format!("waiting for {}: {}", self.reference, self.what);
        self.run.record(Event::Progress(Progress { label, done, total: None, detail: detail.to_owned() }));
    }

    /// What there is to say about a wait that came to nothing.
    async fn explained(&self) -> Unmet {
        let object = self.last.clone().flatten();
        let why = match self.held_since {
            Some(since) => {
                format!("it held for {}, not for {}", shown(since.elapsed()), shown(self.options.stable_for))
            }
            None => self.why.clone(),
        };
        let mut notes = vec![self.seen_last()];
        if self.lost > 0 {
            let times = if self.lost == 1 { "once".to_owned() } else { format!("{} times", self.lost) };
            notes.push(format!("it came true {times} and did not hold for {}", shown(self.options.stable_for)));
        }
        let found = explain::explain(&self.target, &self.run, &self.reference, object.as_ref()).await;
        notes.extend(found.notes);
        Unmet {
            cluster: self.target.name().clone(),
            object: self.reference.to_string(),
            unmet: self.unmet.clone(),
            after: shown(self.started.elapsed()),
            why,
            notes,
            hint: found.hint,
        }
    }

    fn seen_last(&self) -> String {
        let ago = shown(self.last_at.elapsed());
        match &self.last {
            None => format!("waiting for: {}, nothing was seen", self.what),
            Some(None) => format!("waiting for: {}, last seen {ago} ago: no such object", self.what),
            Some(_) if self.held_since.is_some() => format!("waiting for: {}, true since {ago}", self.what),
            Some(Some(_)) => format!("waiting for: {}, last seen {ago} ago: {}", self.what, self.why),
        }
    }
}

/// A time as people read it: whole seconds, milliseconds below one.
fn shown(time: Duration) -> String {
    let whole = match time.as_secs() {
        0 => Duration::from_millis(time.as_millis().try_into().unwrap_or_default()),
        seconds => Duration::from_secs(seconds),
    };
    crate::object::Duration::from_std(whole).to_string()
}
