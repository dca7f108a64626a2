//! What a runbook takes: the subset of JSON Schema 2020-12 that its header may use, read and checked once.
//!
//! A keyword outside the subset is an error, never skipped: an author who writes `minlength` must not believe that lengths
//! are checked. Values that are checked here are never changed; putting layers together is the `resolve` room's.

mod check;
mod complete;
mod export;
mod format;
mod image;
mod number;
mod read;
mod sound;

pub(crate) use check::shown;
pub use check::{Mismatch, Violation};
pub use format::Format;
pub(super) use read::read;

use crate::value::Node;
use std::fmt;
use std::sync::Arc;

/// The params of a runbook: an object schema whose properties are the params, and which takes no others.
///
/// Its shape is certain: every schema below it has a type, every default and example fits its own schema, names are
/// snake_case, and no secret has a default.
#[derive(Debug, Clone)]
pub struct ParamSchema {
    root: Schema,
    document: Node,
}

impl ParamSchema {
    pub(super) fn new(root: Schema, document: Node) -> Self {
        Self { root, document }
    }

    /// The object schema that holds the params.
    #[must_use]
    pub fn root(&self) -> &Schema {
        &self.root
    }

    /// The params in the author's order.
    #[must_use]
    pub fn params(&self) -> &[Property] {
        &self.root.object.properties
    }

    /// The param of that name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Property> {
        self.root.property(name)
    }

    /// The names of all params.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.params().iter().map(|param| &*param.name)
    }

    /// Whether a value of format `secret` can occur anywhere in the params.
    #[must_use]
    pub fn has_secret(&self) -> bool {
        self.root.has_secret()
    }
}

impl Default for ParamSchema {
    /// No params at all.
    fn default() -> Self {
        Self { root: Schema { types: vec![Type::Object], ..Schema::default() }, document: Node::default() }
    }
}

/// The JSON Schema of one value.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Schema {
    /// Allowed types; at least one. Taken from `enum` and `const` where the author gave none.
    pub types: Vec<Type>,
    /// A few words for people.
    pub title: Option<String>,
    /// Sentences for people, as Markdown.
    pub description: Option<String>,
    /// What stands for the value where it is absent.
    pub default: Option<Node>,
    /// Values to learn from.
    pub examples: Vec<Node>,
    /// Whether authors should stop using it.
    pub deprecated: bool,
    /// `enum`: the only values allowed.
    pub allowed: Option<Vec<Node>>,
    /// `const`: the only value allowed.
    pub constant: Option<Node>,
    /// What a text must be.
    pub format: Option<Format>,
    /// Rules for texts.
    pub text: TextRule,
    /// Rules for numbers.
    pub number: NumberRule,
    /// Rules for lists.
    pub list: ListRule,
    /// Rules for maps.
    pub object: ObjectRule,
}

/// Rules for texts. Lengths count characters.
#[derive(Debug, Clone, Default)]
pub struct TextRule {
    /// A regular expression that must occur in the text; anchored only where it says so.
    pub pattern: Option<regex::Regex>,
    /// `minLength`.
    pub least: Option<usize>,
    /// `maxLength`.
    pub most: Option<usize>,
}

/// Rules for numbers; each a number.
#[derive(Debug, Clone, Default)]
pub struct NumberRule {
    /// `minimum`.
    pub minimum: Option<Node>,
    /// `maximum`.
    pub maximum: Option<Node>,
    /// `exclusiveMinimum`.
    pub above: Option<Node>,
    /// `exclusiveMaximum`.
    pub below: Option<Node>,
    /// `multipleOf`.
    pub multiple_of: Option<Node>,
}

/// Rules for lists.
#[derive(Debug, Clone, Default)]
pub struct ListRule {
    /// The schema of every item.
    pub items: Option<Arc<Schema>>,
    /// `minItems`.
    pub least: Option<usize>,
    /// `maxItems`.
    pub most: Option<usize>,
    /// `uniqueItems`.
    pub unique: bool,
}

/// Rules for maps.
#[derive(Debug, Clone, Default)]
pub struct ObjectRule {
    /// The keys that have a schema of their own, in the author's order.
    pub properties: Vec<Property>,
    /// What other keys may be there.
    pub additional: Additional,
}

/// A key of a map, or a param.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Property {
    /// The key.
    pub name: Arc<str>,
    /// Whether it must be there once defaults are filled in.
    pub required: bool,
    /// What it may be.
    pub schema: Schema,
}

