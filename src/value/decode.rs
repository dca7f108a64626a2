//! From any serde format into a [`Node`], and from a [`Node`] into any deserializable Rust type.

use super::{FieldPath, Map, Node, Step, ValueError};
use serde::de::value::MapDeserializer;
use serde::de::{
    self, Deserialize, DeserializeOwned, DeserializeSeed, Deserializer, IntoDeserializer, Unexpected, Visitor,
};
use std::fmt::{self, Display};

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TreeVisitor)
    }
}

struct TreeVisitor;

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value of JSON")
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Bool(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Int(value))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Node, E> {
        Ok(Node::from(value))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Node, E> {
        if value.is_finite() { Ok(Node::Float(value)) } else { Err(E::invalid_value(Unexpected::Float(value), &self)) }
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Node, E> {
        Ok(Node::text(text))
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Node, E> {
        Ok(Node::text(text))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_none<E: de::Error>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, mut access: A) -> Result<Node, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Node::list(items))
    }

    fn visit_map<A: de::MapAccess<'de>>(self, mut access: A) -> Result<Node, A::Error> {
        let mut map = Map::new();
        while let Some((key, value)) = access.next_entry::<String, Node>()? {
            if map.contains(&key) {
                return Err(de::Error::custom(format_args!("key `{key}` stands twice in one map")));
            }
            map.insert(key, value);
        }
        Ok(Node::map(map))
    }
}

impl Node {
    /// This value as a Rust type. Absent and null fields become `None`.
    ///
    /// # Errors
    /// The value does not fit the type; the error names the path of the part that does not.
    ///
    /// ```
    /// use rutter::value::Node;
    /// let node = Node::from([("ports", Node::list(vec![80.into(), "http".into()]))]);
    /// let error = node.deserialize_into::<std::collections::HashMap<String, Vec<u16>>>().unwrap_err();
    /// assert_eq!(error.to_string(), "ports[1]: expected u16, found the text \"http\"");
    /// ```
    pub fn deserialize_into<T: DeserializeOwned>(&self) -> Result<T, ValueError> {
        T::deserialize(self).map_err(|mismatch| ValueError::Shape {
            path: mismatch.steps.into_iter().rev().collect(),
            problem: mismatch.problem,
        })
    }
}

/// A value that does not fit; its path grows from the inside out while the error travels.
#[derive(Debug)]
pub struct Mismatch {
    steps: Vec<Step>,
    problem: String,
}

impl Mismatch {
    fn below(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }
}

impl Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path: FieldPath = self.steps.iter().rev().cloned().collect();
        write!(f, "{path}: {}", self.problem)
    }
}

impl std::error::Error for Mismatch {}

impl de::Error for Mismatch {
    fn custom<T: Display>(problem: T) -> Self {
        Self { steps: Vec::new(), problem: problem.to_string() }
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::custom(format_args!("expected {expected}, found {}", Found(found)))
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::invalid_type(found, expected)
    }
}

/// What was found, in this crate's words.
struct Found<'a>(Unexpected<'a>);

impl Display for Found<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Unexpected::Bool(value) => write!(f, "{value}"),
            Unexpected::Unsigned(value) => write!(f, "{value}"),
            Unexpected::Signed(value) => write!(f, "{value}"),
            Unexpected::Float(value) => write!(f, "{value:?}"),
            // A long text may be a secret or a file.
            Unexpected::Str(text) if text.chars().count() > 40 => f.write_str("a text"),
            Unexpected::Str(text) => write!(f, "the text {}", super::json::quoted(text)),
            Unexpected::Unit | Unexpected::Option => f.write_str("null"),
            Unexpected::Seq => f.write_str("a list"),
            Unexpected::Map => f.write_str("a map"),
            other => other.fmt(f),
        }
    }
}

impl<'de> IntoDeserializer<'de, Mismatch> for &'de Node {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for &'de Node {
    type Error = Mismatch;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self {
            Node::Null => visitor.visit_unit(),
            Node::Bool(value) => visitor.visit_bool(*value),
            Node::Int(value) => visitor.visit_i64(*value),
            Node::UInt(value) => visitor.visit_u64(*value),
            Node::Float(value) => visitor.visit_f64(*value),
            Node::Str(text) => visitor.visit_borrowed_str(text),
            Node::List(items) => visitor.visit_seq(Items { items: items.iter(), index: 0 }),
            Node::Map(map) => visitor.visit_map(Entries { entries: Box::new(map.iter()), open: None }),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        if self.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        match self {
            Node::Str(text) => visitor.visit_enum(text.into_deserializer()),
            Node::Map(map) if map.len() == 1 => {
                let entries = map.iter().map(|(key, value)| (&**key, value));
                visitor.visit_enum(de::value::MapAccessDeserializer::new(MapDeserializer::new(entries)))
            }
            other => Err(de::Error::custom(format_args!(
                "expected a text or a map with one key, found {}",
                other.description()
            ))),
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

struct Items<'de> {
    items: std::slice::Iter<'de, Node>,
    index: i64,
}

impl<'de> de::SeqAccess<'de> for Items<'de> {
    type Error = Mismatch;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Mismatch> {
        let Some(item) = self.items.next() else { return Ok(None) };
        let index = self.index;
        self.index += 1;
        seed.deserialize(item).map(Some).map_err(|mismatch| mismatch.below(Step::Index(index)))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len())
    }
}

