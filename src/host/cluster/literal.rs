//! What is wrong with a text that a script has written down, known before the call is made: the same parsers, and so the
//! same words, as in the call itself.

use super::arguments::subject_of;
use super::wait::parse_condition;
use crate::host::{Failure, Type};
use crate::object::{Duration, FieldSelector, KindQuery, LabelSelector, Namespace};
use crate::value::{FieldPath, Node};

/// Why a call would refuse this text as the parameter or option `name` of type `kind`, if it would.
pub(crate) fn text_problem(name: &str, kind: Type, text: &str) -> Option<Failure> {
    match (kind, name) {
        (Type::Kind, _) => KindQuery::parse(text).err().map(Into::into),
        (Type::Path, _) => FieldPath::parse(text).err().map(Into::into),
        (Type::Duration, _) => text.parse::<Duration>().err().map(Into::into),
        (Type::Selector, _) => LabelSelector::parse(text).err().map(Into::into),
        (Type::Condition, _) => parse_condition(text).err(),
        // A node may go by its name alone.
        (Type::Reference, "node") if !text.contains('/') => None,
        (Type::Reference, _) => subject_of(&Node::from(text)).err(),
        (Type::Text, "fields") => FieldSelector::parse(text).err().map(Into::into),
        (Type::Text, "namespace") if text != "*" => Namespace::parse(text).err().map(Into::into),
        _ => None,
    }
}
