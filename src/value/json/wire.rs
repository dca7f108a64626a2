//! JSON that arrives in pieces: lists handed out item by item, watch streams event by event. No body is ever collected.

use super::super::{Budget, Node, ValueError};
use super::fault::{Fault, FaultKind, valid};
use super::machine::{Machine, Rest};
use super::settings::{ManagedFields, Settings, Unit};

/// Limits and wishes for reading an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct WireOptions {
    /// Whether objects keep their `metadata.managedFields`; dropped by default.
    pub managed_fields: ManagedFields,
    /// What one item or event may hold, and what the list may hold beside its items.
    pub budget: Budget,
}

impl Default for WireOptions {
    fn default() -> Self {
        Self { managed_fields: ManagedFields::Drop, budget: Budget::default() }
    }
}

/// Reads a list as its bytes arrive. Each item is handed out as soon as it is complete and then forgotten.
///
/// ```
/// use rutter::value::{Node, json::{ListParser, WireOptions}};
/// let mut parser = ListParser::new(&WireOptions::default());
/// let mut items = Vec::new();
/// parser.feed(br#"{"kind":"PodList","items":[{"a":1},{"a"#, &mut items)?;
/// assert_eq!(items.len(), 1);
/// parser.feed(br#"":2}],"metadata":{}}"#, &mut items)?;
/// assert_eq!(items.len(), 2);
/// assert_eq!(parser.finish()?, Node::from([("kind", "PodList".into()), ("metadata", Node::map(Default::default()))]));
/// # Ok::<(), rutter::value::ValueError>(())
/// ```
pub struct ListParser {
    pieces: Pieces,
}

impl ListParser {
    /// A parser for one list.
    #[must_use]
    pub fn new(options: &WireOptions) -> Self {
        // The list and its `items` are two levels around each object.
        Self { pieces: Pieces::new(Unit::Item, options, 2) }
    }

    /// Takes the next bytes; items that they complete are added to `items`.
    ///
    /// # Errors
    /// What arrived so far is not JSON, or an item is over its budget. The parser cannot be used any more then.
    pub fn feed(&mut self, bytes: &[u8], items: &mut Vec<Node>) -> Result<(), ValueError> {
        self.pieces.feed(bytes, Rest::Unknown, items)
    }

    /// The list without its items: `kind`, `apiVersion`, `metadata`. An answer without `items` comes back whole.
    ///
    /// # Errors
    /// The text is incomplete, empty, or no map.
    pub fn finish(mut self) -> Result<Node, ValueError> {
        self.pieces.feed(&[], Rest::Nothing, &mut Vec::new())?;
        self.pieces.last_document()
    }
}

/// Reads documents in a row, such as the events of a watch, as their bytes arrive. Line breaks between them are optional.
pub struct StreamParser {
    pieces: Pieces,
}

impl StreamParser {
    /// A parser for one stream.
    #[must_use]
    pub fn new(options: &WireOptions) -> Self {
        Self { pieces: Pieces::new(Unit::Event, options, 1) }
    }

    /// Takes the next bytes; documents that they complete are added to `documents`.
    ///
    /// # Errors
    /// What arrived so far is not JSON, or a document is over its budget. The parser cannot be used any more then.
    pub fn feed(&mut self, bytes: &[u8], documents: &mut Vec<Node>) -> Result<(), ValueError> {
        self.pieces.feed(bytes, Rest::Unknown, documents)
    }

    /// Ends the stream.
    ///
    /// # Errors
    /// The stream ended inside a document.
    pub fn finish(mut self) -> Result<(), ValueError> {
        self.pieces.feed(&[], Rest::Nothing, &mut Vec::new())
    }
}

/// A machine with what the last piece cut: a token, and at its end a character.
struct Pieces {
    machine: Machine,
    token: String,
    character: Vec<u8>,
}

impl Pieces {
    fn new(unit: Unit, options: &WireOptions, around: usize) -> Self {
        let budget = &options.budget;
        let machine = Machine::new(Settings {
            unit,
            managed_fields: options.managed_fields,
            bytes: budget.bytes,
            nodes: budget.nodes,
            depth: budget.depth.saturating_add(around),
        });
        Self { machine, token: String::new(), character: Vec::new() }
    }

    fn feed(&mut self, bytes: &[u8], rest: Rest, out: &mut Vec<Node>) -> Result<(), ValueError> {
        if self.character.is_empty() {
            return self.feed_whole(bytes, rest, out);
        }
        let mut joined = std::mem::take(&mut self.character);
        joined.extend_from_slice(bytes);
        self.feed_whole(&joined, rest, out)
    }

