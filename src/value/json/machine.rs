//! The JSON parser: a machine with its own stack that takes a text in pieces and hands out values as they become complete.
//!
//! It holds no text: what it keeps between two pieces is the values of the one unit (document, list item) it is in, and its
//! caller keeps the bytes of a token that a piece cut. It must never recurse, so that no input can overflow the stack.

use super::super::{Key, Limit, Map, Node};
use super::fault::{Fault, FaultKind};
use super::intern::{Interner, Print, UNIQUE, print_container, print_entry, print_scalar};
use super::number;
use super::settings::{ManagedFields, Settings, Unit};
use super::string::{Scan, scan, unescape};

/// Whether more of the text may follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rest {
    Unknown,
    Nothing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Between documents.
    Outside,
    Value,
    ValueOrEnd,
    Key,
    KeyOrEnd,
    Colon,
    /// After a value inside a container.
    After,
    /// Inside a value nobody wants, so many containers deep.
    Skip(usize),
    /// After the only document.
    Done,
}

/// An open container; its values so far lie on the machine's stacks from `start` on.
struct Frame {
    kind: Kind,
    start: usize,
    /// The key whose value comes next.
    key: Option<(Key, Print)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Map,
    List,
    /// The list whose items are handed out.
    Items,
}

pub(super) struct Machine {
    settings: Settings,
    interner: Interner,
    state: State,
    frames: Vec<Frame>,
    items: Vec<Node>,
    item_prints: Vec<Print>,
    entries: Vec<(Key, Node)>,
    entry_prints: Vec<Print>,
    /// Offsets of the keys in `entries`.
    key_offsets: Vec<usize>,
    scratch: String,
    /// Where the piece being read starts in the text.
    offset: usize,
    /// Where the current unit starts in the text, and its values so far.
    mark: usize,
    nodes: usize,
    /// How far into a cut string token, and whether an escape was seen.
    resume: Option<(usize, bool)>,
    /// Where keys and values start, in order, if wanted.
    pub(super) places: Option<Vec<usize>>,
    /// With [`Unit::Item`]: the document without its items, once it is complete.
    pub(super) last: Option<Node>,
}

/// A step forward to that index, or none if the token at hand is cut.
type Step = Result<Option<usize>, Fault>;

impl Machine {
    pub(super) fn new(settings: Settings) -> Self {
        Self {
            settings,
            interner: Interner::default(),
            state: State::Outside,
            frames: Vec::new(),
            items: Vec::new(),
            item_prints: Vec::new(),
            entries: Vec::new(),
            entry_prints: Vec::new(),
            key_offsets: Vec::new(),
            scratch: String::new(),
            offset: 0,
            mark: 0,
            nodes: 0,
            resume: None,
            places: None,
            last: None,
        }
    }

    /// Reads a piece. Complete units go to `out`. Returns how many bytes are dealt with: the caller gives the others
    /// again, with what follows them. With [`Rest::Nothing`] all are dealt with, and the text must be complete.
    pub(super) fn run(&mut self, text: &str, rest: Rest, out: &mut Vec<Node>) -> Result<usize, Fault> {
        let (input, mut at) = (text.as_bytes(), 0);
        loop {
            while let Some(b' ' | b'\n' | b'\r' | b'\t') = input.get(at) {
                at += 1;
            }
            let Some(&byte) = input.get(at) else { break };
            if !matches!(self.state, State::Outside) && self.offset + at - self.mark > self.settings.bytes {
                return Err(self.over(at, Limit::Bytes, self.settings.bytes));
            }
            match self.step(text, at, byte, rest, out)? {
                Some(next) => at = next,
                None => break,
            }
        }
        if self.offset + input.len() - self.mark > self.settings.bytes && at < input.len() {
            return Err(self.over(at, Limit::Bytes, self.settings.bytes));
        }
        if rest == Rest::Nothing && !matches!(self.state, State::Outside | State::Done) {
            return Err(self.fault(at, FaultKind::Syntax("the text ends too early")));
        }
        self.offset += at;
        Ok(at)
    }

