//! Every scalar of `scalars.txt` is read as the table says, and as kubectl reads it.

use crate::support::controlplane::ControlPlane;
use rutter::value::{Budget, Node, json, yaml};
use std::fmt::Write as _;

/// A row of the table: the scalar as written, and what is read; none where it is refused.
struct Row {
    scalar: &'static str,
    reading: Option<Node>,
}

fn rows() -> Vec<Row> {
    let lines = include_str!("scalars.txt").lines().filter(|line| line.contains(" => "));
    lines
        .map(|line| {
            let (scalar, reading) = line.rsplit_once(" => ").unwrap();
            let reading = (reading != "refused").then(|| json::read(reading, line, &Budget::default()).unwrap());
            Row { scalar: scalar.trim_end(), reading }
        })
        .collect()
}

#[test]
fn every_scalar_is_read_as_the_table_says() {
    let rows = rows();
    assert!(rows.len() >= 120, "only {} scalars", rows.len());
    let mut wrong = String::new();
    for Row { scalar, reading } in rows {
        let read = yaml::read_one(format!("key: {scalar}\n"), "table", &Budget::default());
        let read = read.ok().map(|document| document.node().get("key").unwrap().clone());
        if read != reading {
            writeln!(wrong, "  {scalar} is read as {read:?}, the table says {reading:?}").unwrap();
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn every_scalar_that_is_read_means_the_same_to_kubectl() {
    let Some(cluster) = ControlPlane::shared() else { return };
    let rows: Vec<Row> = rows().into_iter().filter(|row| row.reading.is_some()).collect();
    let mut manifest = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: scalars}\ndata:\n".to_owned();
    for (index, row) in rows.iter().enumerate() {
        writeln!(manifest, "  s{index}: {}", row.scalar).unwrap();
    }
    let printed =
        cluster.kubectl_with(&["create", "--dry-run=client", "--validate=false", "-o", "json", "-f", "-"], &manifest);
    let object = json::read(printed, "kubectl", &Budget::default()).unwrap();
    let mut wrong = String::new();
    for (index, Row { scalar, reading }) in rows.iter().enumerate() {
        let (ours, theirs) = (reading.as_ref().unwrap(), object.at(&["data", &format!("s{index}")]));
        if !theirs.is_some_and(|theirs| is_same(ours, theirs)) {
            writeln!(wrong, "  {scalar} is {ours} here and {theirs:?} there").unwrap();
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// Equal as JSON: Go writes the float 1.0 as 1, and integers above `i64` as floats.
fn is_same(ours: &Node, theirs: &Node) -> bool {
    match (ours, theirs) {
        (Node::Map(ours), Node::Map(theirs)) => {
            let same = |key, value| theirs.get(key).is_some_and(|other| is_same(value, other));
            ours.len() == theirs.len() && ours.iter().all(|(key, value)| same(key, value))
        }
        (Node::List(ours), Node::List(theirs)) => {
            ours.len() == theirs.len() && ours.iter().zip(theirs.iter()).all(|(ours, theirs)| is_same(ours, theirs))
        }
        _ => ours == theirs || (ours.as_f64().is_some() && ours.as_f64() == theirs.as_f64()),
    }
}
