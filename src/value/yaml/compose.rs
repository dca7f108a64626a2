//! From parser events to nodes with places. It must never recurse, and every value it makes counts against the budget,
//! those that aliases repeat included: that is what ends a bomb.

use super::super::position::extent;
use super::super::{Budget, Key, Limit, Map, Node, ValueError};
use super::fault::{self, place};
use super::look::{self, Look};
use super::scalar::{Wanted, key_text, resolve, resolve_as};
use crate::diag::{Place, Span};
use granit_parser::{Event, Parser, ScalarStyle, StructureStyle, Tag};
use std::collections::{HashMap, HashSet};

const TAG_PREFIX: &str = "tag:yaml.org,2002:";

/// One document's tree and the places of its keys and values in document order.
pub(super) type Composed = (Node, Vec<Place>);

/// Reads the documents of a text; empty ones are left out.
pub(super) fn compose(text: &str, file: &str, budget: &Budget) -> Result<Vec<Composed>, ValueError> {
    let mut options = granit_parser::options! {
        flow_nesting_limit: budget.depth,
        block_nesting_limit: budget.depth,
    };
    options.set_emit_comments(false);
    let mut composer = Composer::new(text, file, budget);
    let mut documents = Vec::new();
    for event in Parser::new_from_str_with_options(text, options) {
        let (event, span) = event.map_err(|error| fault::explain(&error, file, budget.depth))?;
        let at = place(&span.start);
        composer.tag_at = span.tag_start().map_or(at, |tag| place(&tag));
        composer.check_looks(&event, &span, at)?;
        if let Some(document) = composer.take(event, at)? {
            if documents.len() == budget.documents {
                let at = document.1.first().copied().unwrap_or(at);
                return Err(composer.over(at, Limit::Documents, budget.documents));
            }
            documents.push(document);
        }
    }
    Ok(documents)
}

/// A container whose end has not come yet.
struct Frame {
    at: Place,
    style: StructureStyle,
    /// The anchor to define when it is complete; 0 is none.
    anchor: usize,
    /// Where its places start.
    first_place: usize,
    /// Levels of the deepest value in it so far.
    deepest: usize,
    body: Body,
}

enum Body {
    List(Vec<Node>),
    Map(Entries),
}

#[derive(Default)]
struct Entries {
    entries: Vec<(Key, Node)>,
    key_places: Vec<Place>,
    expects: Expects,
    merge: Option<Merge>,
}

#[derive(Default)]
enum Expects {
    #[default]
    Key,
    Value(Key),
    /// The maps of a merge key, whose places start there.
    Merged {
        first_place: usize,
        at: Place,
    },
}

/// The entries of `<<`, to stand before the own entry of that index.
struct Merge {
    index: usize,
    /// Where its places would stand, counted from the map's own place.
    place_index: usize,
    at: Place,
    entries: Vec<(Key, Node)>,
    places: Vec<Vec<Place>>,
}

struct Composer<'t> {
    text: &'t str,
    file: &'t str,
    budget: &'t Budget,
    frames: Vec<Frame>,
    places: Vec<Place>,
    anchors: HashMap<usize, Anchored>,
    nodes: usize,
    document: Option<Node>,
    /// Where the tag of the event at hand stands.
    tag_at: Place,
}

/// A node that aliases may repeat.
#[derive(Clone)]
struct Anchored {
    node: Node,
    /// How many places it takes.
    places: usize,
    /// How many levels it has; a scalar has none.
    levels: usize,
}

impl<'t> Composer<'t> {
    fn new(text: &'t str, file: &'t str, budget: &'t Budget) -> Self {
        Self {
            text,
            file,
            budget,
            frames: Vec::new(),
            places: Vec::new(),
            anchors: HashMap::new(),
            nodes: 0,
            document: None,
            tag_at: Place::new(1, 1),
        }
    }

