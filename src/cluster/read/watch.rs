//! [`Watch`]: what there is, and then every change to it, for as long as one looks.
//!
//! Lists, watches from there, and takes the watch up where it was when it ends, breaks or falls silent. When the server has
//! forgotten the place (410) it lists again and tells the difference: whoever follows the changes misses none that lasts.
//! Objects are told apart by uid, so that one that was replaced under its name is a deletion and an addition.

use super::pager::Pager;
use super::watch_stream::{WatchEvent, WatchStream};
use super::{Content, ListOptions};
use crate::cluster::error::{Call, Error};
use crate::cluster::{Context, Problem, Resource, Result, Scope, Target};
use crate::object::{FieldSelector, KindQuery, LabelSelector};
use crate::value::Node;
use crate::value::json::ManagedFields;
use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::Instant;

/// Which objects to watch, and how much of them.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct WatchOptions {
    /// Where; the target's default namespace unless said.
    pub scope: Scope,
    /// Only objects with these labels.
    pub labels: Option<LabelSelector>,
    /// Only objects with these fields.
    pub fields: Option<FieldSelector>,
    /// How much of each object.
    pub content: Content,
    /// Whether objects keep their `metadata.managedFields`.
    pub managed_fields: ManagedFields,
}

impl Default for WatchOptions {
    fn default() -> Self {
        let (scope, content) = (Scope::default(), Content::default());
        Self { scope, labels: None, fields: None, content, managed_fields: ManagedFields::Drop }
    }
}

/// A change that a [`Watch`] tells.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Change {
    /// An object is there that was not known.
    Added(Node),
    /// A known object has another version.
    Modified(Node),
    /// A known object is gone. Its last known state.
    Deleted(Node),
    /// All that there was at the beginning, or after the watch had to begin anew, has been told.
    Synced,
}

/// Objects and their changes.
pub struct Watch {
    target: Target,
    run: Context,
    resource: Arc<Resource>,
    options: WatchOptions,
    known: HashMap<Arc<str>, Node>,
    ready: VecDeque<Change>,
    phase: Phase,
    /// Where a watch takes up; empty before the first list.
    resource_version: String,
    /// Watches and lists in a row that ended soon and without an event.
    failures: u32,
    /// When the current stage was begun.
    began: Instant,
    /// When the next attempt may be made.
    not_before: Option<Instant>,
}

enum Phase {
    Idle,
    /// Listing, with the objects seen so far.
    Listing(Box<Pager>, HashMap<Arc<str>, Node>),
    /// A watch was asked for.
    Opening(Opening),
    Watching(Box<WatchStream>),
}

/// A request for a watch, on a task of its own: whoever waits in a `select!` drops what he waits for whenever something
/// else is faster, and would else begin the request again and again.
struct Opening {
    call: Arc<Call>,
    opened: oneshot::Receiver<Result<WatchStream>>,
}

impl Opening {
    fn begin(target: Target, run: Context, resource: Arc<Resource>, options: WatchOptions, from: String) -> Self {
        let call = target.call("watch", resource.qualified());
        let (mut sender, opened) = oneshot::channel();
        tokio::spawn(async move {
            tokio::select! {
                () = sender.closed() => {}
                stream = target.watch_from(&run, &resource, &options, &from) => {
                    // Nobody wants it any more if it cannot be sent.
                    let _ = sender.send(stream);
                }
            }
        });
        Self { call, opened }
    }

    async fn end(&mut self) -> Result<WatchStream> {
        let broken = |_| Error::Broken { call: self.call.clone(), cause: "the runtime is shutting down".into() };
        (&mut self.opened).await.unwrap_or_else(|gone| Err(broken(gone)))
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch").field("resource", &self.resource.qualified()).field("known", &self.known.len()).finish()
    }
}