    pub(super) fn fault(&self, at: usize, kind: FaultKind) -> Fault {
        Fault { offset: self.offset + at, kind }
    }

    fn syntax<T>(&self, at: usize, problem: &'static str) -> Result<T, Fault> {
        Err(self.fault(at, FaultKind::Syntax(problem)))
    }

    fn over(&self, at: usize, limit: Limit, most: usize) -> Fault {
        self.fault(at, FaultKind::Budget(limit, most))
    }

    fn step(&mut self, text: &str, at: usize, byte: u8, rest: Rest, out: &mut Vec<Node>) -> Step {
        match (self.state, byte) {
            (State::ValueOrEnd, b']') | (State::KeyOrEnd, b'}') => self.close(at, out),
            (State::Key | State::KeyOrEnd, b'"') => self.key(text, at, rest),
            (State::Colon, b':') => Ok(Some(self.colon(at + 1))),
            (State::Outside, _) => {
                (self.mark, self.nodes) = (self.offset + at, 0);
                self.value(text, at, byte, rest, out)
            }
            (State::Value | State::ValueOrEnd, _) => self.value(text, at, byte, rest, out),
            (State::After, _) => self.after(at, byte, out),
            (State::Skip(depth), _) => self.skip(text, at, depth, rest),
            (State::Key | State::KeyOrEnd, _) => self.syntax(at, "expected a key in double quotes"),
            (State::Colon, _) => self.syntax(at, "expected `:`"),
            (State::Done, _) => self.syntax(at, "expected the end of the text"),
        }
    }

    fn after(&mut self, at: usize, byte: u8, out: &mut Vec<Node>) -> Step {
        let is_map = self.frames.last().is_some_and(|frame| frame.kind == Kind::Map);
        match (byte, is_map) {
            (b',', true) => self.state = State::Key,
            (b',', false) => self.state = State::Value,
            (b'}', true) | (b']', false) => return self.close(at, out),
            (_, true) => return self.syntax(at, "expected `,` or `}`"),
            (_, false) => return self.syntax(at, "expected `,` or `]`"),
        }
        Ok(Some(at + 1))
    }

    fn value(&mut self, text: &str, at: usize, byte: u8, rest: Rest, out: &mut Vec<Node>) -> Step {
        let (node, print, next) = match byte {
            b'"' => {
                let Some((end, escaped)) = self.string(text.as_bytes(), at, rest)? else { return Ok(None) };
                let (text, print) = self.text(&text[at + 1..end], at, escaped)?;
                (Node::Str(text), print, end + 1)
            }
            b'{' | b'[' => return self.open(at, byte),
            b'-' | b'0'..=b'9' => {
                let end = at + number::extent(&text.as_bytes()[at..]);
                if end - at > number::LONGEST {
                    return self.syntax(at, "a number of more than 1024 characters");
                }
                if end == text.len() && rest == Rest::Unknown {
                    return Ok(None);
                }
                match number::value(&text.as_bytes()[at..end]) {
                    Ok(node) => (node.clone(), print_scalar(&node), end),
                    Err(problem) => return self.syntax(at, problem),
                }
            }
            _ => match self.literal(&text.as_bytes()[at..], at, rest)? {
                Some((node, length)) => (node.clone(), print_scalar(&node), at + length),
                None => return Ok(None),
            },
        };
        self.count(at)?;
        self.complete(node, print, next, out);
        if self.state == State::After && text.as_bytes().get(next) == Some(&b',') {
            return self.after(next, b',', out);
        }
        Ok(Some(next))
    }

    fn literal(&self, input: &[u8], at: usize, rest: Rest) -> Result<Option<(Node, usize)>, Fault> {
        for (word, node) in [("null", Node::Null), ("true", Node::Bool(true)), ("false", Node::Bool(false))] {
            if input.starts_with(word.as_bytes()) {
                return Ok(Some((node, word.len())));
            }
            if rest == Rest::Unknown && word.as_bytes().starts_with(input) {
                return Ok(None);
            }
        }
        self.syntax(at, "expected a value")
    }

