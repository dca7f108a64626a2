//! Out of a [`Node`] into any serde format, and out of any serializable Rust value into a [`Node`].

use super::{Key, Map, Node, ValueError};
use serde::ser::{self, Serialize, Serializer};
use std::fmt::Display;

/// Rust values nest as deep as documents may.
const DEEPEST: usize = 128;

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Int(value) => serializer.serialize_i64(*value),
            Self::UInt(value) => serializer.serialize_u64(*value),
            Self::Float(value) => serializer.serialize_f64(*value),
            Self::Str(text) => serializer.serialize_str(text),
            Self::List(items) => serializer.collect_seq(items.iter()),
            Self::Map(map) => serializer.collect_map(map.iter().map(|(key, value)| (&**key, value))),
        }
    }
}

impl Node {
    /// The tree of a Rust value.
    ///
    /// # Errors
    /// The value has a number that is no `u64`, `i64` or finite double, a map key that is no text, number or boolean, a
    /// key twice, or more than 128 levels; or its `Serialize` fails.
    pub fn from_serialize<T: Serialize + ?Sized>(value: &T) -> Result<Self, ValueError> {
        value.serialize(Tree { depth: 0 })
    }
}

impl ser::Error for ValueError {
    fn custom<T: Display>(problem: T) -> Self {
        Self::Unrepresentable { problem: problem.to_string() }
    }
}

fn refuse<T>(problem: impl Into<String>) -> Result<T, ValueError> {
    Err(ValueError::Unrepresentable { problem: problem.into() })
}

/// Builds one node.
#[derive(Clone, Copy)]
struct Tree {
    depth: usize,
}

impl Tree {
    fn deeper(self) -> Result<Self, ValueError> {
        if self.depth == DEEPEST {
            return refuse(format!("more than {DEEPEST} levels of nesting"));
        }
        Ok(Self { depth: self.depth + 1 })
    }

    fn list(self, length: Option<usize>, variant: Option<&'static str>) -> Result<ListTree, ValueError> {
        // A length is a promise of the value's own; a wrong one must not allocate.
        let items = Vec::with_capacity(length.unwrap_or(0).min(1024));
        Ok(ListTree { inner: self.deeper()?, items, variant })
    }

    fn map(self, variant: Option<&'static str>) -> Result<MapTree, ValueError> {
        Ok(MapTree { inner: self.deeper()?, map: Map::new(), key: None, variant })
    }
}

impl Serializer for Tree {
    type Ok = Node;
    type Error = ValueError;
    type SerializeSeq = ListTree;
    type SerializeTuple = ListTree;
    type SerializeTupleStruct = ListTree;
    type SerializeTupleVariant = ListTree;
    type SerializeMap = MapTree;
    type SerializeStruct = MapTree;
    type SerializeStructVariant = MapTree;

    fn serialize_bool(self, value: bool) -> Result<Node, ValueError> {
        Ok(Node::Bool(value))
    }

    fn serialize_i8(self, value: i8) -> Result<Node, ValueError> {
        Ok(Node::Int(value.into()))
    }

    fn serialize_i16(self, value: i16) -> Result<Node, ValueError> {
        Ok(Node::Int(value.into()))
    }

    fn serialize_i32(self, value: i32) -> Result<Node, ValueError> {
        Ok(Node::Int(value.into()))
    }

    fn serialize_i64(self, value: i64) -> Result<Node, ValueError> {
        Ok(Node::Int(value))
    }

    fn serialize_i128(self, value: i128) -> Result<Node, ValueError> {
        match (i64::try_from(value), u64::try_from(value)) {
            (Ok(value), _) => Ok(Node::Int(value)),
            (_, Ok(value)) => Ok(Node::UInt(value)),
            _ => refuse(format!("the integer {value} has more than 64 bits")),
        }
    }

    fn serialize_u8(self, value: u8) -> Result<Node, ValueError> {
        Ok(Node::Int(value.into()))
    }

    fn serialize_u16(self, value: u16) -> Result<Node, ValueError> {
        Ok(Node::Int(value.into()))
    }

    fn serialize_u32(self, value: u32) -> Result<Node, ValueError> {
        Ok(Node::Int(value.into()))
    }

    fn serialize_u64(self, value: u64) -> Result<Node, ValueError> {
        Ok(Node::from(value))
    }

    fn serialize_u128(self, value: u128) -> Result<Node, ValueError> {
        u64::try_from(value).map(Node::from).or_else(|_| refuse(format!("the integer {value} has more than 64 bits")))
    }

    fn serialize_f32(self, value: f32) -> Result<Node, ValueError> {
        // By way of its shortest text: 0.1_f32 is meant as 0.1.
        self.serialize_f64(value.to_string().parse().unwrap_or_else(|_| value.into()))
    }

    fn serialize_f64(self, value: f64) -> Result<Node, ValueError> {
        if value.is_finite() { Ok(Node::Float(value)) } else { refuse(format!("{value} is no number in JSON")) }
    }

