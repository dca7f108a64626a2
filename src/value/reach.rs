//! Reading and changing a tree by [`FieldPath`], and merging trees. A change copies only the nodes on its way.

use super::{FieldPath, Map, Node, PathError, Step};
use std::sync::Arc;

/// How far a path leads in a tree before a field is absent.
#[derive(Debug)]
pub struct Reach<'n> {
    /// How many steps of the path exist.
    pub steps: usize,
    /// The node they lead to.
    pub node: &'n Node,
}

impl Node {
    /// The node at a path. None where it is absent, and for a path with `[*]`: that is for [`Node::lookup_all`].
    #[must_use]
    pub fn lookup(&self, path: &FieldPath) -> Option<&Self> {
        path.steps().iter().try_fold(self, Self::step)
    }

    /// Every node that a path stands for, in document order; `[*]` fans out over items and map values.
    #[must_use]
    pub fn lookup_all(&self, path: &FieldPath) -> Vec<&Self> {
        path.steps().iter().fold(vec![self], |nodes, step| match step {
            Step::All => nodes.into_iter().flat_map(Self::children).collect(),
            step => nodes.into_iter().filter_map(|node| node.step(step)).collect(),
        })
    }

    /// The deepest existing prefix of a path.
    #[must_use]
    pub fn reach(&self, path: &FieldPath) -> Reach<'_> {
        let mut reach = Reach { steps: 0, node: self };
        for step in path.steps() {
            let Some(node) = reach.node.step(step) else { break };
            reach = Reach { steps: reach.steps + 1, node };
        }
        reach
    }

    /// Why a path leads nowhere, for messages: `spec.foo is absent; spec has: replicas, selector`. None where it exists.
    #[must_use]
    pub fn explain_absence(&self, path: &FieldPath) -> Option<String> {
        // More keys than this help nobody.
        const SHOWN: usize = 12;
        let reach = self.reach(path);
        if reach.steps == path.steps().len() {
            return None;
        }
        let absent = path.prefix(reach.steps + 1);
        let owner = if reach.steps == 0 { "the value".to_owned() } else { path.prefix(reach.steps).to_string() };
        let about = match reach.node {
            Self::Map(map) if map.is_empty() => "is empty".to_owned(),
            Self::Map(map) => {
                let keys: Vec<&str> = map.keys().take(SHOWN).map(|key| &**key).collect();
                let more = if map.len() > SHOWN { ", …" } else { "" };
                format!("has: {}{more}", keys.join(", "))
            }
            Self::List(items) if items.len() == 1 => "has 1 item".to_owned(),
            Self::List(items) => format!("has {} items", items.len()),
            other => format!("is {}", other.description()),
        };
        Some(format!("{absent} is absent; {owner} {about}"))
    }

    /// Puts a node at a path. Maps on the way are made where they are absent or null; an item must exist or be the one
    /// after the last.
    ///
    /// # Errors
    /// The path has `[*]`, leads through a scalar, or names an item beyond the end. Nothing is changed then.
    pub fn set(&mut self, path: &FieldPath, value: impl Into<Self>) -> Result<(), PathError> {
        self.check_settable(path)?;
        let mut node = self;
        for step in path.steps() {
            node = match step {
                Step::Key(key) => node.enter_key(key),
                Step::Index(at) => node.enter_index(*at),
                Step::All => None,
            }
            .ok_or_else(|| PathError::Several { path: path.clone() })?;
        }
        *node = value.into();
        Ok(())
    }

    /// Takes the node at a path out; a removed item closes its gap. None where it was absent or the path has `[*]`.
    pub fn remove(&mut self, path: &FieldPath) -> Option<Self> {
        // Looked up first: walking for writing copies shared nodes, in vain if the field is absent.
        self.lookup(path)?;
        let (last, parents) = path.steps().split_last()?;
        let owner = parents.iter().try_fold(self, |node, step| match step {
            Step::Key(key) => node.as_map_mut()?.get_mut(key),
            Step::Index(at) => {
                let items = node.as_list_mut()?;
                let at = position(items.len(), *at)?;
                items.get_mut(at)
            }
            Step::All => None,
        })?;
        match last {
            Step::Key(key) => owner.as_map_mut()?.remove(key),
            Step::Index(at) => {
                let items = owner.as_list_mut()?;
                let at = position(items.len(), *at)?;
                Some(items.remove(at))
            }
            Step::All => None,
        }
    }

    /// Applies a JSON merge patch (RFC 7386): maps merge key by key, null removes a key, anything else replaces.
    pub fn merge(&mut self, patch: &Self) {
        let Self::Map(patch) = patch else {
            *self = patch.clone();
            return;
        };
        if self.as_map().is_none() {
            *self = Self::map(Map::new());
        }
        let Some(map) = self.as_map_mut() else { return };
        for (key, value) in patch.iter() {
            if value.is_null() {
                map.remove(key);
            } else if let Some(old) = map.get_mut(key) {
                old.merge(value);
            } else {
                let mut new = Self::Null;
                new.merge(value);
                map.insert(key.clone(), new);
            }
        }
    }

    fn step(&self, step: &Step) -> Option<&Self> {
        match step {
            Step::Key(key) => self.get(key),
            Step::Index(at) => {
                let items = self.as_list()?;
                items.get(position(items.len(), *at)?)
            }
            Step::All => None,
        }
    }

    fn children(&self) -> Vec<&Self> {
        match self {
            Self::List(items) => items.iter().collect(),
            Self::Map(map) => map.values().collect(),
            _ => Vec::new(),
        }
    }

    /// Whether [`Node::set`] will succeed, so that it changes all or nothing.
    fn check_settable(&self, path: &FieldPath) -> Result<(), PathError> {
        let several = || PathError::Several { path: path.clone() };
        let mut known = Some(self);
        for (index, step) in path.steps().iter().enumerate() {
            let parent = || path.prefix(index);
            let node = known.unwrap_or(&Self::Null);
            match (step, node) {
                (Step::All, _) => return Err(several()),
                (Step::Key(_), Self::Map(_) | Self::Null) => {}
                (Step::Index(at), Self::List(_) | Self::Null) => {
                    let length = node.as_list().map_or(0, <[Self]>::len);
                    let end = i64::try_from(length).ok();
                    if position(length, *at).is_none() && Some(*at) != end {
                        return Err(PathError::Index { path: path.clone(), parent: parent(), length });
                    }
                }
                (_, other) => {
                    let found = other.description();
                    return Err(PathError::Blocked { path: path.clone(), parent: parent(), found });
                }
            }
            known = node.step(step);
        }
        Ok(())
    }

    fn enter_key(&mut self, key: &Arc<str>) -> Option<&mut Self> {
        if self.is_null() {
            *self = Self::map(Map::new());
        }
        let map = self.as_map_mut()?;
        if !map.contains(key) {
            map.insert(key.clone(), Self::Null);
        }
        map.get_mut(key)
    }

    fn enter_index(&mut self, at: i64) -> Option<&mut Self> {
        if self.is_null() {
            *self = Self::list(Vec::new());
        }
        let items = self.as_list_mut()?;
        let at = position(items.len(), at).unwrap_or(items.len());
        if at == items.len() {
            items.push(Self::Null);
        }
        items.get_mut(at)
    }
}

