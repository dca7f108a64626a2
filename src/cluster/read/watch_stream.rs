//! [`WatchStream`]: one watch request, event by event, as the server sends them.

use super::stamp::{Stamp, describe};
use super::{Content, WatchOptions};
use crate::cluster::context::Shape;
use crate::cluster::error::{Call, Error};
use crate::cluster::request::{collection_path, with_options};
use crate::cluster::target::Outgoing;
use crate::cluster::{Context, Resource, Result, Status, Target};
use crate::object::Namespace;
use crate::value::Node;
use crate::value::json::{StreamParser, WireOptions};
use http_body_util::BodyExt;
use kube::client::Body;
use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// One event of a watch.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum WatchEvent {
    /// An object came to be, or to fit the selectors.
    Added(Node),
    /// An object was changed.
    Modified(Node),
    /// An object is gone, or fits the selectors no more. Its last state.
    Deleted(Node),
    /// Nothing happened up to that version: a watch can be taken up there.
    Bookmark {
        /// The version.
        resource_version: String,
    },
}

/// How long the server lets a watch go on before both sides begin anew.
const SERVER_TIME: u64 = 290;
/// Servers send a bookmark about once a minute; one that is silent for longer than this is taken for gone.
pub(super) const SILENCE: Duration = Duration::from_secs(90);

/// A watch in progress.
pub struct WatchStream {
    run: Context,
    call: Arc<Call>,
    body: Body,
    parser: StreamParser,
    stamp: Stamp,
    ready: VecDeque<Node>,
    heard: Instant,
}

impl fmt::Debug for WatchStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WatchStream").field("call", &self.call).finish_non_exhaustive()
    }
}

impl Target {
    /// Watches objects from a moment on: what a list of them has as its resource version.
    ///
    /// One request: it ends after a few minutes. [`Target::watch`] goes on for ever.
    ///
    /// # Errors
    /// The kind cannot be watched, or the server has forgotten that moment ([`crate::cluster::Problem::Expired`]).
    pub async fn watch_from(
        &self,
        run: &Context,
        resource: &Resource,
        options: &WatchOptions,
        resource_version: &str,
    ) -> Result<WatchStream> {
        const METADATA_ONLY: &str = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
        let namespace = self.place(resource, &options.scope)?;
        let call = self.call("watch", describe(resource, namespace.as_ref()));
        if !resource.offers("watch") {
            return Err(Error::UnsupportedVerb { call, verb: "watch" });
        }
        let path = collection_path(resource, namespace.as_ref().map(Namespace::as_str));
        let query = [
            ("watch", Some("true".to_owned())),
            ("allowWatchBookmarks", Some("true".to_owned())),
            ("resourceVersion", Some(resource_version.to_owned())),
            ("timeoutSeconds", Some(SERVER_TIME.to_string())),
            ("labelSelector", options.labels.as_ref().map(ToString::to_string)),
            ("fieldSelector", options.fields.as_ref().map(ToString::to_string)),
        ];
        let mut outgoing = Outgoing::get(with_options(&path, &query));
        outgoing.shape = Shape::Stream;
        if options.content == Content::Metadata {
            outgoing.accept = METADATA_ONLY;
        }
        let body = self.send(run, &call, outgoing).await?.into_body();
        let wire = WireOptions { managed_fields: options.managed_fields, ..WireOptions::default() };
        Ok(WatchStream {
            run: run.clone(),
            call,
            body,
            parser: StreamParser::new(&wire),
            stamp: Stamp::of(resource, options.content),
            ready: VecDeque::new(),
            heard: Instant::now(),
        })
    }
}

impl WatchStream {
    /// The next event, or nothing when the server ends the watch in good order.
    ///
    /// May be dropped while it waits: no event is lost.
    ///
    /// # Errors
    /// [`crate::cluster::Problem::Expired`] where the server has forgotten the moment; [`Error::Watch`] after a silence of
    /// 90 s; [`Error::Broken`]; [`Error::Timeout`] at the run's deadline.
    pub async fn next(&mut self) -> Result<Option<WatchEvent>> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return self.read(&event).map(Some);
            }
            let silent = self.heard + SILENCE;
            let until = self.run.deadline().map_or(silent, |deadline| deadline.min(silent));
            let Ok(frame) = tokio::time::timeout_at(until, self.body.frame()).await else {
                return Err(self.silence(silent));
            };
            match frame {
                None => return Ok(None),
                Some(Err(error)) => return Err(Error::from_kube(error, &self.call)),
                Some(Ok(frame)) => {
                    self.heard = Instant::now();
                    let Ok(data) = frame.into_data() else { continue };
                    let mut events = Vec::new();
                    let parsed = self.parser.feed(&data, &mut events);
                    self.ready.extend(events);
                    parsed.map_err(|error| Error::malformed(&self.call, error.to_string(), &data))?;
                }
            }
        }
    }

    fn silence(&self, silent: Instant) -> Error {
        let call = self.call.clone();
        if Instant::now() < silent {
            let after = self.heard.elapsed();
            return Error::Timeout { call, after, last: None };
        }
        Error::Watch { call, why: format!("the server was silent for {} s", SILENCE.as_secs()) }
    }

    fn read(&self, event: &Node) -> Result<WatchEvent> {
        let object = || self.stamp.mark(event.get("object").cloned().unwrap_or_default());
        match event.text_at(&["type"]) {
            Some("ADDED") => Ok(WatchEvent::Added(object())),
            Some("MODIFIED") => Ok(WatchEvent::Modified(object())),
            Some("DELETED") => Ok(WatchEvent::Deleted(object())),
            Some("BOOKMARK") => {
                let version = event.text_at(&["object", "metadata", "resourceVersion"]).unwrap_or_default();
                Ok(WatchEvent::Bookmark { resource_version: version.to_owned() })
            }
            Some("ERROR") => {
                let status = crate::value::json::write(event.get("object").unwrap_or(&Node::Null));
                let status = Status::from_json(status.as_bytes());
                Err(status.unwrap_or_default().into_error(self.call.clone()))
            }
            other => {
                let why = format!("an event has the type `{}`", crate::diag::printable(other.unwrap_or_default()));
                Err(Error::malformed(&self.call, why, b""))
            }
        }
    }
}
