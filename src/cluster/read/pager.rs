//! [`Pager`]: hands out a list item by item while its bytes arrive.
//!
//! Servers from 1.34 on encode a whole list as a stream, from their cache (KEP-5116, KEP-2340): there one request without a
//! limit is the cheapest and shows one moment. Others would build the whole answer in memory, so they are asked by pages.
//! A page's request is repeated by the stack, a broken stream of items is not: see [`Target::list`].

use super::{Content, ListOptions};
use crate::cluster::context::{CallClass, Shape};
use crate::cluster::discovery::Resource;
use crate::cluster::error::{Call, Error};
use crate::cluster::request::{collection_path, with_options};
use crate::cluster::stack::PAGE_BYTES;
use crate::cluster::target::Outgoing;
use crate::cluster::{Context, Problem, Result, Target};
use crate::object::Namespace;
use crate::value::json::{ListParser, WireOptions};
use crate::value::{Map, Node};
use http_body_util::BodyExt;
use kube::client::Body;
use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// Objects per request where the server builds answers in memory.
const PAGE: u64 = 500;
/// The most bytes of a list that the server streams. It is read piece by piece, so this bounds time, not memory.
const STREAM_BYTES: u64 = 1 << 30;
/// How long a list that the server streams may take in all.
const STREAM_TIME: Duration = Duration::from_secs(600);
/// The first minor version of Kubernetes whose servers stream lists, for good.
const STREAMS_SINCE: u64 = 34;
const RESTARTS: u32 = 2;

const METADATA_ONLY: &str = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

/// A list in the course of being read.
pub struct Pager {
    target: Target,
    run: Context,
    resource: Arc<Resource>,
    namespace: Option<Namespace>,
    options: ListOptions,
    call: Arc<Call>,
    stamp: Stamp,
    page: Option<Page>,
    ready: VecDeque<Node>,
    /// Where the next page begins; empty before the first and after the last.
    token: String,
    is_done: bool,
    handed_out: u64,
    restarts: u32,
    resource_version: String,
    remaining: Option<i64>,
}

impl fmt::Debug for Pager {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pager").field("call", &self.call).field("handed_out", &self.handed_out).finish_non_exhaustive()
    }
}

/// An answer that is being read.
struct Page {
    body: Body,
    parser: ListParser,
    /// Its first bytes, for the message if it is garbage.
    start: Vec<u8>,
}

impl Pager {
    pub(super) fn new(target: &Target, run: &Context, resource: Arc<Resource>, options: &ListOptions) -> Result<Self> {
        let namespace = target.place(&resource, &options.scope)?;
        let call = target.call("list", describe(&resource, namespace.as_ref()));
        if !resource.offers("list") {
            return Err(Error::UnsupportedVerb { call, verb: "list" });
        }
        Ok(Self {
            target: target.clone(),
            run: run.clone(),
            namespace,
            options: options.clone(),
            call,
            stamp: Stamp::of(&resource, options.content),
            resource,
            page: None,
            ready: VecDeque::new(),
            token: String::new(),
            is_done: options.limit == Some(0),
            handed_out: 0,
            restarts: 0,
            resource_version: String::new(),
            remaining: None,
        })
    }

    /// The next object, or nothing after the last one.
    ///
    /// # Errors
    /// A request failed, an answer is no list, or the server gave the same place for the next page twice.
    pub async fn next(&mut self) -> Result<Option<Node>> {
        loop {
            if let Some(item) = self.ready.pop_front() {
                self.handed_out += 1;
                return Ok(Some(self.stamp.mark(item)));
            }
            if self.is_done {
                return Ok(None);
            }
            if let Err(error) = self.advance().await {
                self.recover(error)?;
            }
        }
    }

    /// The moment that the list shows; empty before the first page is complete.
    #[must_use]
    pub fn resource_version(&self) -> &str {
        &self.resource_version
    }

    /// How many objects come after the current page, where the server says so.
    #[must_use]
    pub fn remaining(&self) -> Option<u64> {
        self.remaining.and_then(|count| u64::try_from(count).ok())
    }

    /// Reads a piece of the current answer, or asks for the next one.
    async fn advance(&mut self) -> Result<()> {
        let Some(page) = &mut self.page else {
            self.page = Some(self.ask().await?);
            return Ok(());
        };
        match page.body.frame().await {
            Some(Ok(frame)) => {
                let Ok(data) = frame.into_data() else { return Ok(()) };
                let missing = 800_usize.saturating_sub(page.start.len()).min(data.len());
                page.start.extend_from_slice(&data[..missing]);
                let mut items = Vec::new();
                let parsed = page.parser.feed(&data, &mut items);
                self.take(items);
                parsed.map_err(|error| self.malformed(error.to_string()))
            }
            Some(Err(error)) => Err(Error::from_kube(error, &self.call)),
            None => self.turn(),
        }
    }