/// The place of an index in a list of that length; a negative one counts from the end.
fn position(length: usize, at: i64) -> Option<usize> {
    let distance = usize::try_from(at.unsigned_abs()).ok()?;
    let position = if at < 0 { length.checked_sub(distance)? } else { distance };
    (position < length).then_some(position)
}

#[cfg(test)]
mod tests {
    use super::super::{FieldPath, Node, json};

    fn node(text: &str) -> Node {
        json::read(text, "test", &Default::default()).unwrap()
    }

    fn path(text: &str) -> FieldPath {
        FieldPath::parse(text).unwrap()
    }

    #[test]
    fn finds_items_from_both_ends_and_fans_out() {
        let pod = node(r#"{"spec":{"containers":[{"image":"a"},{"image":"b"},{}]}}"#);
        assert_eq!(pod.lookup(&path("spec.containers[-2].image")), Some(&Node::text("b")));
        assert_eq!(pod.lookup(&path("spec.containers[3]")), None);
        assert_eq!(pod.lookup(&path("spec.containers[-4]")), None);
        assert_eq!(pod.lookup(&path("spec.containers[*].image")), None);
        assert_eq!(pod.lookup_all(&path("spec.containers[*].image")), [&Node::text("a"), &Node::text("b")]);
        assert_eq!(pod.lookup_all(&path("spec.*[0].image")), [&Node::text("a")]);
    }

    #[test]
    fn sets_through_absent_maps_and_appends_items() {
        let mut pod = node(r#"{"a":null,"l":[1]}"#);
        let before = pod.clone();
        pod.set(&path("a.b[0].c"), 1_i64).unwrap();
        pod.set(&path("l[1]"), 2_i64).unwrap();
        pod.set(&path("l[-2]"), 0_i64).unwrap();
        assert_eq!(pod.to_string(), r#"{"a":{"b":[{"c":1}]},"l":[0,2]}"#);
        assert_eq!(before.to_string(), r#"{"a":null,"l":[1]}"#);
    }

    #[test]
    fn changes_nothing_when_a_path_cannot_be_set() {
        let mut pod = node(r#"{"a":1,"l":[]}"#);
        for (text, message) in [
            ("a.b", "cannot set a.b: a is an integer"),
            ("l[1]", "cannot set l[1]: l has 0 items"),
            ("n.l[1].x", "cannot set n.l[1].x: n.l has 0 items"),
            ("l[-1]", "cannot set l[-1]: l has 0 items"),
            ("l.x", "cannot set l.x: l is a list"),
            ("l[*]", "field path `l[*]` stands for several fields"),
        ] {
            assert_eq!(pod.set(&path(text), true).unwrap_err().to_string(), message);
        }
        assert_eq!(pod.to_string(), r#"{"a":1,"l":[]}"#);
    }

    #[test]
    fn removes_fields_and_items() {
        let mut pod = node(r#"{"a":{"b":1},"l":[1,2,3]}"#);
        assert_eq!(pod.remove(&path("a.b")), Some(Node::Int(1)));
        assert_eq!(pod.remove(&path("l[-1]")), Some(Node::Int(3)));
        assert_eq!(pod.remove(&path("x.y")), None);
        assert_eq!(pod.remove(&FieldPath::root()), None);
        assert_eq!(pod.to_string(), r#"{"a":{},"l":[1,2]}"#);
    }

    #[test]
    fn says_what_is_there_when_a_field_is_absent() {
        let pod = node(r#"{"spec":{"a":1,"b":[2]},"e":{}}"#);
        for (text, message) in [
            ("spec.foo.bar", "spec.foo is absent; spec has: a, b"),
            ("spec.b[1]", "spec.b[1] is absent; spec.b has 1 item"),
            ("spec.a.x", "spec.a.x is absent; spec.a is an integer"),
            ("nope", "nope is absent; the value has: spec, e"),
            ("e.x", "e.x is absent; e is empty"),
        ] {
            assert_eq!(pod.explain_absence(&path(text)).as_deref(), Some(message));
        }
        assert_eq!(pod.explain_absence(&path("spec.a")), None);
    }

    #[test]
    fn merges_as_the_examples_of_rfc_7386() {
        for (original, patch, result) in [
            (r#"{"a":"b"}"#, r#"{"a":"c"}"#, r#"{"a":"c"}"#),
            (r#"{"a":"b"}"#, r#"{"b":"c"}"#, r#"{"a":"b","b":"c"}"#),
            (r#"{"a":"b"}"#, r#"{"a":null}"#, r#"{}"#),
            (r#"{"a":"b","b":"c"}"#, r#"{"a":null}"#, r#"{"b":"c"}"#),
            (r#"{"a":["b"]}"#, r#"{"a":"c"}"#, r#"{"a":"c"}"#),
            (r#"{"a":"c"}"#, r#"{"a":["b"]}"#, r#"{"a":["b"]}"#),
            (r#"{"a":{"b":"c"}}"#, r#"{"a":{"b":"d","c":null}}"#, r#"{"a":{"b":"d"}}"#),
            (r#"{"a":[{"b":"c"}]}"#, r#"{"a":[1]}"#, r#"{"a":[1]}"#),
            (r#"["a","b"]"#, r#"["c","d"]"#, r#"["c","d"]"#),
            (r#"{"a":"b"}"#, r#"["c"]"#, r#"["c"]"#),
            (r#"{"a":"foo"}"#, "null", "null"),
            (r#"{"a":"foo"}"#, r#""bar""#, r#""bar""#),
            (r#"{"e":null}"#, r#"{"a":1}"#, r#"{"e":null,"a":1}"#),
            ("[1,2]", r#"{"a":"b","c":null}"#, r#"{"a":"b"}"#),
            ("{}", r#"{"a":{"bb":{"ccc":null}}}"#, r#"{"a":{"bb":{}}}"#),
        ] {
            let mut merged = node(original);
            merged.merge(&node(patch));
            assert_eq!(merged.to_string(), result, "{original} with {patch}");
        }
    }
}