    /// Takes bytes that begin with a whole character.
    fn feed_whole(&mut self, bytes: &[u8], rest: Rest, out: &mut Vec<Node>) -> Result<(), ValueError> {
        let (text, error) = match std::str::from_utf8(bytes) {
            Ok(text) => (text, None),
            Err(error) => (valid(bytes, error), Some(error)),
        };
        self.feed_text(text, if error.is_some() { Rest::Unknown } else { rest }, out)?;
        match error {
            Some(error) if error.error_len().is_some() || rest == Rest::Nothing => {
                // The machine stands where the token begins that ends with the fault.
                Err(self.machine.fault(self.token.len(), FaultKind::Encoding).error(None, None))
            }
            Some(_) => {
                self.character.extend_from_slice(&bytes[text.len()..]);
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn feed_text(&mut self, text: &str, rest: Rest, out: &mut Vec<Node>) -> Result<(), ValueError> {
        let fail = |fault: Fault| fault.error(None, None);
        if self.token.is_empty() {
            let used = self.machine.run(text, rest, out).map_err(fail)?;
            self.token.push_str(&text[used..]);
        } else {
            self.token.push_str(text);
            let used = self.machine.run(&self.token, rest, out).map_err(fail)?;
            self.token.drain(..used);
        }
        Ok(())
    }

    fn last_document(self) -> Result<Node, ValueError> {
        match self.machine.last {
            Some(node @ Node::Map(_)) => Ok(node),
            other => {
                let found = other.as_ref().map_or("nothing", Node::description);
                let problem = format!("expected a list of objects, found {found}");
                Err(ValueError::Json { problem, offset: 0, span: None })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ListParser, ManagedFields, StreamParser, WireOptions};
    use crate::diag::Explain;
    use crate::value::{Budget, Node, ValueError, json};

    const LIST: &str = concat!(
        r#"{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"5","continue":"x","managedFields":1},"#,
        r#""items":[{"metadata":{"name":"a","managedFields":[{"f:x":{"]}":"}\\\""}}],"uid":"1"},"n":-12.5e1},"#,
        r#"{"metadata":{"managedFields":7,"l":[]},"spec":{"metadata":{"managedFields":[1]}}},"#,
        " {\"s\":\"\\ud83d\\ude00é\\n\",\"t\":[true,false,null,18446744073709551615]} ],\n\"more\":{\"items\":[1]}}"
    );

    fn parse(text: &[u8], piece: usize, options: &WireOptions) -> Result<(Vec<Node>, Node), ValueError> {
        let (mut parser, mut items) = (ListParser::new(options), Vec::new());
        for bytes in text.chunks(piece) {
            parser.feed(bytes, &mut items)?;
        }
        Ok((items, parser.finish()?))
    }

    #[test]
    fn hands_out_the_same_items_however_the_text_is_cut() {
        for piece in 1..LIST.len() {
            let (items, rest) = parse(LIST.as_bytes(), piece, &WireOptions::default()).unwrap();
            let items: Vec<String> = items.iter().map(ToString::to_string).collect();
            assert_eq!(
                items,
                [
                    r#"{"metadata":{"name":"a","uid":"1"},"n":-125.0}"#,
                    r#"{"metadata":{"l":[]},"spec":{"metadata":{"managedFields":[1]}}}"#,
                    r#"{"s":"😀é\n","t":[true,false,null,18446744073709551615]}"#,
                ]
            );
            assert_eq!(
                rest.to_string(),
                concat!(
                    r#"{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"5","continue":"x","#,
                    r#""managedFields":1},"more":{"items":[1]}}"#
                )
            );
        }
    }

    #[test]
    fn keeps_managed_fields_when_asked() {
        let options = WireOptions { managed_fields: ManagedFields::Keep, ..WireOptions::default() };
        let (items, rest) = parse(LIST.as_bytes(), 7, &options).unwrap();
        let mut whole = json::read(LIST, "t", &Budget::default()).unwrap();
        let map = whole.as_map_mut().unwrap();
        assert_eq!(map.remove("items"), Some(Node::list(items)));
        assert_eq!(rest, whole);
    }

    #[test]
    fn hands_out_an_item_before_the_next_byte_arrives() {
        let (mut parser, mut items) = (ListParser::new(&WireOptions::default()), Vec::new());
        parser.feed(b"{\"items\":[{\"a\":1}", &mut items).unwrap();
        assert_eq!(items.len(), 1);
    }

    #[test]
    fn refuses_a_list_that_is_cut_at_any_byte() {
        for length in 0..LIST.len() {
            assert!(parse(&LIST.as_bytes()[..length], 11, &WireOptions::default()).is_err(), "{length}");
        }
    }

    #[test]
    fn takes_lists_without_items_and_refuses_other_answers() {
        for (text, wanted) in [
            (r#"{"items":null,"a":1}"#, r#"{"a":1}"#),
            (r#"{"items":[]}"#, "{}"),
            (r#"{"kind":"Status"}"#, r#"{"kind":"Status"}"#),
            ("[1]", "expected a list of objects, found a list at byte 0"),
            ("", "expected a list of objects, found nothing at byte 0"),
            ("{}{}", "expected the end of the text at byte 2"),
            ("<html>", "expected a value at byte 0"),
            (r#"{"items":[],"items":[]}"#, "key `items` stands twice in one map"),
        ] {
            let shown = parse(text.as_bytes(), 3, &WireOptions::default());
            assert_eq!(shown.map_or_else(|error| error.to_string(), |(_, rest)| rest.to_string()), wanted, "{text}");
        }
    }

    #[test]
    fn bounds_each_item_and_not_the_list() {
        let mut options = WireOptions::default();
        options.budget.bytes = 40;
        let item = |length: usize| format!("{{\"a\":\"{}\"}}", "x".repeat(length));
        let many = format!("{{\"items\":[{}]}}", vec![item(20); 50].join(","));
        assert_eq!(parse(many.as_bytes(), 16, &options).unwrap().0.len(), 50);
        let large = format!("{{\"items\":[{},{}]}}", item(20), item(60));
        let error = parse(large.as_bytes(), 16, &options).unwrap_err();
        assert_eq!((error.code().name(), &*error.to_string()), ("E0404", "more than 40 bytes"));
        // Nor can what is no item grow without end.
        let endless = format!("{{{}", (0..50).map(|n| format!("\"k{n}\":1,")).collect::<String>());
        assert_eq!(parse(endless.as_bytes(), 16, &options).unwrap_err().code().name(), "E0404");
        options = WireOptions::default();
        options.budget.nodes = 10;
        let wide = format!("{{\"items\":[[{}]]}}", ["[]"; 10].join(","));
        assert_eq!(parse(wide.as_bytes(), 16, &options).unwrap_err().to_string(), "more than 10 values");
    }

    #[test]
    fn reads_watch_events_with_and_without_line_breaks() {
        let text = concat!(
            r#"{"type":"ADDED","object":{"metadata":{"name":"a","managedFields":[{}]}}}"#,
            "\n\n",
            r#"{"type":"MODIFIED","object":{"metadata":{"name":"b"}}}{"type":"BOOKMARK","object":{}}"#,
        );
        for piece in 1..text.len() {
            let (mut parser, mut events) = (StreamParser::new(&WireOptions::default()), Vec::new());
            for bytes in text.as_bytes().chunks(piece) {
                parser.feed(bytes, &mut events).unwrap();
            }
            parser.finish().unwrap();
            let events: Vec<String> = events.iter().map(ToString::to_string).collect();
            assert_eq!(
                events,
                [
                    r#"{"type":"ADDED","object":{"metadata":{"name":"a"}}}"#,
                    r#"{"type":"MODIFIED","object":{"metadata":{"name":"b"}}}"#,
                    r#"{"type":"BOOKMARK","object":{}}"#,
                ]
            );
        }
    }

    #[test]
    fn tells_bytes_that_are_no_utf8_wherever_they_are_cut() {
        let text = b"{\"items\":[{\"a\":\"\xc3\xa9\"},{\"b\":\"xy\xc3z\"}]}";
        for piece in 1..text.len() {
            let error = parse(text, piece, &WireOptions::default()).unwrap_err();
            assert_eq!((error.code().name(), &*error.to_string()), ("E0405", "invalid UTF-8 at byte 29"), "{piece}");
        }
        assert_eq!(parse(b"{} \xc3", 2, &WireOptions::default()).unwrap_err().code().name(), "E0405");
    }

    #[test]
    fn tells_a_watch_that_ends_inside_an_event() {
        let mut parser = StreamParser::new(&WireOptions::default());
        parser.feed(b"{\"type\":\"ADDED\",\"obj", &mut Vec::new()).unwrap();
        assert_eq!(parser.finish().unwrap_err().to_string(), "a string is not closed at byte 16");
    }

    #[test]
    fn forgives_an_endless_idle_stream() {
        let mut options = WireOptions::default();
        options.budget.bytes = 10;
        let mut parser = StreamParser::new(&options);
        for _ in 0..100 {
            parser.feed(b"\n \n", &mut Vec::new()).unwrap();
        }
        parser.finish().unwrap();
    }
}