    fn take(&mut self, items: Vec<Node>) {
        let left = self.options.limit.map(|limit| limit.saturating_sub(self.handed_out));
        self.ready.extend(items);
        if let Some(left) = left
            && self.ready.len() as u64 >= left
        {
            self.ready.truncate(usize::try_from(left).unwrap_or(usize::MAX));
            (self.is_done, self.page) = (true, None);
        }
    }

    async fn ask(&self) -> Result<Page> {
        let left = self.options.limit.map(|limit| limit - self.handed_out);
        let streams = left.is_none_or(|left| left > PAGE)
            && self.token.is_empty()
            && self.target.is_at_least(&self.run, STREAMS_SINCE).await?;
        let limit = if streams { left } else { Some(left.unwrap_or(PAGE).min(PAGE)) };
        let options = [
            ("labelSelector", self.options.labels.as_ref().map(ToString::to_string)),
            ("fieldSelector", self.options.fields.as_ref().map(ToString::to_string)),
            ("limit", limit.map(|limit| limit.to_string())),
            ("continue", (!self.token.is_empty()).then(|| self.token.clone())),
        ];
        let path = collection_path(&self.resource, self.namespace.as_ref().map(Namespace::as_str));
        let mut outgoing = Outgoing::new(http::Method::GET, with_options(&path, &options), CallClass::Read);
        outgoing.shape = Shape::Page { most: if streams { STREAM_BYTES } else { PAGE_BYTES } };
        outgoing = outgoing.within(self.options.timeout.or(streams.then_some(STREAM_TIME)));
        if self.options.content == Content::Metadata {
            outgoing.accept = METADATA_ONLY;
        }
        let answer = self.target.send(&self.run, &self.call, outgoing).await?;
        let mut wire = WireOptions::default();
        wire.managed_fields = self.options.managed_fields;
        Ok(Page { body: answer.into_body(), parser: ListParser::new(&wire), start: Vec::new() })
    }

    /// The end of an answer: is there a next page?
    fn turn(&mut self) -> Result<()> {
        let Some(page) = self.page.take() else { return Ok(()) };
        let Page { parser, start, .. } = page;
        let list = parser.finish().map_err(|error| Error::malformed(&self.call, error.to_string(), &start))?;
        let is_list = list.text_at(&["kind"]).is_some_and(|kind| kind.ends_with("List"));
        if !is_list && self.handed_out == 0 && self.ready.is_empty() {
            return Err(Error::malformed(&self.call, "it is not a list", &start));
        }
        let said = |key| list.text_at(&["metadata", key]).unwrap_or_default();
        said("resourceVersion").clone_into(&mut self.resource_version);
        self.remaining = list.at(&["metadata", "remainingItemCount"]).and_then(Node::as_i64);
        let token = said("continue");
        if !token.is_empty() && token == self.token {
            return Err(Error::malformed(&self.call, "it names the same next page again", &start));
        }
        self.is_done = token.is_empty();
        token.clone_into(&mut self.token);
        Ok(())
    }

    /// A list that was forgotten before anything was handed out is begun anew.
    fn recover(&mut self, error: Error) -> Result<()> {
        self.page = None;
        let is_expired = error.problem() == Some(Problem::Expired);
        let is_untouched = self.handed_out == 0 && self.ready.is_empty();
        if is_expired && is_untouched && self.restarts < RESTARTS {
            self.restarts += 1;
            self.token.clear();
            return Ok(());
        }
        self.is_done = true;
        Err(error)
    }

    fn malformed(&self, why: String) -> Error {
        let start = self.page.as_ref().map(|page| page.start.as_slice()).unwrap_or_default();
        Error::malformed(&self.call, why, start)
    }
}

/// What a list or a watch is about, for messages.
pub(super) fn describe(resource: &Resource, namespace: Option<&Namespace>) -> String {
    match namespace {
        Some(namespace) => format!("{} in namespace {namespace}", resource.qualified()),
        None => resource.qualified(),
    }
}

/// Tells items what they are: the server leaves `apiVersion` and `kind` out of the items of typed lists.
#[derive(Clone)]
pub(super) struct Stamp {
    api_version: Node,
    kind: Node,
    content: Content,
}

impl Stamp {
    pub(super) fn of(resource: &Resource, content: Content) -> Self {
        Self { api_version: resource.api_version().into(), kind: Node::text(resource.kind.clone()), content }
    }

    pub(super) fn mark(&self, item: Node) -> Node {
        let Node::Map(map) = &item else { return item };
        let is_named = map.contains("kind") && map.contains("apiVersion");
        if is_named && self.content == Content::Full {
            return item;
        }
        let mut marked = Map::new();
        marked.insert("apiVersion", self.api_version.clone());
        marked.insert("kind", self.kind.clone());
        for (key, value) in map.iter().filter(|(key, _)| !matches!(&***key, "apiVersion" | "kind")) {
            marked.insert(key.clone(), value.clone());
        }
        Node::map(marked)
    }
}
