//! Many objects at once: kept in memory, or handed out one by one by a [`Pager`].

use super::Pager;
use crate::cluster::error::Error;
use crate::cluster::{Context, Problem, Result, Scope, Target};
use crate::object::{FieldSelector, KindQuery, LabelSelector};
use crate::value::Node;
use crate::value::json::ManagedFields;
use std::time::Duration;

/// Which objects to list, and how much of them.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ListOptions {
    /// Where; the target's default namespace unless said.
    pub scope: Scope,
    /// Only objects with these labels.
    pub labels: Option<LabelSelector>,
    /// Only objects with these fields; servers know few fields per kind.
    pub fields: Option<FieldSelector>,
    /// At most that many objects.
    pub limit: Option<u64>,
    /// How much of each object.
    pub content: Content,
    /// Whether objects keep their `metadata.managedFields`.
    pub managed_fields: ManagedFields,
    /// How long one request of the list may take.
    pub timeout: Option<Duration>,
}

impl Default for ListOptions {
    fn default() -> Self {
        Self {
            scope: Scope::default(),
            labels: None,
            fields: None,
            limit: None,
            content: Content::default(),
            managed_fields: ManagedFields::Drop,
            timeout: None,
        }
    }
}

/// How much of each object a list brings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Content {
    /// All of it.
    #[default]
    Full,
    /// `metadata` only: a small part of the bytes for the same objects.
    Metadata,
}

/// Objects that were listed, in the server's order.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct List {
    /// The objects.
    pub items: Vec<Node>,
    /// The moment in the cluster's history that the list shows: where a watch takes up.
    pub resource_version: String,
}

/// Lists that are kept may be begun anew that often.
const RESTARTS: u32 = 2;

impl Target {
    /// Lists objects and keeps them all.
    ///
    /// Begins anew, at most twice, when the server has forgotten the list half-way (410) or the connection breaks.
    ///
    /// # Errors
    /// The kind is unknown, or a request failed for good.
    pub async fn list(&self, run: &Context, kind: &KindQuery, options: &ListOptions) -> Result<List> {
        let mut restarts = 0;
        loop {
            let mut pager = self.stream(run, kind, options).await?;
            match collect(&mut pager).await {
                Ok(items) => return Ok(List { items, resource_version: pager.resource_version().to_owned() }),
                Err(error) if restarts < RESTARTS && is_passing(&error) => restarts += 1,
                Err(error) => return Err(error),
            }
        }
    }

    /// Lists objects one by one, in constant memory.
    ///
    /// An object is handed out as soon as its bytes have arrived, so a list that the server forgets half-way cannot be begun
    /// anew: the pager then ends with [`Problem::Expired`], unless nothing was handed out yet.
    ///
    /// # Errors
    /// The kind is unknown or cannot be listed. Requests are made by the pager.
    pub async fn stream(&self, run: &Context, kind: &KindQuery, options: &ListOptions) -> Result<Pager> {
        let resource = self.resolve(run, kind).await?;
        Pager::new(self, run, resource, options)
    }
}

async fn collect(pager: &mut Pager) -> Result<Vec<Node>> {
    let mut all = Vec::new();
    while let Some(items) = pager.next_piece().await? {
        all.extend(items);
    }
    Ok(all)
}

/// Whether a list may succeed when it is begun anew.
fn is_passing(error: &Error) -> bool {
    matches!(error, Error::Broken { .. }) || error.problem() == Some(Problem::Expired)
}
