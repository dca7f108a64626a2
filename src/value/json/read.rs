//! Whole JSON texts.

use super::super::{Budget, Limit, Node, ValueError, position};
use super::fault::{Fault, FaultKind, valid};
use super::machine::{Machine, Rest};
use super::settings::{ManagedFields, Settings, Unit};
use crate::diag::Span;

/// Reads a text that holds one JSON value. `name` is what messages call the text. Nothing is dropped.
///
/// # Errors
/// The text is not UTF-8 or not JSON, has a key twice in one map, or is over its budget.
///
/// ```
/// use rutter::value::{Budget, json};
/// let node = json::read(r#"{"replicas": 3}"#, "scale.json", &Budget::default())?;
/// assert_eq!(node.to_string(), r#"{"replicas":3}"#);
/// # Ok::<(), rutter::value::ValueError>(())
/// ```
pub fn read(text: impl AsRef<[u8]>, name: &str, budget: &Budget) -> Result<Node, ValueError> {
    let text = text.as_ref();
    let documents = run(Unit::Whole, text, name, budget)?.0;
    let empty = || syntax(text, name, text.len(), "the text is empty");
    documents.into_iter().next().ok_or_else(empty)
}

/// Documents in a row with the offsets of their keys and values.
pub(in crate::value) fn read_stream(
    text: &[u8],
    name: &str,
    budget: &Budget,
) -> Result<(Vec<Node>, Vec<usize>), ValueError> {
    run(Unit::Document, text, name, budget)
}

fn run(unit: Unit, text: &[u8], name: &str, budget: &Budget) -> Result<(Vec<Node>, Vec<usize>), ValueError> {
    if text.len() > budget.bytes {
        return Err(ValueError::Budget { limit: Limit::Bytes, most: budget.bytes, span: Some(span(text, name, 0)) });
    }
    // A byte order mark is no part of the text.
    let skipped = if text.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let (body, broken) = match std::str::from_utf8(&text[skipped..]) {
        Ok(body) => (body, None),
        Err(error) => (valid(&text[skipped..], error), Some(error.valid_up_to() + skipped)),
    };
    let (nodes, depth) = (budget.nodes, budget.depth);
    let settings = Settings { unit, managed_fields: ManagedFields::Keep, bytes: usize::MAX, nodes, depth };
    let mut machine = Machine::new(settings);
    machine.places = (unit == Unit::Document).then(Vec::new);
    let mut documents = Vec::new();
    // What is wrong before the first byte that is not UTF-8 is told first.
    let rest = if broken.is_some() { Rest::Unknown } else { Rest::Nothing };
    let done = machine.run(body, rest, &mut documents);
    done.map_err(|fault| explain(fault.later(skipped), text, name))?;
    if let Some(offset) = broken {
        return Err(explain(Fault { offset, kind: FaultKind::Encoding }, text, name));
    }
    let mut places = machine.places.take().unwrap_or_default();
    places.iter_mut().for_each(|place| *place += skipped);
    Ok((documents, places))
}

fn syntax(text: &[u8], name: &str, offset: usize, problem: &str) -> ValueError {
    ValueError::Json { problem: problem.to_owned(), offset, span: Some(span(text, name, offset)) }
}

fn span(text: &[u8], name: &str, offset: usize) -> Span {
    Span { file: name.to_owned(), start: position::place(text, offset), length: 0 }
}

/// The error of a fault in a text that is at hand.
fn explain(fault: Fault, text: &[u8], name: &str) -> ValueError {
    let first = match &fault.kind {
        FaultKind::Duplicate { first, .. } => Some(position::place(text, *first)),
        _ => None,
    };
    let span = span(text, name, fault.offset);
    fault.error(Some(span), first)
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::diag::{Explain, Place};
    use crate::value::{Budget, Node, ValueError};

    fn refusal(text: impl AsRef<[u8]>) -> String {
        match read(text, "t", &Budget::default()) {
            Ok(node) => panic!("read as {node}"),
            Err(error) => {
                let start = error.span().unwrap().start;
                format!("{} {}:{} {error}", error.code(), start.line, start.column)
            }
        }
    }

    #[test]
    fn says_where_and_what_is_wrong() {
        for (text, wanted) in [
            ("", "E0402 1:1 the text is empty"),
            (" \n ", "E0402 2:2 the text is empty"),
            ("{\n \"é\": x}", "E0402 2:7 expected a value"),
            ("{\"a\":1,}", "E0402 1:8 expected a key in double quotes"),
            ("{a:1}", "E0402 1:2 expected a key in double quotes"),
            ("[1,]", "E0402 1:4 expected a value"),
            ("[1 2]", "E0402 1:4 expected `,` or `]`"),
            ("{\"a\" 1}", "E0402 1:6 expected `:`"),
            ("{\"a\":1]", "E0402 1:7 expected `,` or `}`"),
            ("[1}", "E0402 1:3 expected `,` or `]`"),
            ("{} {}", "E0402 1:4 expected the end of the text"),
            ("[1", "E0402 1:3 the text ends too early"),
            ("[tru]", "E0402 1:2 expected a value"),
            ("tru", "E0402 1:1 expected a value"),
            ("NaN", "E0402 1:1 expected a value"),
            ("-Infinity", "E0402 1:1 not a number"),
            ("01", "E0402 1:1 not a number"),
            ("1e999", "E0402 1:1 number out of range"),
            ("\"a", "E0402 1:1 a string is not closed"),
            ("\"a\\", "E0402 1:1 a string is not closed"),
            ("\"a\tb\"", "E0402 1:3 a control character in a string must be escaped"),
            ("[\"\\ud800\"]", "E0402 1:2 half a surrogate pair in a string"),
            ("{\"a\":1,\n\"b\":2,\"\\u0061\":3}", "E0403 2:7 key `a` stands twice in one map"),
            ("\u{feff}\n[x", "E0402 2:2 expected a value"),
            ("\u{0}", "E0402 1:1 expected a value"),
        ] {
            assert_eq!(refusal(text), wanted, "{text:?}");
        }
        assert_eq!(refusal(b"[\"a\xff\"]"), "E0405 1:4 invalid UTF-8 at byte 3");
    }

    #[test]
    fn names_both_places_of_a_repeated_key_also_in_a_large_map() {
        let mut text: String = (0..40).map(|n| format!("\"k{n}\":{{\"x\":[1,{{}}]}},\n")).collect();
        text.insert(0, '{');
        text.push_str("\"k7\":0}");
        let error = read(&text, "t", &Budget::default()).unwrap_err();
        let ValueError::DuplicateKey { key, span, first } = error else { panic!("{error}") };
        assert_eq!((&*key, span.map(|span| span.start)), ("k7", Some(Place::new(41, 1))));
        assert_eq!(first, Some(Place::new(8, 1)));
    }

    #[test]
    fn passes_at_the_edge_of_each_budget_and_fails_one_beyond() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(read(nested(128), "t", &Budget::default()).is_ok());
        assert_eq!(refusal(nested(129)), "E0404 1:129 more than 128 levels of nesting");
        let budget = Budget { nodes: 4, bytes: 20, ..Budget::default() };
        assert!(read("{\"a\":[1,2]}", "t", &budget).is_ok());
        assert!(read("{\"a\":[1,2,3]}", "t", &budget).is_err_and(|error| error.code().name() == "E0404"));
        assert_eq!(read(format!("{:20}", "1"), "t", &budget), Ok(Node::Int(1)));
        assert!(read(format!("{:21}", "1"), "t", &budget).is_err_and(|error| error.code().name() == "E0404"));
    }
}
