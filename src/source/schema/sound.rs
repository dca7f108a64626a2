//! Whether a schema that reads well also makes sense: no rule that is never looked at, no limits that nothing can meet, no
//! default that the schema itself refuses.

use super::super::error::{HeaderProblem, Part};
use super::super::reader::{Reader, named};
use super::{Format, Mismatch, Schema, Type, number, one_of};
use crate::value::{FieldPath, Map, Node, Step};

/// Every keyword with the types that it says something about; none: about all.
pub(super) const KEYWORDS: [(&str, &[Type]); 26] = [
    ("type", &[]),
    ("title", &[]),
    ("description", &[]),
    ("default", &[]),
    ("examples", &[]),
    ("deprecated", &[]),
    ("enum", &[]),
    ("const", &[]),
    ("format", &[Type::String]),
    ("pattern", &[Type::String]),
    ("minLength", &[Type::String]),
    ("maxLength", &[Type::String]),
    ("minimum", &[Type::Integer, Type::Number]),
    ("maximum", &[Type::Integer, Type::Number]),
    ("exclusiveMinimum", &[Type::Integer, Type::Number]),
    ("exclusiveMaximum", &[Type::Integer, Type::Number]),
    ("multipleOf", &[Type::Integer, Type::Number]),
    ("items", &[Type::Array]),
    ("minItems", &[Type::Array]),
    ("maxItems", &[Type::Array]),
    ("uniqueItems", &[Type::Array]),
    ("properties", &[Type::Object]),
    ("required", &[Type::Object]),
    ("additionalProperties", &[Type::Object]),
    ("$schema", &[Type::Object]),
    ("$comment", &[]),
];

/// Reports what makes no sense in a schema whose types are known; `map` is what it was read from.
pub(super) fn check(reader: &mut Reader, schema: &Schema, map: &Map, path: &FieldPath) {
    check_keywords(reader, schema, map, path);
    check_limits(reader, schema, path);
    check_samples(reader, schema, path);
}

/// A rule about texts in a schema of integers would never be looked at; its author believes otherwise.
fn check_keywords(reader: &mut Reader, schema: &Schema, map: &Map, path: &FieldPath) {
    for key in map.keys() {
        let Some((word, about)) = KEYWORDS.iter().find(|(word, _)| **word == **key) else { continue };
        let numeric = *word == "format" && schema.format.is_some_and(Format::takes_numbers);
        let numeric = numeric && schema.types.contains(&Type::Integer);
        if about.is_empty() || numeric || about.iter().any(|known| schema.types.contains(known)) {
            continue;
        }
        let types = one_of(schema.types.iter().map(|known| format!("`{known}`")));
        let about = one_of(about.iter().map(|known| format!("`{known}`")));
        let hint = format!("it is a rule for type {about}");
        reader.contradiction(
            &path.key(key),
            Part::Key,
            format!("`{word}` says nothing about type {types}"),
            Some(&hint),
        );
    }
}

/// Limits that no value can meet.
fn check_limits(reader: &mut Reader, schema: &Schema, path: &FieldPath) {
    let counts = [
        (schema.text.least, "minLength", schema.text.most, "maxLength"),
        (schema.list.least, "minItems", schema.list.most, "maxItems"),
    ];
    for (least, low, most, high) in counts {
        if let (Some(least), Some(most)) = (least, most)
            && least > most
        {
            let problem = format!("`{low}: {least}` is above `{high}: {most}`, so no value is allowed");
            reader.contradiction(&path.key(low), Part::Key, problem, None);
        }
    }
    let rule = &schema.number;
    let numbers = [
        (&rule.minimum, "minimum", &rule.maximum, "maximum", false),
        (&rule.minimum, "minimum", &rule.below, "exclusiveMaximum", true),
        (&rule.above, "exclusiveMinimum", &rule.maximum, "maximum", true),
        (&rule.above, "exclusiveMinimum", &rule.below, "exclusiveMaximum", true),
    ];
    for (least, low, most, high, strict) in numbers {
        let (Some(least), Some(most)) = (least, most) else { continue };
        if number::compare(least, most).is_some_and(|order| order.is_gt() || (strict && order.is_eq())) {
            let problem = format!("`{low}: {least}` leaves nothing below `{high}: {most}`, so no value is allowed");
            reader.contradiction(&path.key(low), Part::Key, problem, None);
        }
    }
}

/// `default`, `examples`, `enum` and `const` must fit the schema they stand in, and hold no secret: a header is public.
fn check_samples(reader: &mut Reader, schema: &Schema, path: &FieldPath) {
    let single = |key: &'static str, value: &Option<Node>| value.clone().map(|value| (path.key(key), value, key));
    let several = |key: &'static str, values: &[Node]| {
        let paths = (0..).map(|at| path.key(key).join(Step::Index(at)));
        paths.zip(values.to_vec()).map(|(path, value)| (path, value, key)).collect::<Vec<_>>()
    };
    let mut samples: Vec<(FieldPath, Node, &str)> = several("examples", &schema.examples);
    samples.extend(several("enum", schema.allowed.as_deref().unwrap_or_default()));
    samples.extend(single("const", &schema.constant));
    samples.extend(single("default", &schema.default));
    for (at, value, key) in samples {
        // A default is completed by the defaults of the keys in it before anyone sees it.
        let value = if key == "default" { schema.complete(value) } else { value };
        let mut secrets = Vec::new();
        schema.secrets(&value, &mut secrets);
        if !secrets.is_empty() {
            let problem = format!("`{key}` of {} would make a secret public", named(path));
            reader.contradiction(&at, Part::Key, problem, Some("everyone can read the header; leave it out"));
        }
        for violation in schema.check(&value, &at) {
            let what = format!("`{key}` of {}", named(path));
            reader.fault(&violation.path, Part::Value, mismatch(what, &violation.path, violation.mismatch));
        }
    }
}

fn mismatch(what: String, path: &FieldPath, mismatch: Mismatch) -> HeaderProblem {
    match mismatch {
        Mismatch::UnknownKey { key, known } => HeaderProblem::UnknownKey { key, owner: what, known },
        Mismatch::MissingKey { key } => {
            let hint = format!("add {}", named(path));
            HeaderProblem::MissingKey { key, owner: what, hint }
        }
        Mismatch::Value { wanted, got, hint } => HeaderProblem::Value { what, wanted, got, hint },
    }
}
