//! A value against its schema: every way in which it does not fit, with the path to the place. A secret is never part of
//! what is said.

use super::{Additional, Format, Schema, Type, number, one_of};
use crate::diag::{did_you_mean, printable};
use crate::value::{FieldPath, Node, Step};
use std::cmp::Ordering;
use std::collections::HashSet;

/// One way in which a value does not fit its schema.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// Where in the value; for a missing key, where it should be.
    pub path: FieldPath,
    /// What is wrong there.
    pub mismatch: Mismatch,
}

/// What is wrong with a value.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Mismatch {
    /// A map has a key that its schema does not know.
    UnknownKey {
        /// The key.
        key: String,
        /// The keys that the schema knows.
        known: Vec<String>,
    },
    /// A map lacks a key that must be there.
    MissingKey {
        /// The key.
        key: String,
    },
    /// A value breaks a rule.
    Value {
        /// What the schema wants.
        wanted: String,
        /// What is there; a secret is only called one.
        got: String,
        /// What would help, if that is known.
        hint: Option<String>,
    },
}

impl Schema {
    /// Everything in which `value` does not fit this schema, in document order; empty if it fits. The paths start with `at`.
    #[must_use]
    pub fn check(&self, value: &Node, at: &FieldPath) -> Vec<Violation> {
        let mut violations = Vec::new();
        self.check_into(value, at, &mut violations);
        violations
    }

    fn check_into(&self, value: &Node, at: &FieldPath, out: &mut Vec<Violation>) {
        // With the wrong type every other rule would only repeat the complaint.
        if !self.admits(Type::of(value)) {
            return out.push(self.violation(at, value, self.description(), self.type_hint(value)));
        }
        for (wanted, hint) in self.broken_choices(value) {
            out.push(self.violation(at, value, wanted, hint));
        }
        match value {
            Node::Str(text) => self.check_text(value, text, at, out),
            Node::Int(_) | Node::UInt(_) | Node::Float(_) => self.check_number(value, at, out),
            Node::List(items) => self.check_list(value, items, at, out),
            Node::Map(_) => self.check_map(value, at, out),
            Node::Null | Node::Bool(_) => {}
        }
    }

    fn broken_choices(&self, value: &Node) -> Vec<(String, Option<String>)> {
        let mut wanted = Vec::new();
        if let Some(allowed) = &self.allowed
            && !allowed.iter().any(|choice| number::same(choice, value))
        {
            let words = allowed.iter().filter_map(Node::as_str);
            let hint = value.as_str().and_then(|given| did_you_mean(given, words));
            wanted.push((one_of(allowed.iter().map(quoted)), hint));
        }
        if let Some(constant) = &self.constant
            && !number::same(constant, value)
        {
            wanted.push((quoted(constant), None));
        }
        wanted
    }

    fn check_text(&self, value: &Node, text: &str, at: &FieldPath, out: &mut Vec<Violation>) {
        let length = text.chars().count();
        let rule = &self.text;
        if let Some(least) = rule.least.filter(|least| length < *least) {
            out.push(self.violation(at, value, format!("at least {}", counted(least, "character")), None));
        }
        if let Some(most) = rule.most.filter(|most| length > *most) {
            out.push(self.violation(at, value, format!("at most {}", counted(most, "character")), None));
        }
        if let Some(pattern) = rule.pattern.as_ref().filter(|pattern| !pattern.is_match(text)) {
            out.push(self.violation(at, value, format!("a text that matches `{}`", pattern.as_str()), None));
        }
        if let Some(format) = self.format {
            self.check_format(format, value, text, at, out);
        }
    }

    fn check_format(&self, format: Format, value: &Node, text: &str, at: &FieldPath, out: &mut Vec<Violation>) {
        if let Err(hint) = format.check(text) {
            out.push(self.violation(at, value, format.description().to_owned(), Some(hint)));
        }
    }

    fn check_number(&self, value: &Node, at: &FieldPath, out: &mut Vec<Violation>) {
        let rule = &self.number;
        let order = |limit: &Option<Node>| limit.as_ref().and_then(|limit| number::compare(value, limit));
        let limits = [
            (&rule.minimum, "at least", order(&rule.minimum).is_none_or(Ordering::is_ge)),
            (&rule.maximum, "at most", order(&rule.maximum).is_none_or(Ordering::is_le)),
            (&rule.above, "more than", order(&rule.above).is_none_or(Ordering::is_gt)),
            (&rule.below, "less than", order(&rule.below).is_none_or(Ordering::is_lt)),
        ];
        for (limit, words, holds) in limits {
            if let (Some(limit), false) = (limit, holds) {
                out.push(self.violation(at, value, format!("{words} {limit}"), None));
            }
        }
        if let Some(step) = &rule.multiple_of
            && !number::is_multiple(value, step)
        {
            out.push(self.violation(at, value, format!("a multiple of {step}"), None));
        }
        // Kubernetes writes quantities and counts as numbers too; their text form obeys the same rule.
        if let Some(format) = self.format {
            self.check_format(format, value, &value.to_string(), at, out);
        }
    }