impl Target {
    /// Follows objects: tells what there is, then [`Change::Synced`], then every change.
    ///
    /// # Errors
    /// The kind is unknown. Requests are made by [`Watch::next`].
    pub async fn watch(&self, run: &Context, kind: &KindQuery, options: &WatchOptions) -> Result<Watch> {
        let resource = self.resolve(run, kind).await?;
        Ok(Watch {
            target: self.clone(),
            run: run.clone(),
            resource,
            options: options.clone(),
            known: HashMap::new(),
            ready: VecDeque::new(),
            phase: Phase::Idle,
            resource_version: String::new(),
            failures: 0,
            began: Instant::now(),
            not_before: None,
        })
    }
}

impl Watch {
    /// The next change. There is always a next one, so this ends only with an error.
    ///
    /// May be dropped while it waits, as in `select!`: no change is lost, and a request that was begun goes on. Must be called
    /// inside a tokio runtime.
    ///
    /// # Errors
    /// The run was stopped or reached its deadline, the caller may not list or watch, or the server failed for longer than
    /// a call may take.
    pub async fn next(&mut self) -> Result<Change> {
        loop {
            if let Some(change) = self.ready.pop_front() {
                return Ok(change);
            }
            self.rest().await?;
            let advanced = match &self.phase {
                Phase::Idle => self.begin(),
                Phase::Listing(..) => self.list_on().await,
                Phase::Opening(_) => self.open_on().await,
                Phase::Watching(_) => self.watch_on().await,
            };
            if let Err(error) = advanced {
                self.recover(error)?;
            }
        }
    }

    /// The objects that are there, by uid: what has been told and what is about to be.
    #[must_use]
    pub fn known(&self) -> &HashMap<Arc<str>, Node> {
        &self.known
    }

    /// The kind that is followed.
    #[must_use]
    pub fn resource(&self) -> &Arc<Resource> {
        &self.resource
    }

    fn begin(&mut self) -> Result<()> {
        self.began = Instant::now();
        if self.resource_version.is_empty() {
            let mut options = ListOptions::default();
            options.scope.clone_from(&self.options.scope);
            options.labels.clone_from(&self.options.labels);
            options.fields.clone_from(&self.options.fields);
            (options.content, options.managed_fields) = (self.options.content, self.options.managed_fields);
            let pager = Pager::new(&self.target, &self.run, self.resource.clone(), &options)?;
            self.phase = Phase::Listing(Box::new(pager), HashMap::new());
        } else {
            let (target, run, resource) = (self.target.clone(), self.run.clone(), self.resource.clone());
            let (options, from) = (self.options.clone(), self.resource_version.clone());
            self.phase = Phase::Opening(Opening::begin(target, run, resource, options, from));
        }
        Ok(())
    }

    async fn open_on(&mut self) -> Result<()> {
        let Phase::Opening(opening) = &mut self.phase else { return Ok(()) };
        self.phase = Phase::Watching(Box::new(opening.end().await?));
        Ok(())
    }

    async fn list_on(&mut self) -> Result<()> {
        let Phase::Listing(pager, seen) = &mut self.phase else { return Ok(()) };
        if let Some(object) = pager.next().await? {
            if let Some(uid) = uid_of(&object) {
                seen.insert(uid, object);
            }
            return Ok(());
        }
        let seen = std::mem::take(seen);
        pager.resource_version().clone_into(&mut self.resource_version);
        self.phase = Phase::Idle;
        self.compare(seen);
        Ok(())
    }

    /// Tells how a list differs from what is known: all deletions first, so that names are free before they are taken again.
    fn compare(&mut self, seen: HashMap<Arc<str>, Node>) {
        let mut gone: Vec<_> = self.known.iter().filter(|(uid, _)| !seen.contains_key(*uid)).collect();
        gone.sort_by_key(|(_, object)| order_of(object));
        self.ready.extend(gone.into_iter().map(|(_, object)| Change::Deleted(object.clone())));
        let mut there: Vec<_> = seen.iter().collect();
        there.sort_by_key(|(_, object)| order_of(object));
        for (uid, object) in there {
            match self.known.get(uid) {
                None => self.ready.push_back(Change::Added(object.clone())),
                Some(old) if version_of(old) != version_of(object) => {
                    self.ready.push_back(Change::Modified(object.clone()));
                }
                Some(_) => {}
            }
        }
        self.ready.push_back(Change::Synced);
        self.known = seen;
    }