struct Entries<'de> {
    entries: Box<dyn Iterator<Item = (&'de super::Key, &'de Node)> + 'de>,
    open: Option<(&'de super::Key, &'de Node)>,
}

impl<'de> de::MapAccess<'de> for Entries<'de> {
    type Error = Mismatch;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Mismatch> {
        self.open = self.entries.next();
        let Some((key, _)) = self.open else { return Ok(None) };
        seed.deserialize(Name(key)).map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Mismatch> {
        let Some((key, value)) = self.open.take() else { return Err(de::Error::custom("a value without a key")) };
        seed.deserialize(value).map_err(|mismatch| mismatch.below(Step::Key(key.clone())))
    }
}

/// A key; types with number keys get them from its text.
struct Name<'de>(&'de str);

macro_rules! from_text {
    ($($method:ident => $visit:ident)+) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
            match self.0.parse() {
                Ok(value) => visitor.$visit(value),
                Err(_) => visitor.visit_borrowed_str(self.0),
            }
        })+
    };
}

impl<'de> Deserializer<'de> for Name<'de> {
    type Error = Mismatch;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_borrowed_str(self.0)
    }

    from_text! {
        deserialize_i8 => visit_i8
        deserialize_i16 => visit_i16
        deserialize_i32 => visit_i32
        deserialize_i64 => visit_i64
        deserialize_u8 => visit_u8
        deserialize_u16 => visit_u16
        deserialize_u32 => visit_u32
        deserialize_u64 => visit_u64
        deserialize_bool => visit_bool
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        visitor.visit_enum(self.0.into_deserializer())
    }

    serde::forward_to_deserialize_any! {
        i128 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct identifier
        ignored_any
    }
}

#[cfg(test)]
mod tests {
    use crate::diag::{Explain, codes};
    use crate::value::{Budget, Node, json};
    use serde::{Deserialize, Serialize};
    use std::collections::BTreeMap;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Spec {
        replicas: Option<i32>,
        big: u64,
        ratio: f64,
        strategy: Strategy,
        ports: Vec<Port>,
        by_number: BTreeMap<u16, bool>,
        #[serde(flatten)]
        rest: BTreeMap<String, Node>,
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    enum Strategy {
        Recreate,
        Rolling { surge: u8 },
        Pair(u8, u8),
        Named(String),
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(untagged)]
    enum Port {
        Number(u16),
        Name(String),
    }

    fn spec(strategy: Strategy) -> Spec {
        Spec {
            replicas: None,
            big: u64::MAX,
            ratio: 1.0,
            strategy,
            ports: vec![Port::Number(80), Port::Name("http".to_owned())],
            by_number: BTreeMap::from([(7, true)]),
            rest: BTreeMap::from([("x".to_owned(), Node::list(vec![Node::Null]))]),
        }
    }

    #[test]
    fn carries_a_rust_value_there_and_back() {
        for strategy in
            [Strategy::Recreate, Strategy::Rolling { surge: 1 }, Strategy::Pair(1, 2), Strategy::Named("n".to_owned())]
        {
            let value = spec(strategy);
            let node = Node::from_serialize(&value).unwrap();
            assert_eq!(node.deserialize_into::<Spec>(), Ok(value), "{node}");
            // The same through another format, in the same order.
            let text = serde_json::to_string(&node).unwrap();
            assert_eq!(text, node.to_string());
            assert_eq!(serde_json::from_str::<Node>(&text).unwrap(), node);
        }
    }

    #[test]
    fn names_the_path_of_what_does_not_fit() {
        let node = |text| json::read(text, "t", &Budget::default()).unwrap();
        type Pods = BTreeMap<String, Vec<BTreeMap<String, i32>>>;
        for (text, message) in [
            (r#"{"a.b":[{},{"x":1},{"x":"1"}]}"#, r#"["a.b"][2].x: expected i32, found the text "1""#),
            (r#"{"a":[{"x":1.0}]}"#, "a[0].x: expected i32, found 1.0"),
            (r#"{"a":null}"#, "a: expected a sequence, found null"),
            ("[]", "expected a map, found a list"),
            (r#"{"a":[{"x":3000000000}]}"#, "a[0].x: expected i32, found 3000000000"),
        ] {
            let error = node(text).deserialize_into::<Pods>().unwrap_err();
            assert_eq!((error.code(), error.to_string().as_str()), (codes::SHAPE, message));
        }
    }

    #[test]
    fn refuses_what_a_node_cannot_hold() {
        let refusal = |result: Result<Node, crate::value::ValueError>| result.unwrap_err().to_string();
        assert_eq!(refusal(Node::from_serialize(&f64::NAN)), "NaN is no number in JSON");
        assert_eq!(
            refusal(Node::from_serialize(&u128::MAX)),
            format!("the integer {} has more than 64 bits", u128::MAX)
        );
        assert_eq!(refusal(Node::from_serialize(&BTreeMap::from([(Some("a"), 1), (None, 2)]))), "null cannot be a key");
        assert!(serde_json::from_str::<Node>(r#"{"a":1,"a":2}"#).is_err());
        let mut deep = Node::Null;
        for _ in 0..128 {
            deep = Node::list(vec![deep]);
        }
        assert_eq!(Node::from_serialize(&deep), Ok(deep.clone()));
        assert_eq!(refusal(Node::from_serialize(&[deep])), "more than 128 levels of nesting");
    }
}