    fn check_list(&self, value: &Node, items: &[Node], at: &FieldPath, out: &mut Vec<Violation>) {
        let rule = &self.list;
        if let Some(least) = rule.least.filter(|least| items.len() < *least) {
            out.push(self.violation(at, value, format!("at least {}", counted(least, "item")), None));
        }
        if let Some(most) = rule.most.filter(|most| items.len() > *most) {
            out.push(self.violation(at, value, format!("at most {}", counted(most, "item")), None));
        }
        let mut seen = HashSet::new();
        if rule.unique
            && let Some((index, item)) = items.iter().enumerate().find(|(_, item)| !seen.insert(number::identity(item)))
        {
            let schema = rule.items.as_deref().unwrap_or(self);
            let path = at.join(position(index));
            out.push(schema.violation(&path, item, "items that differ".to_owned(), Some("it stands twice".to_owned())));
        }
        if let Some(schema) = &rule.items {
            for (index, item) in items.iter().enumerate() {
                schema.check_into(item, &at.join(position(index)), out);
            }
        }
    }

    fn check_map(&self, value: &Node, at: &FieldPath, out: &mut Vec<Violation>) {
        let Some(map) = value.as_map() else { return };
        let rule = &self.object;
        for (key, value) in map.iter() {
            match (self.under(key), &rule.additional) {
                (Some(schema), _) => schema.check_into(value, &at.key(key), out),
                (None, Additional::Refused) => out.push(Violation {
                    path: at.key(key),
                    mismatch: Mismatch::UnknownKey {
                        key: key.to_string(),
                        known: rule.properties.iter().map(|property| property.name.to_string()).collect(),
                    },
                }),
                (None, _) => {}
            }
        }
        for property in rule.properties.iter().filter(|property| property.required && !map.contains(&property.name)) {
            let key = property.name.to_string();
            out.push(Violation { path: at.key(&key), mismatch: Mismatch::MissingKey { key } });
        }
    }

    fn violation(&self, at: &FieldPath, value: &Node, wanted: String, hint: Option<String>) -> Violation {
        // A reason may quote the text it is about.
        let (got, hint) = if self.has_secret() { (secretive(value), None) } else { (shown(value), hint) };
        Violation { path: at.clone(), mismatch: Mismatch::Value { wanted, got, hint } }
    }

    fn type_hint(&self, value: &Node) -> Option<String> {
        let hint = match value {
            Node::Bool(_) | Node::Int(_) | Node::UInt(_) | Node::Float(_) if self.admits(Type::String) => {
                "put it in quotes, so that it is read as a text"
            }
            Node::Str(text) if self.admits(Type::Integer) && text.parse::<i64>().is_ok() => {
                "remove the quotes, so that it is read as a number"
            }
            Node::Str(text) if self.admits(Type::Boolean) && matches!(&**text, "true" | "false") => {
                "remove the quotes, so that it is read as true or false"
            }
            Node::Null => "leave it out where it has no value",
            _ if self.admits(Type::Array) => "write it as a list, even of one item",
            _ => return None,
        };
        Some(hint.to_owned())
    }
}

fn position(index: usize) -> Step {
    Step::Index(i64::try_from(index).unwrap_or(i64::MAX))
}

fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// A value as messages show it: its sort, and if it is short what it is; one line, nothing that moves a cursor.
pub(crate) fn shown(value: &Node) -> String {
    match value {
        Node::Null => "null".to_owned(),
        Node::Bool(_) => quoted(value),
        Node::Str(text) if text.is_empty() => "an empty text".to_owned(),
        Node::Str(_) => format!("the text {}", quoted(value)),
        Node::Int(_) | Node::UInt(_) | Node::Float(_) => format!("the number {}", quoted(value)),
        Node::List(items) => format!("a list of {}", counted(items.len(), "item")),
        Node::Map(_) => "a map".to_owned(),
    }
}

/// The same without the value: also a scalar of the wrong type may be the secret.
fn secretive(value: &Node) -> String {
    match value {
        Node::Null => "null",
        Node::List(_) => "a list",
        Node::Map(_) => "a map",
        _ => "a value that is not shown",
    }
    .to_owned()
}

fn quoted(value: &Node) -> String {
    const LONGEST: usize = 64;
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let cut: String = text.chars().take(LONGEST).collect();
    let more = if cut.len() < text.len() { "…" } else { "" };
    format!("`{}{more}`", printable(&cut).replace('\n', "\\n").replace('\t', "\\t"))
}