/// What keys without a schema of their own may be in a map. Standard JSON Schema allows them all unless told otherwise;
/// here a key nobody declared is taken for a typing mistake.
#[derive(Debug, Clone, Default)]
pub enum Additional {
    /// None.
    #[default]
    Refused,
    /// Any, with any value.
    Any,
    /// Any, with values of this schema.
    Of(Arc<Schema>),
}

/// The types of JSON Schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean,
    /// A number without a fraction.
    Integer,
    /// Any number.
    Number,
    /// Text.
    String,
    /// A list.
    Array,
    /// A map.
    Object,
}

impl Type {
    const ALL: [Self; 7] =
        [Self::Null, Self::Boolean, Self::Integer, Self::Number, Self::String, Self::Array, Self::Object];

    /// The word of JSON Schema.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
        }
    }

    /// The type with that word.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.name() == name)
    }

    /// With its article, in the words of messages.
    #[must_use]
    pub fn description(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "`true` or `false`",
            Self::Integer => "an integer",
            Self::Number => "a number",
            Self::String => "a text",
            Self::Array => "a list",
            Self::Object => "a map",
        }
    }

    /// The narrowest type of a value.
    #[must_use]
    pub fn of(value: &Node) -> Self {
        match value {
            Node::Null => Self::Null,
            Node::Bool(_) => Self::Boolean,
            Node::Int(_) | Node::UInt(_) => Self::Integer,
            Node::Float(number) if number.fract() == 0.0 => Self::Integer,
            Node::Float(_) => Self::Number,
            Node::Str(_) => Self::String,
            Node::List(_) => Self::Array,
            Node::Map(_) => Self::Object,
        }
    }

    /// Whether a value whose narrowest type is `narrow` has this type.
    #[must_use]
    pub fn admits(self, narrow: Self) -> bool {
        self == narrow || (self == Self::Number && narrow == Self::Integer)
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Schema {
    /// Whether a value of that narrowest type is allowed.
    #[must_use]
    pub fn admits(&self, narrow: Type) -> bool {
        self.types.iter().any(|allowed| allowed.admits(narrow))
    }

    /// Whether the value is never shown.
    #[must_use]
    pub fn is_secret(&self) -> bool {
        self.format == Some(Format::Secret)
    }

    /// Whether the value or any value in it is never shown.
    #[must_use]
    pub fn has_secret(&self) -> bool {
        let additional = match &self.object.additional {
            Additional::Of(schema) => schema.has_secret(),
            Additional::Any | Additional::Refused => false,
        };
        self.is_secret()
            || additional
            || self.list.items.as_ref().is_some_and(|items| items.has_secret())
            || self.object.properties.iter().any(|property| property.schema.has_secret())
    }

    /// The key of that name, if it has a schema of its own.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<&Property> {
        self.object.properties.iter().find(|property| &*property.name == name)
    }

    /// The schema of the value under a key, declared or additional.
    #[must_use]
    pub fn under(&self, key: &str) -> Option<&Self> {
        match (self.property(key), &self.object.additional) {
            (Some(property), _) => Some(&property.schema),
            (None, Additional::Of(schema)) => Some(schema),
            (None, Additional::Any | Additional::Refused) => None,
        }
    }

    /// Every secret text in a value of this schema, in document order.
    pub fn secrets(&self, value: &Node, found: &mut Vec<Arc<str>>) {
        match value {
            Node::Str(text) if self.is_secret() => found.push(text.clone()),
            Node::List(items) => {
                let Some(schema) = &self.list.items else { return };
                items.iter().for_each(|item| schema.secrets(item, found));
            }
            Node::Map(map) => {
                for (key, value) in map.iter() {
                    if let Some(schema) = self.under(key) {
                        schema.secrets(value, found);
                    }
                }
            }
            _ => {}
        }
    }

    /// What is wanted, in a few words: `a duration`, `an integer or a text`, `a list`.
    #[must_use]
    pub fn description(&self) -> String {
        match self.format {
            Some(format) if self.types == [Type::String] => format.description().to_owned(),
            _ => one_of(self.types.iter().map(|known| known.description().to_owned())),
        }
    }
}

/// `a`, `a or b`, `a, b or c`.
pub(crate) fn one_of(words: impl IntoIterator<Item = String>) -> String {
    let mut words: Vec<String> = words.into_iter().collect();
    match words.pop() {
        None => String::new(),
        Some(last) if words.is_empty() => last,
        Some(last) => format!("{} or {last}", words.join(", ")),
    }
}
