//! What containers write, line by line.

use super::GetOptions;
use super::reader::STREAM_TIME;
use crate::cluster::context::Shape;
use crate::cluster::error::{Call, Error};
use crate::cluster::request::{object_path, with_options};
use crate::cluster::stack::PAUSE;
use crate::cluster::target::Outgoing;
use crate::cluster::{Context, Result, Scope, Target};
use crate::object::{Namespace, ObjectRef};
use http_body_util::BodyExt;
use kube::client::Body;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// Which part of a log to read.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct LogOptions {
    /// Where the pod is if its reference names no namespace; the target's default unless said.
    pub scope: Scope,
    /// The container; the pod's only one unless said.
    pub container: Option<String>,
    /// From the container's run before its last restart.
    pub which: Which,
    /// Whether to wait for what will be written.
    pub follow: Follow,
    /// Only that many lines from the end.
    pub tail: Option<u64>,
    /// Only what was written in that time before now.
    pub since: Option<Duration>,
    /// Whether lines begin with their time.
    pub timestamps: Timestamps,
    /// At most that many bytes.
    pub limit_bytes: Option<u64>,
}

/// Of which run of the container.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Which {
    /// The current one, or the last if it has ended.
    #[default]
    Current,
    /// The one before its last restart.
    Previous,
}

/// Whether to wait for more.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Follow {
    /// What there is now.
    #[default]
    No,
    /// Until the container ends.
    Yes,
}

/// Whether lines begin with their time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Timestamps {
    /// As they were written.
    #[default]
    No,
    /// RFC 3339, then a space.
    Yes,
}

/// A longer line is handed out in pieces.
const LONGEST_LINE: usize = 1 << 20;

/// A log in the course of being read.
pub struct Logs {
    run: Context,
    call: Arc<Call>,
    body: Option<Body>,
    buffer: Vec<u8>,
    /// How much of the buffer was searched for the end of a line.
    searched: usize,
    started: Instant,
    /// How long the server may still let its reader wait in all; as long as it wants where the log is followed.
    left: Option<Duration>,
    /// Since when the next piece is waited for.
    waiting: Option<Instant>,
}

impl fmt::Debug for Logs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Logs").field("call", &self.call).finish_non_exhaustive()
    }
}

impl Target {
    /// Reads the log of a container.
    ///
    /// A log that is not followed is one call: it has the time of a call, 10 minutes unless the run says otherwise, for the
    /// waits between its pieces together. What its reader does with them does not count.
    ///
    /// # Errors
    /// The pod has no such container, or none that has run yet ([`crate::cluster::Problem::BadRequest`]).
    pub async fn logs(&self, run: &Context, pod: &ObjectRef, options: &LogOptions) -> Result<Logs> {
        let resource = self.resolve_exactly(run, &pod.gvk).await?;
        let scope = pod.namespace.clone().map_or(options.scope.clone(), Scope::Namespace);
        let reference = ObjectRef { uid: pod.uid.clone(), ..self.reference(&resource, &scope, &pod.name)? };
        let call = self.call("read the log of", reference.to_string());
        if !pod.gvk.is("", "Pod") {
            return Err(Error::UnsupportedVerb { call, verb: "log" });
        }
        if reference.uid.is_some() {
            // The log's own call knows names only.
            self.get_ref(run, &reference, &GetOptions::default()).await?;
        }
        let path =
            object_path(&resource, reference.namespace.as_ref().map(Namespace::as_str), reference.name.as_str(), "log");
        let yes = |wanted: bool| wanted.then(|| "true".to_owned());
        let query = [
            ("container", options.container.clone()),
            ("previous", yes(options.which == Which::Previous)),
            ("follow", yes(options.follow == Follow::Yes)),
            ("tailLines", options.tail.map(|lines| lines.to_string())),
            // The server counts in whole seconds, at least one.
            ("sinceSeconds", options.since.map(|time| time.as_secs().max(1).to_string())),
            ("timestamps", yes(options.timestamps == Timestamps::Yes)),
            ("limitBytes", options.limit_bytes.map(|bytes| bytes.to_string())),
        ];
        let mut outgoing = Outgoing::get(with_options(&path, &query));
        // Also where it is not followed: it holds no place of a call for as long as its reader takes.
        outgoing.shape = Shape::Stream;
        outgoing.accept = "*/*";
        let (started, ends) = (Instant::now(), run.deadline_of(None, STREAM_TIME));
        let body = self.send(run, &call, outgoing).await?.into_body();
        let left = (options.follow == Follow::No).then(|| ends.saturating_duration_since(Instant::now()));
        let (run, body, buffer) = (run.clone(), Some(body), Vec::new());
        Ok(Logs { run, call, body, buffer, searched: 0, started, left, waiting: None })
    }
}

impl Logs {
    /// The next line without its end, or nothing after the last one. Bytes that are not UTF-8 become U+FFFD.
    ///
    /// May be dropped while it waits: nothing is lost.
    ///
    /// # Errors
    /// The connection broke, the run reached its deadline, or a log that is not followed took longer than a call may.
    pub async fn next(&mut self) -> Result<Option<String>> {
        loop {
            if let Some(line) = self.line() {
                return Ok(Some(line));
            }
            let Some(body) = &mut self.body else {
                self.searched = 0;
                let rest = std::mem::take(&mut self.buffer);
                return Ok((!rest.is_empty()).then(|| text(&rest)));
            };
            let since = *self.waiting.get_or_insert_with(Instant::now);
            let patience = self.left.map(|left| since + left.min(PAUSE));
            let until = [self.run.deadline(), patience].into_iter().flatten().min();
            let frame = match until {
                Some(until) => tokio::time::timeout_at(until, body.frame()).await.map_err(|_| self.late(since))?,
                None => body.frame().await,
            };
            self.waiting = None;
            self.left = self.left.map(|left| left.saturating_sub(since.elapsed()));
            match frame {
                Some(Ok(frame)) => {
                    self.buffer.extend_from_slice(frame.data_ref().map(AsRef::as_ref).unwrap_or_default());
                }
                Some(Err(error)) => return Err(Error::from_kube(error, &self.call)),
                None => self.body = None,
            }
        }
    }

    fn late(&self, since: Instant) -> Error {
        let is_pause = self.left.is_some() && since.elapsed() >= PAUSE;
        let last = is_pause.then(|| format!("the answer paused for {} s", PAUSE.as_secs()));
        Error::Timeout { call: self.call.clone(), after: self.started.elapsed(), last }
    }

    /// A line that is complete, or long enough to be cut.
    fn line(&mut self) -> Option<String> {
        let end = self.buffer[self.searched..].iter().position(|&byte| byte == b'\n').map(|at| self.searched + at);
        let (end, skip) = match end {
            Some(end) => (end, 1),
            None if self.buffer.len() >= LONGEST_LINE => (LONGEST_LINE, 0),
            None => {
                self.searched = self.buffer.len();
                return None;
            }
        };
        let rest = self.buffer.split_off(end + skip);
        let mut line = std::mem::replace(&mut self.buffer, rest);
        line.truncate(end);
        self.searched = 0;
        Some(text(&line))
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes.strip_suffix(b"\r").unwrap_or(bytes)).into_owned()
}
