//! [`Pager`]: hands out a list item by item, while a task reads ahead.
//!
//! Reading and parsing go on beside whoever uses the objects. A reader that is taken its time must not make the server wait:
//! API servers cut an answer off that takes longer than a minute, and forget a list after five. So the task reads a bounded
//! number of pieces ahead, and when nobody has taken one for a while it reads the rest into memory.

use super::ListOptions;
use super::reader::Reader;
use crate::cluster::discovery::Resource;
use crate::cluster::error::{Call, Error};
use crate::cluster::{Context, Result, Target};
use crate::value::Node;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;

/// Pieces that are read ahead; one holds the objects of one frame of the answer, a few hundred kilobytes at most.
const AHEAD: usize = 64;
/// How long the server is made to wait for a slow reader.
const PATIENCE: Duration = Duration::from_secs(15);

/// A list in the course of being read.
pub struct Pager {
    call: Arc<Call>,
    stage: Stage,
    ready: std::vec::IntoIter<Node>,
    resource_version: String,
}

enum Stage {
    /// Nothing was asked for yet.
    New(Box<Reader>),
    Reading(mpsc::Receiver<Piece>),
    Done,
}

enum Piece {
    Items(Vec<Node>),
    End { resource_version: String },
    Failed(Error),
}

impl fmt::Debug for Pager {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pager").field("call", &self.call).finish_non_exhaustive()
    }
}

impl Pager {
    pub(super) fn new(target: &Target, run: &Context, resource: Arc<Resource>, options: &ListOptions) -> Result<Self> {
        let reader = Reader::new(target, run, resource, options)?;
        let (call, ready) = (reader.call().clone(), Vec::new().into_iter());
        Ok(Self { call, stage: Stage::New(Box::new(reader)), ready, resource_version: String::new() })
    }

    /// The next object, or nothing after the last one or after an error.
    ///
    /// May be dropped while it waits: nothing is lost. Must be called inside a tokio runtime.
    ///
    /// # Errors
    /// A request failed, an answer is no list, or the server gave the same place for the next page twice.
    pub async fn next(&mut self) -> Result<Option<Node>> {
        loop {
            if let Some(item) = self.ready.next() {
                return Ok(Some(item));
            }
            match self.next_piece().await? {
                Some(items) => self.ready = items.into_iter(),
                None => return Ok(None),
            }
        }
    }

    /// The next objects, as many as came together.
    pub(super) async fn next_piece(&mut self) -> Result<Option<Vec<Node>>> {
        if let Stage::New(_) = self.stage
            && let Stage::New(reader) = std::mem::replace(&mut self.stage, Stage::Done)
        {
            let (sender, pieces) = mpsc::channel(AHEAD);
            tokio::spawn(read_ahead(*reader, sender));
            self.stage = Stage::Reading(pieces);
        }
        let Stage::Reading(pieces) = &mut self.stage else { return Ok(None) };
        let piece = pieces.recv().await;
        if !matches!(piece, Some(Piece::Items(_))) {
            self.stage = Stage::Done;
        }
        match piece {
            Some(Piece::Items(items)) => Ok(Some(items)),
            Some(Piece::End { resource_version }) => {
                self.resource_version = resource_version;
                Ok(None)
            }
            Some(Piece::Failed(error)) => Err(error),
            None => Err(Error::Broken { call: self.call.clone(), cause: "the runtime is shutting down".into() }),
        }
    }

    /// The moment that the list shows; empty until it is complete.
    #[must_use]
    pub fn resource_version(&self) -> &str {
        &self.resource_version
    }
}

/// Reads a list to its end, or until nobody wants it any more.
async fn read_ahead(mut reader: Reader, pieces: mpsc::Sender<Piece>) {
    let failure = loop {
        let read = tokio::select! {
            () = pieces.closed() => return,
            read = reader.next() => read,
        };
        let items = match read {
            Ok(items) if items.is_empty() => break None,
            Ok(items) => items,
            Err(error) => break Some(error),
        };
        match pieces.send_timeout(Piece::Items(items), PATIENCE).await {
            Ok(()) => {}
            Err(mpsc::error::SendTimeoutError::Closed(_)) => return,
            Err(mpsc::error::SendTimeoutError::Timeout(piece)) => match read_rest(&mut reader, piece, &pieces).await {
                Rest::All(failure) => break failure,
                Rest::Unwanted => return,
            },
        }
    };
    let end = match failure {
        Some(error) => Piece::Failed(error),
        None => Piece::End { resource_version: reader.into_resource_version() },
    };
    let _ = pieces.send(end).await;
}

enum Rest {
    /// It was read and sent, up to a failure if there was one.
    All(Option<Error>),
    Unwanted,
}

/// Frees the server of a slow reader: first takes all that it has to say, then waits.
async fn read_rest(reader: &mut Reader, first: Piece, pieces: &mpsc::Sender<Piece>) -> Rest {
    let mut kept = vec![first];
    let failure = loop {
        let read = tokio::select! {
            () = pieces.closed() => return Rest::Unwanted,
            read = reader.next() => read,
        };
        match read {
            Ok(items) if items.is_empty() => break None,
            Ok(items) => kept.push(Piece::Items(items)),
            Err(error) => break Some(error),
        }
    };
    for piece in kept {
        if pieces.send(piece).await.is_err() {
            return Rest::Unwanted;
        }
    }
    Rest::All(failure)
}