    /// The index of a string's closing quote and whether it has escapes; none if the string is cut.
    fn string(&mut self, input: &[u8], at: usize, rest: Rest) -> Result<Option<(usize, bool)>, Fault> {
        let (from, escaped) = self.resume.take().unwrap_or((1, false));
        match scan(input, at + from, escaped) {
            Scan::End { at: end, escaped } => Ok(Some((end, escaped))),
            Scan::More { resume, escaped } if rest == Rest::Unknown => {
                self.resume = Some((resume - at, escaped));
                Ok(None)
            }
            Scan::More { .. } => self.syntax(at, "a string is not closed"),
            Scan::Control { at } => self.syntax(at, "a control character in a string must be escaped"),
        }
    }

    /// The text of a string's content; `at` is where the string starts.
    fn text(&mut self, raw: &str, at: usize, escaped: bool) -> Result<(Key, Print), Fault> {
        if !escaped {
            return Ok(self.interner.text(raw));
        }
        match unescape(raw, &mut self.scratch) {
            Ok(()) => Ok(self.interner.text(&self.scratch)),
            Err(problem) => self.syntax(at, problem),
        }
    }

    fn key(&mut self, text: &str, at: usize, rest: Rest) -> Step {
        let Some((end, escaped)) = self.string(text.as_bytes(), at, rest)? else { return Ok(None) };
        let key = self.text(&text[at + 1..end], at, escaped)?;
        if let Some(frame) = self.frames.last_mut() {
            frame.key = Some(key);
        }
        self.key_offsets.push(self.offset + at);
        self.state = State::Colon;
        self.note(at);
        // The next token is nearly always at hand; taking it here saves a turn of the loop.
        Ok(Some(if text.as_bytes().get(end + 1) == Some(&b':') { self.colon(end + 2) } else { end + 1 }))
    }

    fn colon(&mut self, next: usize) -> usize {
        self.state = if self.is_unwanted() { State::Skip(0) } else { State::Value };
        next
    }

    /// Whether the value that comes next is an object's `metadata.managedFields` that is to be dropped.
    fn is_unwanted(&self) -> bool {
        let ([.., owner, metadata], ManagedFields::Drop) = (&*self.frames, self.settings.managed_fields) else {
            return false;
        };
        let named = |frame: &Frame, name: &str| frame.key.as_ref().is_some_and(|(key, _)| **key == *name);
        named(metadata, "managedFields")
            && named(owner, "metadata")
            && match (self.settings.unit, &self.frames[..self.frames.len() - 2]) {
                (Unit::Whole | Unit::Document, []) => true,
                (Unit::Event, [event]) => named(event, "object"),
                (Unit::Item, [_, list]) => list.kind == Kind::Items,
                _ => false,
            }
    }

    fn skip(&mut self, text: &str, start: usize, mut depth: usize, rest: Rest) -> Step {
        let mut at = start;
        while let Some(&byte) = text.as_bytes().get(at) {
            match byte {
                b'"' => match self.string(text.as_bytes(), at, rest)? {
                    Some((end, _)) => at = end,
                    None => {
                        self.state = State::Skip(depth);
                        return Ok((at > start).then_some(at));
                    }
                },
                b'{' | b'[' => depth += 1,
                // The end of a scalar that is no string.
                b'}' | b']' | b',' if depth == 0 => return Ok(Some(self.skipped(at))),
                b'}' | b']' => depth -= 1,
                _ => {
                    at += 1;
                    continue;
                }
            }
            at += 1;
            if depth == 0 {
                return Ok(Some(self.skipped(at)));
            }
        }
        self.state = State::Skip(depth);
        Ok(Some(at))
    }

    fn skipped(&mut self, next: usize) -> usize {
        self.state = State::After;
        self.key_offsets.pop();
        if let Some(frame) = self.frames.last_mut() {
            frame.key = None;
        }
        next
    }

