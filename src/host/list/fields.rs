//! What the methods of lists share: the values at a path, and their order.

use crate::host::{Call, Failure, List, Sequence, Thrown};
use crate::value::{FieldPath, Node, PathError};
use rhai::{Array, Dynamic};
use std::cmp::Ordering;

/// The path argument, which must stand for one field.
pub(super) fn path(call: &Call<'_, '_>) -> Result<FieldPath, Failure> {
    let path = call.path(0)?;
    if path.is_several() { Err(PathError::Several { path }.into()) } else { Ok(path) }
}

/// The value at a path in each item; null where it is absent.
pub(super) fn values(call: &Call<'_, '_>, items: &Sequence, path: &FieldPath) -> Result<Vec<Node>, Thrown> {
    check(call, items, path)?;
    (0..items.len()).map(|at| Ok(items.node(at)?.lookup(path).cloned().unwrap_or_default())).collect()
}

/// Refuses a path that leads nowhere in an item whose kind has no such field.
pub(super) fn check(call: &Call<'_, '_>, items: &Sequence, path: &FieldPath) -> Result<(), Thrown> {
    let Sequence::Nodes(List { items, shape }) = items else { return Ok(()) };
    // What is wrong with the path is so in all items: they are of one kind.
    match items.iter().find(|item| item.lookup(path).is_none()) {
        Some(item) => shape.check(call.host(), item, path),
        None => Ok(()),
    }
}

/// The first argument as a count, which must not be negative.
pub(super) fn count(call: &Call<'_, '_>) -> Result<usize, Failure> {
    let count = call.integer(0)?;
    if count < 0 {
        return Err(call.invalid("the number", &format!("{count} is negative"), None));
    }
    // More than fits is more than any list has.
    Ok(usize::try_from(count).unwrap_or(usize::MAX))
}

/// How many items the receiver has, without copying them.
pub(super) fn length(call: &Call<'_, '_>) -> usize {
    let Some(receiver) = call.receiver_ref() else { return 0 };
    match receiver.read_lock::<List>() {
        Some(list) => list.items.len(),
        None => receiver.read_lock::<Array>().map_or(0, |array| array.len()),
    }
}

/// One item of the receiver, without copying the others; `()` where there is none.
pub(super) fn item(call: &Call<'_, '_>, at: usize) -> Dynamic {
    let Some(receiver) = call.receiver_ref() else { return Dynamic::UNIT };
    let item = match receiver.read_lock::<List>() {
        Some(list) => list.items.get(at).map(|item| list.shape.value(item)),
        None => receiver.read_lock::<Array>().and_then(|array| array.get(at).cloned()),
    };
    item.unwrap_or_default()
}

/// The order of values: `false`, `true`, numbers, texts, anything else. Lists and maps have no order among themselves.
pub(super) fn compare(a: &Node, b: &Node) -> Ordering {
    match (a, b) {
        (Node::Bool(a), Node::Bool(b)) => a.cmp(b),
        (Node::Str(a), Node::Str(b)) => a.cmp(b),
        _ => match (integer(a), integer(b)) {
            (Some(a), Some(b)) => a.cmp(&b),
            _ => match (a.as_f64(), b.as_f64()) {
                (Some(a), Some(b)) => a.total_cmp(&b),
                _ => rank(a).cmp(&rank(b)),
            },
        },
    }
}

/// Whether two values are equal as `==` of scripts sees it: a whole number may equal one with a fraction.
pub(super) fn same(a: &Node, b: &Node) -> bool {
    a == b || (a.as_f64().is_some() && b.as_f64().is_some() && compare(a, b).is_eq())
}

/// Integers compare exactly: as floats, neighbours above 2^53 would be equal.
fn integer(node: &Node) -> Option<i128> {
    match node {
        Node::Int(value) => Some(i128::from(*value)),
        Node::UInt(value) => Some(i128::from(*value)),
        _ => None,
    }
}

fn rank(node: &Node) -> u8 {
    match node {
        Node::Bool(_) => 0,
        Node::Int(_) | Node::UInt(_) | Node::Float(_) => 1,
        Node::Str(_) => 2,
        Node::List(_) | Node::Map(_) | Node::Null => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::compare;
    use crate::value::{Node, json};

    #[test]
    fn sorts_booleans_then_numbers_then_texts() {
        let mut values: Vec<Node> = ["[]", "\"b\"", "2.5", "10", "\"a\"", "true", "18446744073709551615", "false", "2"]
            .into_iter()
            .map(|text| json::read(text, "test", &Default::default()).unwrap())
            .collect();
        values.sort_by(compare);
        assert_eq!(Node::list(values).to_string(), r#"[false,true,2,2.5,10,18446744073709551615,"a","b",[]]"#);
    }

    #[test]
    fn tells_neighbours_above_the_precision_of_floats_apart() {
        let (small, large) = (Node::Int(9_007_199_254_740_992), Node::Int(9_007_199_254_740_993));
        assert!(compare(&small, &large).is_lt());
    }
}