    fn serialize_char(self, value: char) -> Result<Node, ValueError> {
        Ok(Node::text(value.to_string()))
    }

    fn serialize_str(self, value: &str) -> Result<Node, ValueError> {
        Ok(Node::text(value))
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<Node, ValueError> {
        Ok(Node::list(value.iter().map(|byte| Node::Int((*byte).into())).collect()))
    }

    fn serialize_none(self) -> Result<Node, ValueError> {
        Ok(Node::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Node, ValueError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Node, ValueError> {
        Ok(Node::Null)
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<Node, ValueError> {
        Ok(Node::Null)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<Node, ValueError> {
        Ok(Node::text(variant))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<Node, ValueError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Node, ValueError> {
        Ok(Node::from([(variant, value.serialize(self.deeper()?)?)]))
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<ListTree, ValueError> {
        self.list(length, None)
    }

    fn serialize_tuple(self, length: usize) -> Result<ListTree, ValueError> {
        self.list(Some(length), None)
    }

    fn serialize_tuple_struct(self, _name: &'static str, length: usize) -> Result<ListTree, ValueError> {
        self.list(Some(length), None)
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<ListTree, ValueError> {
        self.deeper()?.list(Some(length), Some(variant))
    }

    fn serialize_map(self, _length: Option<usize>) -> Result<MapTree, ValueError> {
        self.map(None)
    }

    fn serialize_struct(self, _name: &'static str, _length: usize) -> Result<MapTree, ValueError> {
        self.map(None)
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _length: usize,
    ) -> Result<MapTree, ValueError> {
        self.deeper()?.map(Some(variant))
    }
}

/// Under the name of an enum's variant, if it is one.
fn in_variant(node: Node, variant: Option<&'static str>) -> Node {
    match variant {
        Some(variant) => Node::from([(variant, node)]),
        None => node,
    }
}

struct ListTree {
    inner: Tree,
    items: Vec<Node>,
    variant: Option<&'static str>,
}

impl ListTree {
    fn add<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ValueError> {
        self.items.push(value.serialize(self.inner)?);
        Ok(())
    }

    fn done(self) -> Result<Node, ValueError> {
        Ok(in_variant(Node::list(self.items), self.variant))
    }
}

impl ser::SerializeSeq for ListTree {
    type Ok = Node;
    type Error = ValueError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ValueError> {
        self.add(value)
    }

    fn end(self) -> Result<Node, ValueError> {
        self.done()
    }
}

impl ser::SerializeTuple for ListTree {
    type Ok = Node;
    type Error = ValueError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ValueError> {
        self.add(value)
    }

    fn end(self) -> Result<Node, ValueError> {
        self.done()
    }
}

impl ser::SerializeTupleStruct for ListTree {
    type Ok = Node;
    type Error = ValueError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ValueError> {
        self.add(value)
    }

    fn end(self) -> Result<Node, ValueError> {
        self.done()
    }
}

impl ser::SerializeTupleVariant for ListTree {
    type Ok = Node;
    type Error = ValueError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ValueError> {
        self.add(value)
    }

    fn end(self) -> Result<Node, ValueError> {
        self.done()
    }
}

struct MapTree {
    inner: Tree,
    map: Map,
    key: Option<Key>,
    variant: Option<&'static str>,
}

impl MapTree {
    fn add<T: Serialize + ?Sized>(&mut self, key: impl Into<Key>, value: &T) -> Result<(), ValueError> {
        let key = key.into();
        if self.map.contains(&key) {
            return refuse(format!("key `{key}` stands twice in one map"));
        }
        self.map.insert(key, value.serialize(self.inner)?);
        Ok(())
    }

    fn done(self) -> Result<Node, ValueError> {
        Ok(in_variant(Node::map(self.map), self.variant))
    }
}

impl ser::SerializeMap for MapTree {
    type Ok = Node;
    type Error = ValueError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), ValueError> {
        self.key = Some(match key.serialize(self.inner)? {
            Node::Str(text) => text,
            Node::Bool(value) => value.to_string().into(),
            Node::Int(value) => value.to_string().into(),
            Node::UInt(value) => value.to_string().into(),
            other => return refuse(format!("{} cannot be a key", other.description())),
        });
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ValueError> {
        match self.key.take() {
            Some(key) => self.add(key, value),
            None => refuse("a value without a key"),
        }
    }

    fn end(self) -> Result<Node, ValueError> {
        self.done()
    }
}

impl ser::SerializeStruct for MapTree {
    type Ok = Node;
    type Error = ValueError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), ValueError> {
        self.add(key, value)
    }

    fn end(self) -> Result<Node, ValueError> {
        self.done()
    }
}

impl ser::SerializeStructVariant for MapTree {
    type Ok = Node;
    type Error = ValueError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), ValueError> {
        self.add(key, value)
    }

    fn end(self) -> Result<Node, ValueError> {
        self.done()
    }
}
