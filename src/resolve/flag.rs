//! [`Flag`]: the command line's view of a param. The command line itself is not this room's: it declares these flags,
//! collects texts and hands them to [`Flag::layer`].

use super::text::{TextMismatch, read_texts, value_name};
use super::{Layer, ParamError, ParamSchema};
use crate::source::Schema;
use crate::source::schema::{Property, Type};
use crate::value::{FieldPath, Node};

/// One flag. A param that is a map has one for itself, which takes the map as JSON or YAML, and one for each key with a
/// schema of its own: `--limits.cpu 2`.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Flag {
    /// The param, or the key in it.
    pub path: FieldPath,
    /// The flag without dashes in front: `at-once`, `limits.cpu`.
    pub name: String,
    /// Whether it takes a value, and how often.
    pub kind: FlagKind,
    /// What the value is called in help: `DURATION`.
    pub value_name: String,
    /// One line: the title, or else the first paragraph of the description.
    pub help: String,
    /// The whole description; may be empty.
    pub details: String,
    /// The default as text.
    pub default: Option<String>,
    /// Whether the run needs it and there is no default. A values file may give it, so the command line alone cannot tell
    /// that it is missing.
    pub required: bool,
    /// The only values allowed; empty: no such list.
    pub possible: Vec<String>,
    /// Whether its value must not be shown.
    pub secret: bool,
    /// Whether authors should stop using it.
    pub deprecated: bool,
    schema: Schema,
}

/// What a flag takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FlagKind {
    /// One value.
    Value,
    /// `true` or `false`, and `true` without a value.
    Switch,
    /// Several: the flag may be repeated, and most sorts of values may be joined by commas.
    List,
}

impl Flag {
    /// The layer of values that this flag stands for, given every text that the command line collected for it. The text of
    /// a switch without value is `true`.
    ///
    /// # Errors
    /// A text that is no value of the param's type. Rules beyond the type are checked when layers are put together.
    pub fn layer(&self, texts: &[String]) -> Result<Layer, Box<ParamError>> {
        let value = read_texts(&self.schema, self.kind, texts).map_err(|mismatch| Box::new(self.refuse(mismatch)))?;
        Ok(Layer::flag(&self.name, &self.path, value))
    }

    fn refuse(&self, mismatch: TextMismatch) -> ParamError {
        let TextMismatch { wanted, got, hint } = mismatch;
        let origin = format!("flag `--{}`", self.name);
        ParamError::Invalid { path: self.path.clone(), origin, wanted, got, hint, span: None }
    }
}

/// The flags of all params, in the author's order; those for the keys of a map follow that of the map.
#[must_use]
pub fn flags(schema: &ParamSchema) -> Vec<Flag> {
    let mut flags = Vec::new();
    for param in schema.params() {
        add(param, &FieldPath::root(), "", &mut flags);
    }
    flags
}

fn add(property: &Property, at: &FieldPath, prefix: &str, flags: &mut Vec<Flag>) {
    let Some(name) = flag_name(&property.name) else { return };
    let (path, name, schema) = (at.key(&property.name), format!("{prefix}{name}"), &property.schema);
    flags.push(Flag {
        path: path.clone(),
        name: name.clone(),
        kind: kind(schema),
        value_name: value_name(schema),
        help: help(schema),
        details: schema.description.clone().unwrap_or_default(),
        default: schema.default.as_ref().map(shown),
        required: property.required && schema.default.is_none() && at.is_root(),
        possible: schema.allowed.iter().flatten().chain(&schema.constant).map(shown).collect(),
        secret: schema.has_secret(),
        deprecated: schema.deprecated,
        schema: schema.clone(),
    });
    for key in &schema.object.properties {
        add(key, &path, &format!("{name}."), flags);
    }
}

/// Names of params are snake_case; a key deeper down may be anything, and has a flag only if that cannot be misread.
fn flag_name(name: &str) -> Option<String> {
    let plain = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    plain.then(|| name.replace('_', "-"))
}

fn kind(schema: &Schema) -> FlagKind {
    match schema.types[..] {
        [Type::Boolean] => FlagKind::Switch,
        _ if schema.types.contains(&Type::Array) && !schema.types.contains(&Type::String) => FlagKind::List,
        _ => FlagKind::Value,
    }
}

fn help(schema: &Schema) -> String {
    let first_paragraph = |text: &String| {
        let lines = text.trim().lines().map(str::trim).take_while(|line| !line.is_empty());
        lines.collect::<Vec<_>>().join(" ")
    };
    schema.title.clone().or_else(|| schema.description.as_ref().map(first_paragraph)).unwrap_or_default()
}

fn shown(value: &Node) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
