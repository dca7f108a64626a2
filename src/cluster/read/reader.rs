//! The requests of a list, one after the other, and the objects in their answers.
//!
//! Servers from 1.34 on encode a whole list as a stream, from their cache (KEP-5116, KEP-2340): there one request without a
//! limit is the cheapest and shows one moment. Others would build the whole answer in memory, so they are asked by pages.
//! A page's request is repeated by the stack, a broken stream of items is not: see [`Target::list`].

use super::pages::Pages;
use super::stamp::{Stamp, describe};
use super::{Content, ListOptions};
use crate::cluster::context::{CallClass, Shape};
use crate::cluster::discovery::Resource;
use crate::cluster::error::{Call, Error};
use crate::cluster::request::{collection_path, with_options};
use crate::cluster::stack::PAGE_BYTES;
use crate::cluster::target::Outgoing;
use crate::cluster::{Context, Problem, Result, Target};
use crate::object::Namespace;
use crate::value::Node;
use crate::value::json::{ListParser, WireOptions};
use http_body_util::BodyExt;
use kube::client::Body;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// Objects per request where the server builds answers in memory.
const PAGE: u64 = 500;
/// The most bytes of a list, however it comes. It is read piece by piece, so this bounds time, not memory.
pub(in crate::cluster) const STREAM_BYTES: u64 = 1 << 30;
/// How long a list that the server streams may take in all, and so the pages of one together, and a log.
pub(super) const STREAM_TIME: Duration = Duration::from_secs(600);
/// The first minor version of Kubernetes whose servers stream lists, for good.
const STREAMS_SINCE: u64 = 34;
/// How often a list is begun anew that was forgotten before anything was handed out.
const RESTARTS: u32 = 2;
/// Bytes of an answer that are kept for the message if it is garbage.
const EXCERPT: usize = 800;

const METADATA_ONLY: &str = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

/// A list in the course of being asked for.
pub(super) struct Reader {
    target: Target,
    run: Context,
    resource: Arc<Resource>,
    namespace: Option<Namespace>,
    options: ListOptions,
    call: Arc<Call>,
    stamp: Stamp,
    page: Option<Page>,
    /// Where the next page begins; empty before the first and after the last.
    token: String,
    pages: Pages,
    is_done: bool,
    handed_out: u64,
    restarts: u32,
    resource_version: String,
}

/// An answer that is being read.
struct Page {
    body: Body,
    parser: ListParser,
    /// Its first bytes, for the message if it is garbage.
    start: Vec<u8>,
}

impl Reader {
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
            token: String::new(),
            pages: Pages::default(),
            is_done: options.limit == Some(0),
            handed_out: 0,
            restarts: 0,
            resource_version: String::new(),
        })
    }

    /// The call, for messages.
    pub(super) fn call(&self) -> &Arc<Call> {
        &self.call
    }

    /// The next objects, at least one; none after the last.
    pub(super) async fn next(&mut self) -> Result<Vec<Node>> {
        while !self.is_done {
            let asked = Instant::now();
            let answer = self.advance().await;
            self.pages.took += asked.elapsed();
            match answer {
                Ok(items) if items.is_empty() => {}
                Ok(items) => {
                    self.handed_out += items.len() as u64;
                    return Ok(items.into_iter().map(|item| self.stamp.mark(item)).collect());
                }
                Err(error) => self.recover(error)?,
            }
        }
        Ok(Vec::new())
    }

    /// The moment that the list shows, once it is complete.
    pub(super) fn into_resource_version(self) -> String {
        self.resource_version
    }

    /// Reads a piece of the current answer, or asks for the next one.
    async fn advance(&mut self) -> Result<Vec<Node>> {
        let Some(page) = &mut self.page else {
            self.page = Some(self.ask().await?);
            return Ok(Vec::new());
        };
        let mut items = Vec::new();
        match page.body.frame().await {
            Some(Ok(frame)) => {
                let Ok(data) = frame.into_data() else { return Ok(items) };
                self.pages.grow(&self.call, data.len())?;
                let missing = EXCERPT.saturating_sub(page.start.len()).min(data.len());
                page.start.extend_from_slice(&data[..missing]);
                if let Err(error) = page.parser.feed(&data, &mut items) {
                    return Err(Error::malformed(&self.call, error.to_string(), &page.start));
                }
                self.cut(&mut items);
            }
            Some(Err(error)) => return Err(Error::from_kube(error, &self.call)),
            None => self.turn()?,
        }
        Ok(items)
    }

    /// Leaves out what is over the limit; servers may give more than they were asked for.
    fn cut(&mut self, items: &mut Vec<Node>) {
        let Some(limit) = self.options.limit else { return };
        let left = limit.saturating_sub(self.handed_out);
        if items.len() as u64 >= left {
            items.truncate(usize::try_from(left).unwrap_or(usize::MAX));
            (self.is_done, self.page) = (true, None);
        }
    }

    async fn ask(&mut self) -> Result<Page> {
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
        outgoing = outgoing.within(self.options.timeout);
        if streams {
            outgoing.usual = STREAM_TIME;
        }
        if self.options.content == Content::Metadata {
            outgoing.accept = METADATA_ONLY;
        }
        let answer = self.target.send(&self.run, &self.call, outgoing).await?;
        let wire = WireOptions { managed_fields: self.options.managed_fields, ..WireOptions::default() };
        Ok(Page { body: answer.into_body(), parser: ListParser::new(&wire), start: Vec::new() })
    }

    /// The end of an answer: is there a next page?
    fn turn(&mut self) -> Result<()> {
        let Some(page) = self.page.take() else { return Ok(()) };
        let Page { parser, start, .. } = page;
        let list = parser.finish().map_err(|error| Error::malformed(&self.call, error.to_string(), &start))?;
        let is_list = list.text_at(&["kind"]).is_some_and(|kind| kind.ends_with("List"));
        if !is_list && self.handed_out == 0 {
            return Err(Error::malformed(&self.call, "it is not a list", &start));
        }
        let said = |key| list.text_at(&["metadata", key]).unwrap_or_default();
        said("resourceVersion").clone_into(&mut self.resource_version);
        let token = said("continue");
        if !token.is_empty() {
            self.pages.turn(&self.call, token, &start)?;
        }
        self.is_done = token.is_empty();
        token.clone_into(&mut self.token);
        Ok(())
    }

    /// A list that was forgotten before anything was handed out is begun anew.
    fn recover(&mut self, error: Error) -> Result<()> {
        self.page = None;
        let is_expired = error.problem() == Some(Problem::Expired);
        if is_expired && self.handed_out == 0 && self.restarts < RESTARTS {
            self.restarts += 1;
            self.token.clear();
            self.pages = Pages::default();
            return Ok(());
        }
        self.is_done = true;
        Err(error)
    }
}
