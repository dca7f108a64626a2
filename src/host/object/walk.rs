//! Follows field paths through objects and through the script's own maps, without copying what lies beside the way.
//!
//! A map of the script may hold what no document can (closures, bytes), so it is walked as it is and never converted.

use crate::host::call::describe;
use crate::host::handle::Shape;
use crate::host::{Call, Failure, List, Object, Thrown, from_node, to_part};
use crate::value::{FieldPath, Node, PathError, Step};
use rhai::{Array, Dynamic, Map};

/// What the receiver has at a path; `None` where it is absent or null. Several fields read as a list.
pub(super) fn read(call: &Call<'_, '_>, path: &FieldPath) -> Result<Option<Dynamic>, Failure> {
    if path.is_several() {
        let object = call.object()?;
        let found: Vec<Node> = object.lookup_all(path).into_iter().filter(|node| !node.is_null()).cloned().collect();
        return Ok(Some(from_node(&Node::list(found))));
    }
    Ok(call.receiver_ref().and_then(|receiver| find(receiver, path.steps())))
}

/// Refuses a path that led nowhere where the object's kind has no such field.
pub(super) fn check(call: &Call<'_, '_>, path: &FieldPath) -> Result<(), Thrown> {
    match call.receiver_ref().and_then(shaped) {
        Some((node, shape)) => shape.check(call.host(), &node, path),
        None => Ok(()),
    }
}

/// Refuses a path that stands for several fields.
pub(super) fn single(path: &FieldPath) -> Result<(), Failure> {
    if path.is_several() { Err(PathError::Several { path: path.clone() }.into()) } else { Ok(()) }
}

fn find(value: &Dynamic, steps: &[Step]) -> Option<Dynamic> {
    let Some((step, rest)) = steps.split_first() else {
        return (!value.is_unit()).then(|| value.clone());
    };
    if let Some((node, shape)) = shaped(value) {
        let path: FieldPath = steps.iter().cloned().collect();
        let found = node.lookup(&path).filter(|node| !node.is_null());
        return found.map(|found| shape.along(steps).value(found));
    }
    match step {
        Step::Key(key) => find(value.read_lock::<Map>()?.get(&**key)?, rest),
        Step::Index(at) => {
            let items = value.read_lock::<Array>()?;
            find(items.get(place(items.len(), *at)?)?, rest)
        }
        Step::All => None,
    }
}

/// Sets what stands at a path. Nothing is changed where it cannot be set.
pub(super) fn set(value: &mut Dynamic, path: &FieldPath, new: Dynamic) -> Result<(), Failure> {
    single(path)?;
    set_below(value, path, 0, new)
}

fn set_below(value: &mut Dynamic, path: &FieldPath, depth: usize, new: Dynamic) -> Result<(), Failure> {
    let Some(step) = path.steps().get(depth) else {
        *value = new;
        return Ok(());
    };
    if value.is_unit() {
        *value = fresh(path, depth, new)?;
        return Ok(());
    }
    if is_handle(value) {
        let new = to_part(&new)?;
        let rest: FieldPath = path.steps()[depth..].iter().cloned().collect();
        return change(value, |node| node.set(&rest, new)).transpose().map(|_| ()).map_err(Into::into);
    }
    if let (Step::Key(key), Some(mut map)) = (step, value.write_lock::<Map>()) {
        if let Some(held) = map.get_mut(&**key) {
            return set_below(held, path, depth + 1, new);
        }
        let made = fresh(path, depth + 1, new)?;
        map.insert((&**key).into(), made);
        return Ok(());
    }
    if let (Step::Index(at), Some(mut items)) = (step, value.write_lock::<Array>()) {
        let length = items.len();
        if let Some(place) = place(length, *at) {
            return set_below(&mut items[place], path, depth + 1, new);
        }
        if i64::try_from(length) != Ok(*at) {
            return Err(PathError::Index { path: path.clone(), parent: path.prefix(depth), length }.into());
        }
        let made = fresh(path, depth + 1, new)?;
        items.push(made);
        return Ok(());
    }
    let found = describe(value);
    Err(PathError::Blocked { path: path.clone(), parent: path.prefix(depth), found }.into())
}

/// The maps and lists that a path needs below `depth`, with the new value in the innermost.
fn fresh(path: &FieldPath, depth: usize, new: Dynamic) -> Result<Dynamic, Failure> {
    path.steps()[depth..].iter().enumerate().rev().try_fold(new, |inner, (offset, step)| match step {
        Step::Key(key) => Ok(Dynamic::from_map(Map::from([((&**key).into(), inner)]))),
        Step::Index(0) => Ok(Dynamic::from_array(vec![inner])),
        _ => Err(PathError::Index { path: path.clone(), parent: path.prefix(depth + offset), length: 0 }.into()),
    })
}

/// Takes out what stands at a path; `None` where nothing does.
pub(super) fn remove(value: &mut Dynamic, steps: &[Step]) -> Option<Dynamic> {
    let (step, rest) = steps.split_first()?;
    if is_handle(value) {
        let path: FieldPath = steps.iter().cloned().collect();
        return change(value, |node| node.remove(&path))?.as_ref().map(from_node);
    }
    match step {
        Step::Key(key) => {
            let mut map = value.write_lock::<Map>()?;
            if rest.is_empty() { map.remove(&**key) } else { remove(map.get_mut(&**key)?, rest) }
        }
        Step::Index(at) => {
            let mut items = value.write_lock::<Array>()?;
            let place = place(items.len(), *at)?;
            if rest.is_empty() { Some(items.remove(place)) } else { remove(items.get_mut(place)?, rest) }
        }
        Step::All => None,
    }
}

/// Applies a JSON merge patch (RFC 7386).
pub(super) fn merge(value: &mut Dynamic, patch: &Node) {
    let Node::Map(changes) = patch else {
        *value = from_node(patch);
        return;
    };
    if let Some(mut object) = value.write_lock::<Object>() {
        object.node.merge(patch);
        return;
    }
    if !value.is_map() {
        *value = Dynamic::from_map(Map::new());
    }
    let Some(mut map) = value.write_lock::<Map>() else { return };
    for (key, change) in changes.iter() {
        if change.is_null() {
            map.remove(&**key);
        } else {
            merge(map.entry((&**key).into()).or_default(), change);
        }
    }
}

/// The tree of an object or a list, and its shape.
fn shaped(value: &Dynamic) -> Option<(Node, Shape)> {
    if let Some(object) = value.read_lock::<Object>() {
        return Some((object.node.clone(), object.shape.clone()));
    }
    let list = value.read_lock::<List>()?;
    Some((Node::List(std::sync::Arc::clone(&list.items)), list.shape.clone()))
}

/// Changes the tree of an object or a list in place. The change must leave a map a map and a list a list.
fn change<R>(value: &mut Dynamic, work: impl FnOnce(&mut Node) -> R) -> Option<R> {
    if let Some(mut object) = value.write_lock::<Object>() {
        return Some(work(&mut object.node));
    }
    let mut list = value.write_lock::<List>()?;
    let mut node = Node::List(std::mem::take(&mut list.items));
    let result = work(&mut node);
    if let Node::List(items) = node {
        list.items = items;
    }
    Some(result)
}

fn is_handle(value: &Dynamic) -> bool {
    value.is::<Object>() || value.is::<List>()
}

/// The place of an index; a negative one counts from the end.
fn place(length: usize, at: i64) -> Option<usize> {
    let distance = usize::try_from(at.unsigned_abs()).ok()?;
    let place = if at < 0 { length.checked_sub(distance)? } else { distance };
    (place < length).then_some(place)
}