    fn open(&mut self, at: usize, byte: u8) -> Step {
        self.count(at)?;
        if self.frames.len() == self.settings.depth {
            return Err(self.over(at, Limit::Depth, self.settings.depth));
        }
        let is_map = byte == b'{';
        let kind = match (is_map, &*self.frames) {
            (true, _) => Kind::Map,
            (false, [root])
                if self.settings.unit == Unit::Item && root.key.as_ref().is_some_and(|(key, _)| **key == *"items") =>
            {
                Kind::Items
            }
            (false, _) => Kind::List,
        };
        let start = if is_map { self.entries.len() } else { self.items.len() };
        self.frames.push(Frame { kind, start, key: None });
        self.state = if is_map { State::KeyOrEnd } else { State::ValueOrEnd };
        Ok(Some(at + 1))
    }

    fn close(&mut self, at: usize, out: &mut Vec<Node>) -> Step {
        let Some(frame) = self.frames.pop() else { return self.syntax(at, "expected a value") };
        let (node, print) = match frame.kind {
            // The items are out; what stands for them is removed with the document's end.
            Kind::Items => (Node::Null, UNIQUE),
            Kind::List => self.list(frame.start),
            Kind::Map => self.map(frame.start)?,
        };
        self.complete(node, print, at + 1, out);
        Ok(Some(at + 1))
    }

    /// The list of the items from `start` on, which leave their stack.
    fn list(&mut self, start: usize) -> (Node, Print) {
        let print = print_container(1, &self.item_prints[start..]);
        self.item_prints.truncate(start);
        if let Some(known) = self.interner.find_list(print, &self.items[start..]) {
            self.items.truncate(start);
            return (known, print);
        }
        let node = Node::list(self.items.drain(start..).collect());
        self.interner.keep(print, &node);
        (node, print)
    }

    /// The map of the entries from `start` on, which leave their stack.
    fn map(&mut self, start: usize) -> Result<(Node, Print), Fault> {
        let print = print_container(2, &self.entry_prints[start..]);
        self.entry_prints.truncate(start);
        // Keys of maps that are still open have an offset but no entry yet.
        let first_offset = self.key_offsets.len() - (self.entries.len() - start);
        if let Some(known) = self.interner.find_map(print, &self.entries[start..]) {
            self.entries.truncate(start);
            self.key_offsets.truncate(first_offset);
            return Ok((known, print));
        }
        let map = Map::from_entries(self.entries.drain(start..).collect()).map_err(|repeated| {
            let offset = |index| self.key_offsets[first_offset + index];
            let kind = FaultKind::Duplicate { key: repeated.key, first: offset(repeated.first) };
            Fault { offset: offset(repeated.second), kind }
        })?;
        self.key_offsets.truncate(first_offset);
        let node = Node::map(map);
        self.interner.keep(print, &node);
        Ok((node, print))
    }

    fn count(&mut self, at: usize) -> Result<(), Fault> {
        self.nodes += 1;
        self.note(at);
        if self.nodes > self.settings.nodes { Err(self.over(at, Limit::Nodes, self.settings.nodes)) } else { Ok(()) }
    }

    fn note(&mut self, at: usize) {
        if let Some(places) = &mut self.places {
            places.push(self.offset + at);
        }
    }

    /// Puts a complete value where it belongs; `next` is the index after it.
    fn complete(&mut self, node: Node, print: Print, next: usize, out: &mut Vec<Node>) {
        self.state = State::After;
        match self.frames.last_mut() {
            None if self.settings.unit == Unit::Item => {
                let mut node = node;
                if node.get("items").is_some_and(Node::is_null)
                    && let Some(map) = node.as_map_mut()
                {
                    map.remove("items");
                }
                self.last = Some(node);
                self.state = State::Done;
            }
            None => {
                out.push(node);
                self.state = if self.settings.unit == Unit::Whole { State::Done } else { State::Outside };
            }
            Some(Frame { kind: Kind::Items, .. }) => {
                out.push(node);
                (self.mark, self.nodes) = (self.offset + next, 0);
            }
            Some(Frame { kind: Kind::List, .. }) => {
                self.items.push(node);
                self.item_prints.push(print);
            }
            Some(frame) => {
                if let Some((key, key_print)) = frame.key.take() {
                    self.entries.push((key, node));
                    self.entry_prints.push(print_entry(key_print, print));
                }
            }
        }
    }
}