    /// Takes one event; the last one of a document that is not empty returns it.
    fn take(&mut self, event: Event<'_>, at: Place) -> Result<Option<Composed>, ValueError> {
        match event {
            Event::DocumentStart(..) => {
                self.places.clear();
                self.anchors.clear();
            }
            Event::DocumentEnd => {
                let places = std::mem::take(&mut self.places);
                return Ok(self.document.take().filter(|node| !node.is_null()).map(|node| (node, places)));
            }
            Event::Scalar(text, style, anchor, tag) => self.scalar(&text, style, anchor, tag.as_deref(), at)?,
            Event::Alias(anchor) => {
                let Some(anchored) = self.anchors.get(&anchor).cloned() else {
                    return self.refuse(at, "an anchor that contains itself", None);
                };
                self.leaf(anchored, at)?;
            }
            Event::SequenceStart(style, anchor, tag) => {
                self.check_tag(tag.as_deref(), "seq")?;
                self.open(Body::List(Vec::new()), style, anchor, at)?;
            }
            Event::MappingStart(style, anchor, tag) => {
                self.check_tag(tag.as_deref(), "map")?;
                self.open(Body::Map(Entries::default()), style, anchor, at)?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.close()?,
            _ => {}
        }
        Ok(None)
    }

    /// Refuses what kubectl's parser reads in another way or not at all, although the event is the right one.
    fn check_looks(&self, event: &Event<'_>, span: &granit_parser::Span, at: Place) -> Result<(), ValueError> {
        let (Some(range), Some(frame)) = (span.byte_range(), self.frames.last()) else { return Ok(()) };
        let look = Look { text: self.text, start: range.start, end: range.end };
        let is_flow = frame.style == StructureStyle::Flow;
        let begins_line = !is_flow && (self.expects_key() || matches!(frame.body, Body::List(_)));
        let finding = match event {
            Event::Scalar(..) | Event::Alias(_) | Event::SequenceStart(..) | Event::MappingStart(..)
                if begins_line && look.is_after_tab() =>
            {
                Some(look::TAB)
            }
            Event::Scalar(_, ScalarStyle::DoubleQuoted, ..) => look.escapes(),
            Event::Scalar(_, ScalarStyle::Plain, ..) if is_flow => look.flow_scalar(),
            _ => None,
        };
        match finding {
            Some((problem, hint)) => self.refuse(at, problem, Some(hint)),
            None => Ok(()),
        }
    }

    fn span(&self, at: Place) -> Span {
        Span { file: self.file.to_owned(), start: at, length: 0 }
    }

    fn refuse<T>(&self, at: Place, problem: impl Into<String>, hint: Option<&str>) -> Result<T, ValueError> {
        Err(ValueError::Yaml { problem: problem.into(), span: self.span(at), hint: hint.map(str::to_owned) })
    }

    fn over(&self, at: Place, limit: Limit, most: usize) -> ValueError {
        ValueError::Budget { limit, most, span: Some(self.span(at)) }
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        at: Place,
    ) -> Result<(), ValueError> {
        let is_plain = style == ScalarStyle::Plain;
        if self.expects_key() && text == "<<" && self.is_merge(is_plain, tag) {
            return self.merge_key(at);
        }
        let value = match (self.wanted(tag)?, is_plain) {
            (Some(wanted), _) => resolve_as(wanted, text),
            (None, true) => resolve(text),
            (None, false) => Ok(Node::text(text)),
        };
        let at_fault = if tag.is_some() { self.tag_at } else { at };
        match value {
            Ok(node) => {
                let scalar = Anchored { node, places: 1, levels: 0 };
                if anchor != 0 {
                    self.anchors.insert(anchor, scalar.clone());
                }
                self.leaf(scalar, at)
            }
            Err(problem) => self.refuse(at_fault, problem, Some("quote it if a text is meant")),
        }
    }

    /// The type that a scalar's tag asks for; none without a tag.
    fn wanted(&self, tag: Option<&Tag>) -> Result<Option<Wanted>, ValueError> {
        let Some(tag) = tag else { return Ok(None) };
        Ok(Some(match tag.suffix_in_namespace(TAG_PREFIX).as_deref() {
            Some("str") => Wanted::Str,
            Some("int") => Wanted::Int,
            Some("float") => Wanted::Float,
            Some("bool") => Wanted::Bool,
            Some("null") => Wanted::Null,
            Some("binary") => Wanted::Binary,
            // `! text` says: not resolved.
            None if tag.original() == "!" => Wanted::Str,
            _ => return self.unknown_tag(tag),
        }))
    }

    fn unknown_tag<T>(&self, tag: &Tag) -> Result<T, ValueError> {
        let hint = "Kubernetes knows no tags; quote the text if it begins with `!`";
        self.refuse(self.tag_at, format!("unknown tag `{}`", tag.original()), Some(hint))
    }

    fn check_tag(&self, tag: Option<&Tag>, own: &str) -> Result<(), ValueError> {
        match tag {
            Some(tag) if tag.suffix_in_namespace(TAG_PREFIX).as_deref() != Some(own) && tag.original() != "!" => {
                self.unknown_tag(tag)
            }
            _ => Ok(()),
        }
    }

    fn is_merge(&self, is_plain: bool, tag: Option<&Tag>) -> bool {
        match tag {
            None => is_plain,
            Some(tag) => tag.suffix_in_namespace(TAG_PREFIX).as_deref() == Some("merge"),
        }
    }

    fn expects_key(&self) -> bool {
        matches!(self.frames.last(), Some(Frame { body: Body::Map(Entries { expects: Expects::Key, .. }), .. }))
    }

    fn merge_key(&mut self, at: Place) -> Result<(), ValueError> {
        let first_place = self.places.len();
        let span = self.span(at);
        if let Some(Frame { body: Body::Map(entries), .. }) = self.frames.last_mut() {
            if let Some(merge) = &entries.merge {
                return Err(ValueError::DuplicateKey { key: "<<".to_owned(), span: Some(span), first: Some(merge.at) });
            }
            entries.expects = Expects::Merged { first_place, at };
        }
        Ok(())
    }

    /// Takes a node that is complete with its event: a key, a scalar, an alias.
    fn leaf(&mut self, leaf: Anchored, at: Place) -> Result<(), ValueError> {
        let Anchored { node, places, levels } = leaf;
        if self.expects_key() {
            return self.key(node, at);
        }
        self.count(at, places)?;
        // Aliases of aliases could nest without end.
        if self.frames.len() + levels > self.budget.depth {
            return Err(self.over(at, Limit::Depth, self.budget.depth));
        }
        // Values that an alias repeats have no place but the alias.
        self.places.resize(self.places.len() + places, at);
        self.complete(node, levels, at)
    }

    fn key(&mut self, node: Node, at: Place) -> Result<(), ValueError> {
        let key = match key_text(node) {
            Ok(key) => key,
            Err(problem) => return self.refuse(at, problem, Some("quote it if a text is meant")),
        };
        self.places.push(at);
        if let Some(Frame { body: Body::Map(entries), .. }) = self.frames.last_mut() {
            entries.key_places.push(at);
            entries.expects = Expects::Value(key);
        }
        Ok(())
    }

    fn count(&mut self, at: Place, nodes: usize) -> Result<(), ValueError> {
        self.nodes = self.nodes.saturating_add(nodes);
        if self.nodes > self.budget.nodes { Err(self.over(at, Limit::Nodes, self.budget.nodes)) } else { Ok(()) }
    }

    fn open(&mut self, body: Body, style: StructureStyle, anchor: usize, at: Place) -> Result<(), ValueError> {
        if self.expects_key() {
            return self.refuse(
                at,
                "a key must be a text, a number or a boolean",
                Some("quote `{{ … }}` in templates"),
            );
        }
        self.count(at, 1)?;
        if self.frames.len() == self.budget.depth {
            return Err(self.over(at, Limit::Depth, self.budget.depth));
        }
        let first_place = self.places.len();
        self.places.push(at);
        self.frames.push(Frame { at, style, anchor, first_place, deepest: 0, body });
        Ok(())
    }

    fn close(&mut self) -> Result<(), ValueError> {
        let Some(frame) = self.frames.pop() else { return Ok(()) };
        let node = match frame.body {
            Body::List(items) => Node::list(items),
            Body::Map(entries) => self.map(entries, frame.first_place)?,
        };
        let levels = frame.deepest + 1;
        if frame.anchor != 0 {
            let places = self.places.len() - frame.first_place;
            self.anchors.insert(frame.anchor, Anchored { node: node.clone(), places, levels });
        }
        self.complete(node, levels, frame.at)
    }

    fn map(&mut self, own: Entries, first_place: usize) -> Result<Node, ValueError> {
        let Entries { mut entries, key_places, merge, .. } = own;
        if let Some(merge) = merge {
            let keys: HashSet<&str> = entries.iter().map(|(key, _)| &**key).collect();
            let (mut merged, mut places) = (Vec::new(), Vec::new());
            for (entry, entry_places) in merge.entries.into_iter().zip(merge.places) {
                if !keys.contains(&*entry.0) {
                    merged.push(entry);
                    places.extend(entry_places);
                }
            }
            let at = first_place + merge.place_index;
            self.places.splice(at..at, places);
            // Merged keys are all different and none is an own one, so a repeated key is an own one.
            let index = merge.index;
            let shift = merged.len();
            entries.splice(index..index, merged);
            return self.finish_map(entries, |at| key_places[if at < index { at } else { at - shift }]);
        }
        self.finish_map(entries, |at| key_places[at])
    }

    fn finish_map(&self, entries: Vec<(Key, Node)>, key_place: impl Fn(usize) -> Place) -> Result<Node, ValueError> {
        match Map::from_entries(entries) {
            Ok(map) => Ok(Node::map(map)),
            Err(repeated) => Err(ValueError::DuplicateKey {
                key: repeated.key.to_string(),
                span: Some(self.span(key_place(repeated.second))),
                first: Some(key_place(repeated.first)),
            }),
        }
    }

    /// Puts a complete value, whose places are written, where it belongs.
    fn complete(&mut self, node: Node, levels: usize, at: Place) -> Result<(), ValueError> {
        let Some(frame) = self.frames.last_mut() else {
            self.document = Some(node);
            return Ok(());
        };
        frame.deepest = frame.deepest.max(levels);
        match &mut frame.body {
            Body::List(items) => items.push(node),
            Body::Map(entries) => match std::mem::take(&mut entries.expects) {
                Expects::Value(key) => entries.entries.push((key, node)),
                Expects::Merged { first_place, at: key_at } => return self.merge(&node, at, first_place, key_at),
                Expects::Key => {}
            },
        }
        Ok(())
    }

    /// Takes the value of a merge key, whose places are the last ones.
    fn merge(&mut self, node: &Node, at: Place, first_place: usize, key_at: Place) -> Result<(), ValueError> {
        let written = self.places.split_off(first_place);
        let mut sources = Vec::new();
        match node {
            Node::Map(map) => sources.push((&**map, &written[1..])),
            Node::List(items) => {
                let mut start = 1;
                for item in items.iter() {
                    let Node::Map(map) = item else { return self.refuse(at, "`<<` merges maps only", None) };
                    let length = extent(item);
                    sources.push((&**map, &written[start + 1..start + length]));
                    start += length;
                }
            }
            _ => return self.refuse(at, "`<<` merges maps only", Some("quote `<<` if it is meant as a key")),
        }
        let mut seen = HashSet::new();
        let (mut entries, mut places) = (Vec::new(), Vec::new());
        for (map, written) in sources {
            let mut start = 0;
            for (key, value) in map.iter() {
                let length = 1 + extent(value);
                // Earlier maps of the list win.
                if seen.insert(key.clone()) {
                    entries.push((key.clone(), value.clone()));
                    places.push(written[start..start + length].to_vec());
                }
                start += length;
            }
        }
        self.keep_merge(entries, places, key_at, &seen)
    }

    fn keep_merge(
        &mut self,
        entries: Vec<(Key, Node)>,
        places: Vec<Vec<Place>>,
        at: Place,
        seen: &HashSet<Key>,
    ) -> Result<(), ValueError> {
        let written = self.places.len();
        let Some(Frame { body: Body::Map(own), first_place, .. }) = self.frames.last_mut() else { return Ok(()) };
        if let Some((key, _)) = own.entries.iter().find(|(key, _)| seen.contains(key)) {
            let problem = format!("`<<` stands after key `{key}`, which it holds too");
            return self.refuse(
                at,
                problem,
                Some("put `<<` first; kubectl lets the later one win, YAML the map's own"),
            );
        }
        let place_index = written - *first_place;
        own.merge = Some(Merge { index: own.entries.len(), place_index, at, entries, places });
        Ok(())
    }
}
