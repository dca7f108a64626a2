//! Numbers compared as JSON Schema wants it: by value, so that `1` and `1.0` are the same.

use crate::value::Node;
use std::cmp::Ordering;

/// Order of two numbers; none where either is not a number. Integers compare exactly, an integer with a float as floats.
pub(super) fn compare(a: &Node, b: &Node) -> Option<Ordering> {
    match (integer(a), integer(b)) {
        (Some(a), Some(b)) => Some(a.cmp(&b)),
        _ => a.as_f64()?.partial_cmp(&b.as_f64()?),
    }
}

/// Whether two values are the same to JSON Schema.
pub(super) fn same(a: &Node, b: &Node) -> bool {
    match (a, b) {
        (Node::List(a), Node::List(b)) => a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| same(a, b)),
        (Node::Map(a), Node::Map(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        _ => compare(a, b).map_or_else(|| a == b, Ordering::is_eq),
    }
}

/// Whether `value` is a whole number of `step`s. Integers are exact; a float may miss by a part in 10^9, because `0.3` is
/// no exact multiple of `0.1` in binary.
pub(super) fn is_multiple(value: &Node, step: &Node) -> bool {
    if let (Some(value), Some(step)) = (integer(value), integer(step)) {
        return step != 0 && value % step == 0;
    }
    let (Some(value), Some(step)) = (value.as_f64(), step.as_f64()) else { return false };
    let quotient = value / step;
    (quotient - quotient.round()).abs() <= 1e-9 * quotient.abs().max(1.0)
}

/// A text that two values share exactly if they are the [`same`], for finding a repeated item among many.
pub(super) fn identity(node: &Node) -> String {
    match node {
        #[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
        Node::Float(number) if number.fract() == 0.0 && number.abs() < 9e15 => (*number as i64).to_string(),
        Node::List(items) => format!("[{}]", items.iter().map(identity).collect::<Vec<_>>().join(",")),
        Node::Map(map) => {
            let entry =
                |(key, value): (&crate::value::Key, &Node)| format!("{}:{}", Node::text(key.clone()), identity(value));
            let mut entries: Vec<String> = map.iter().map(entry).collect();
            entries.sort_unstable();
            format!("{{{}}}", entries.join(","))
        }
        scalar => scalar.to_string(),
    }
}

fn integer(node: &Node) -> Option<i128> {
    match node {
        Node::Int(value) => Some(i128::from(*value)),
        Node::UInt(value) => Some(i128::from(*value)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{compare, identity, is_multiple, same};
    use crate::value::Node;
    use std::cmp::Ordering;

    #[test]
    fn compares_across_the_kinds_of_numbers() {
        assert_eq!(compare(&Node::Int(-1), &Node::UInt(u64::MAX)), Some(Ordering::Less));
        assert_eq!(compare(&Node::Float(1.0), &Node::Int(1)), Some(Ordering::Equal));
        assert_eq!(compare(&Node::text("1"), &Node::Int(1)), None);
    }

    #[test]
    fn takes_one_and_one_point_zero_for_the_same() {
        let (a, b) = (Node::list(vec![Node::Int(1)]), Node::list(vec![Node::Float(1.0)]));
        assert!(same(&a, &b) && identity(&a) == identity(&b));
        assert_ne!(identity(&Node::text("1")), identity(&Node::Int(1)));
        assert!(!same(&Node::text("1"), &Node::Int(1)));
    }

    #[test]
    fn knows_multiples_of_fractions() {
        assert!(is_multiple(&Node::Float(0.3), &Node::Float(0.1)));
        assert!(!is_multiple(&Node::Float(0.35), &Node::Float(0.1)));
        assert!(is_multiple(&Node::Int(-9), &Node::Int(3)));
        assert!(!is_multiple(&Node::Int(10), &Node::Int(3)));
    }
}
