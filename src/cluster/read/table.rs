//! Objects as the server would print them: the columns that `kubectl get` shows, for every kind, CRDs included.

use super::ListOptions;
use super::pages::Pages;
use crate::cluster::context::{CallClass, Shape};
use crate::cluster::error::Error;
use crate::cluster::request::{collection_path, with_options};
use crate::cluster::stack::PAGE_BYTES;
use crate::cluster::target::{Outgoing, read_object};
use crate::cluster::{Context, Result, Target};
use crate::object::{KindQuery, Namespace};
use crate::value::Node;
use crate::value::json::ManagedFields;
use http_body_util::BodyExt;
use tokio::time::Instant;

/// Objects in columns.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Table {
    /// The columns.
    pub columns: Vec<Column>,
    /// A row per object, a cell per column.
    pub rows: Vec<Vec<Node>>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Column {
    /// Its head.
    pub name: String,
    /// 0 for the columns that are always shown.
    pub priority: i64,
}

const TABLE: &str = "application/json;as=Table;g=meta.k8s.io;v=v1,application/json";
const PAGE: u64 = 500;

impl Target {
    /// Lists objects in the columns in which the server prints their kind.
    ///
    /// # Errors
    /// As [`Target::list`]; [`Error::Malformed`] where the server knows no columns.
    pub async fn table(&self, run: &Context, kind: &KindQuery, options: &ListOptions) -> Result<Table> {
        let resource = self.resolve(run, kind).await?;
        let namespace = self.place(&resource, &options.scope)?;
        let call = self.call("list", super::describe(&resource, namespace.as_ref()));
        let path = collection_path(&resource, namespace.as_ref().map(Namespace::as_str));
        let (mut table, mut token, mut pages) = (Table::default(), None::<String>, Pages::default());
        loop {
            let left = options.limit.map_or(PAGE, |limit| limit.saturating_sub(table.rows.len() as u64).min(PAGE));
            let query = [
                ("labelSelector", options.labels.as_ref().map(ToString::to_string)),
                ("fieldSelector", options.fields.as_ref().map(ToString::to_string)),
                ("limit", Some(left.to_string())),
                ("includeObject", Some("None".to_owned())),
                ("continue", token.clone()),
            ];
            let mut outgoing = Outgoing::new(http::Method::GET, with_options(&path, &query), CallClass::Read);
            outgoing = outgoing.within(options.timeout);
            (outgoing.accept, outgoing.shape) = (TABLE, Shape::Page { most: PAGE_BYTES });
            let asked = Instant::now();
            let body = self.send(run, &call, outgoing).await?.into_body();
            let bytes = body.collect().await.map_err(|error| Error::from_kube(error, &call))?.to_bytes();
            pages.took += asked.elapsed();
            pages.grow(&call, bytes.len())?;
            let page = read_object(&call, &bytes, ManagedFields::Drop)?;
            if page.text_at(&["kind"]) != Some("Table") {
                return Err(Error::malformed(&call, "it is not a table", &bytes));
            }
            if table.columns.is_empty() {
                table.columns = page.items_at(&["columnDefinitions"]).iter().map(column).collect();
            }
            table.rows.extend(page.items_at(&["rows"]).iter().map(|row| row.items_at(&["cells"]).to_vec()));
            let next = page.text_at(&["metadata", "continue"]).unwrap_or_default().to_owned();
            let is_full = options.limit.is_some_and(|limit| table.rows.len() as u64 >= limit);
            if next.is_empty() || is_full {
                return Ok(table);
            }
            pages.turn(&call, &next, &bytes)?;
            token = Some(next);
        }
    }
}

fn column(definition: &Node) -> Column {
    Column {
        name: definition.text_at(&["name"]).unwrap_or_default().to_owned(),
        priority: definition.at(&["priority"]).and_then(Node::as_i64).unwrap_or_default(),
    }
}