    async fn watch_on(&mut self) -> Result<()> {
        let Phase::Watching(stream) = &mut self.phase else { return Ok(()) };
        let Some(event) = stream.next().await? else {
            // The server's time for a watch is over.
            self.phase = Phase::Idle;
            self.pause();
            return Ok(());
        };
        self.failures = 0;
        let (object, is_deleted) = match event {
            WatchEvent::Bookmark { resource_version } => {
                self.resource_version = resource_version;
                return Ok(());
            }
            WatchEvent::Added(object) | WatchEvent::Modified(object) => (object, false),
            WatchEvent::Deleted(object) => (object, true),
        };
        if let Some(version) = version_of(&object) {
            version.clone_into(&mut self.resource_version);
        }
        let Some(uid) = uid_of(&object) else { return Ok(()) };
        let change = if is_deleted {
            self.known.remove(&uid);
            Change::Deleted(object)
        } else if self.known.insert(uid, object.clone()).is_some() {
            Change::Modified(object)
        } else {
            Change::Added(object)
        };
        self.ready.push_back(change);
        Ok(())
    }

    /// What can be gone on from is; the rest goes up.
    fn recover(&mut self, error: Error) -> Result<()> {
        let was_watching = !matches!(self.phase, Phase::Listing(..));
        self.phase = Phase::Idle;
        match &error {
            Error::Api { problem: Problem::Expired, .. } => self.resource_version.clear(),
            Error::Broken { .. } | Error::Watch { .. } => {}
            // The stack repeats requests; inside a stream of events it cannot.
            Error::Api { problem: Problem::ServerError | Problem::TooManyRequests, .. } if was_watching => {}
            _ => return Err(error),
        }
        if self.failures >= MOST_FAILURES {
            return Err(self.given_up(error));
        }
        self.pause();
        Ok(())
    }

    /// Not the last break is what went wrong, but that there was one after the other.
    fn given_up(&self, last: Error) -> Error {
        match last {
            Error::Broken { call, cause } => {
                let why = format!("it broke {} times in a row and told nothing: {cause}", self.failures + 1);
                Error::Watch { call, why }
            }
            other => other,
        }
    }

    /// Ends in quick succession are spaced out: 0.1 s, 0.2 s, … 10 s.
    fn pause(&mut self) {
        if self.began.elapsed() >= LONG {
            self.failures = 0;
        }
        let span = Duration::from_millis(100).saturating_mul(1 << self.failures.min(7)).min(Duration::from_secs(10));
        self.failures += 1;
        self.not_before = Some(Instant::now() + span);
    }

    async fn rest(&mut self) -> Result<()> {
        let Some(until) = self.not_before else { return Ok(()) };
        let call = || self.target.call("watch", self.resource.qualified());
        tokio::select! {
            () = self.run.cancel().cancelled() => return Err(Error::Cancelled { call: call() }),
            () = tokio::time::sleep_until(self.run.deadline().map_or(until, |deadline| deadline.min(until))) => {}
        }
        self.not_before = None;
        Ok(())
    }
}

/// A watch that lived so long was a good one, even if nothing happened in it.
const LONG: Duration = Duration::from_secs(30);

/// Attempts in a row that end soon and without an event before a watch is given up.
const MOST_FAILURES: u32 = 20;

fn uid_of(object: &Node) -> Option<Arc<str>> {
    match object.at(&["metadata", "uid"]) {
        Some(Node::Str(uid)) => Some(uid.clone()),
        _ => None,
    }
}

fn version_of(object: &Node) -> Option<&str> {
    object.text_at(&["metadata", "resourceVersion"])
}

fn order_of(object: &Node) -> (String, String) {
    let text = |key| object.text_at(&["metadata", key]).unwrap_or_default().to_owned();
    (text("namespace"), text("name"))
}
