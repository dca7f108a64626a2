//! Values that read better as a table: lists of objects, lists of flat maps, groups.

use crate::diag::printable;
use crate::value::{Map, Node};
use std::fmt;

/// Columns that a table of flat maps may have; wider ones read better as YAML.
const MOST_COLUMNS: usize = 12;

/// Rows under headings, columns as wide as their widest cell.
#[derive(Debug)]
pub(super) struct Table {
    headings: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// The value as a table, if it is one in nature.
pub(super) fn table(value: &Node) -> Option<Table> {
    match value {
        Node::List(items) if items.iter().all(is_object) => Some(objects(items)),
        Node::List(items) => flat_maps(items),
        Node::Map(map) if !map.is_empty() && map.values().all(|value| matches!(value, Node::List(_))) => {
            Some(groups(map))
        }
        _ => None,
    }
}

fn is_object(node: &Node) -> bool {
    node.text_at(&["kind"]).is_some() && node.text_at(&["metadata", "name"]).is_some()
}

fn objects(items: &[Node]) -> Table {
    let namespaced = items.iter().any(|item| item.text_at(&["metadata", "namespace"]).is_some());
    let mut headings = vec!["KIND".to_owned(), "NAME".to_owned()];
    if namespaced {
        headings.insert(1, "NAMESPACE".to_owned());
    }
    let row = |item: &Node| {
        let cell = |keys: &[&str]| item.text_at(keys).map(printable).unwrap_or_default();
        let mut row = vec![cell(&["kind"]), cell(&["metadata", "name"])];
        if namespaced {
            row.insert(1, cell(&["metadata", "namespace"]));
        }
        row
    };
    Table { headings, rows: items.iter().map(row).collect() }
}

fn flat_maps(items: &[Node]) -> Option<Table> {
    let mut keys: Vec<&str> = Vec::new();
    for item in items {
        for (key, value) in item.as_map()?.iter() {
            if matches!(value, Node::Map(_) | Node::List(_)) {
                return None;
            }
            if !keys.contains(&&**key) {
                keys.push(key);
            }
        }
        if keys.len() > MOST_COLUMNS {
            return None;
        }
    }
    let rows = items.iter().map(|item| keys.iter().map(|key| cell(item.get(key))).collect()).collect();
    Some(Table { headings: keys.iter().map(|key| heading(key)).collect(), rows })
}

fn groups(map: &Map) -> Table {
    let rows =
        map.iter().map(|(key, value)| vec![printable(key), value.as_list().map_or(0, <[Node]>::len).to_string()]);
    Table { headings: vec!["VALUE".to_owned(), "COUNT".to_owned()], rows: rows.collect() }
}

fn heading(key: &str) -> String {
    printable(key).to_uppercase().replace('_', " ")
}

fn cell(value: Option<&Node>) -> String {
    match value {
        None | Some(Node::Null) => String::new(),
        Some(Node::Str(text)) => printable(text).replace(['\n', '\t'], " "),
        Some(other) => other.to_string(),
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = || std::iter::once(&self.headings).chain(&self.rows);
        let width = |column: usize| lines().filter_map(|line| line.get(column)).map(|cell| cell.chars().count()).max();
        let widths: Vec<usize> = (0..self.headings.len()).map(|column| width(column).unwrap_or(0)).collect();
        for line in lines() {
            let mut text = String::new();
            for (cell, width) in line.iter().zip(&widths) {
                text.push_str(&format!("{cell:<width$}   "));
            }
            writeln!(f, "{}", text.trim_end())?;
        }
        Ok(())
    }
}
