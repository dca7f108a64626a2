//! From the header's tree to a [`Schema`]: every keyword known and of the right shape, every rule one that can hold.

use super::super::error::{HeaderProblem, Part};
use super::super::reader::{Reader, named};
use super::format::last_line;
use super::sound::{self, KEYWORDS};
use super::{Additional, Format, ObjectRule, ParamSchema, Property, Schema, Type, number, one_of};
use crate::value::{FieldPath, Map, Node};
use std::sync::Arc;

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// Reads the `params` part of a header. `reserved` are the options, without dashes, that no param may hide.
pub(in crate::source) fn read(reader: &mut Reader, node: &Node, path: &FieldPath, reserved: &[&str]) -> ParamSchema {
    let Some(map) = reader.map(node, path) else { return ParamSchema::default() };
    let mut root = schema(reader, map, path);
    if root.types != [Type::Object] {
        let types = one_of(root.types.iter().map(ToString::to_string));
        let problem = if types.is_empty() { String::new() } else { format!(", not {types}") };
        let problem = format!("`params` must have `type: object`{problem}");
        reader.contradiction(path, Part::Value, problem, Some("the params are its `properties`"));
        root.types = vec![Type::Object];
    }
    if !matches!(root.object.additional, Additional::Refused) {
        let problem = "`params` cannot take names that it does not declare".to_owned();
        let hint = "declare a param of type object, and give that one `additionalProperties`";
        reader.contradiction(&path.key("additionalProperties"), Part::Key, problem, Some(hint));
    }
    for param in &root.object.properties {
        check_name(reader, &param.name, &path.key("properties").key(&param.name), reserved);
    }
    ParamSchema::new(root, node.clone())
}

/// Words that Rhai does not take after a dot, so that a script could not reach a param of that name.
const SCRIPT_WORDS: &str = "as async await break call case catch const continue curry debug default do else eval export \
    false fn for go goto if import in is is_def_fn is_def_var is_shared let loop match module new nil null package print \
    private protected public return shared spawn static super switch sync this thread throw true try type_of until use \
    var void while with yield";

fn check_name(reader: &mut Reader, name: &str, path: &FieldPath, reserved: &[&str]) {
    if !is_snake_case(name) {
        let snake = snake_case(name);
        let hint = format!("write `{snake}`; its flag is `--{}`", snake.replace('_', "-"));
        let problem = format!("param `{name}` is not snake_case");
        return reader.contradiction(path, Part::Key, problem, Some(&hint));
    }
    let flag = name.replace('_', "-");
    if reserved.contains(&&*flag) {
        reader.fault(path, Part::Key, HeaderProblem::Reserved { name: name.to_owned(), flag });
    } else if SCRIPT_WORDS.split(' ').any(|word| word == name) {
        let problem = format!("param `{name}` is a word of the script language");
        reader.contradiction(path, Part::Key, problem, Some("scripts could not read it; choose another name"));
    }
}

fn is_snake_case(name: &str) -> bool {
    let part = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    name.starts_with(|c: char| c.is_ascii_lowercase()) && name.split('_').all(part)
}

fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        let separate = !letter.is_ascii_alphanumeric() || letter.is_ascii_uppercase();
        if separate && !snake.is_empty() && !snake.ends_with('_') {
            snake.push('_');
        }
        if letter.is_ascii_alphanumeric() {
            snake.push(letter.to_ascii_lowercase());
        }
    }
    let snake = snake.trim_matches('_').to_owned();
    if is_snake_case(&snake) { snake } else { "at_once".to_owned() }
}

fn schema(reader: &mut Reader, map: &Map, path: &FieldPath) -> Schema {
    let mut schema = Schema::default();
    for (key, value) in map.iter() {
        let at = path.key(key);
        match &**key {
            "type" => schema.types = types(reader, value, &at),
            "title" => schema.title = reader.text(value, &at).map(str::to_owned),
            "description" => schema.description = reader.text(value, &at).map(str::to_owned),
            "default" => schema.default = Some(value.clone()),
            "examples" => {
                schema.examples = reader.items(value, &at).into_iter().map(|(_, item)| item.clone()).collect();
            }
            "deprecated" => schema.deprecated = truth(reader, value, &at),
            "enum" => schema.allowed = choices(reader, value, &at),
            "const" => schema.constant = Some(value.clone()),
            "format" => schema.format = format(reader, value, &at),
            "pattern" => schema.text.pattern = pattern(reader, value, &at),
            "minLength" => schema.text.least = count(reader, value, &at),
            "maxLength" => schema.text.most = count(reader, value, &at),
            "minimum" => schema.number.minimum = amount(reader, value, &at),
            "maximum" => schema.number.maximum = amount(reader, value, &at),
            "exclusiveMinimum" => schema.number.above = amount(reader, value, &at),
            "exclusiveMaximum" => schema.number.below = amount(reader, value, &at),
            "multipleOf" => schema.number.multiple_of = step(reader, value, &at),
            "items" => schema.list.items = nested(reader, value, &at).map(Arc::new),
            "minItems" => schema.list.least = count(reader, value, &at),
            "maxItems" => schema.list.most = count(reader, value, &at),
            "uniqueItems" => schema.list.unique = truth(reader, value, &at),
            "properties" | "required" | "additionalProperties" | "$comment" => {}
            "$schema" => dialect(reader, value, &at),
            other => {
                reader.unknown(path, other, &format!("the schema {}", named(path)), &KEYWORDS.map(|(word, _)| word));
            }
        }
    }
    schema.object = object_rule(reader, map, path);
    infer_types(reader, &mut schema, map, path);
    if !schema.types.is_empty() {
        sound::check(reader, &schema, map, path);
    }
    schema
}

fn nested(reader: &mut Reader, value: &Node, path: &FieldPath) -> Option<Schema> {
    let map = reader.map(value, path)?;
    Some(schema(reader, map, path))
}

fn types(reader: &mut Reader, value: &Node, path: &FieldPath) -> Vec<Type> {
    let words = match value {
        Node::List(_) => reader.texts(value, path),
        Node::Str(text) => vec![(path.clone(), &**text)],
        other => {
            reader.wrong(
                path,
                other,
                "a type or a list of types",
                Some("write `type: string`, or `type: [integer, string]`"),
            );
            Vec::new()
        }
    };
    let mut types = Vec::new();
    for (path, word) in words {
        let known = Type::ALL.map(Type::name);
        match Type::find(word) {
            Some(found) if types.contains(&found) => {
                reader.contradiction(&path, Part::Value, format!("type `{word}` stands twice"), None);
            }
            Some(found) => types.push(found),
            None => {
                let hint =
                    crate::diag::did_you_mean(word, known).unwrap_or_else(|| format!("known are {}", known.join(", ")));
                reader.wrong(&path, &Node::from(word), "a type", Some(&hint));
            }
        }
    }
    types
}

/// `enum` and `const` say the type where the author does not; nothing else does, and a param of any type at all would have
/// no form on the command line.
fn infer_types(reader: &mut Reader, schema: &mut Schema, map: &Map, path: &FieldPath) {
    if map.contains("type") {
        if map.get("type").and_then(Node::as_list).is_some_and(<[Node]>::is_empty) {
            reader.contradiction(&path.key("type"), Part::Value, "the list of types is empty".to_owned(), None);
        }
        return;
    }
    let values = schema.allowed.iter().flatten().chain(&schema.constant);
    for narrow in values.map(Type::of) {
        if !schema.types.contains(&narrow) {
            schema.types.push(narrow);
        }
    }
    if schema.types.is_empty() && !map.contains("enum") {
        reader.missing(path, "type", &named(path), "add `type: string`, or what else it is");
    }
}

fn choices(reader: &mut Reader, value: &Node, path: &FieldPath) -> Option<Vec<Node>> {
    let choices: Vec<Node> = reader.items(value, path).into_iter().map(|(_, item)| item.clone()).collect();
    if value.as_list().is_some_and(<[Node]>::is_empty) {
        reader.contradiction(path, Part::Value, "`enum` is empty, so no value is allowed".to_owned(), None);
    }
    for (later, choice) in choices.iter().enumerate() {
        if choices[..later].iter().any(|earlier| number::same(earlier, choice)) {
            reader.contradiction(path, Part::Value, format!("{choice} stands twice in `enum`"), None);
        }
    }
    (!choices.is_empty()).then_some(choices)
}

fn format(reader: &mut Reader, value: &Node, path: &FieldPath) -> Option<Format> {
    let word = reader.text(value, path)?;
    let found = Format::find(word);
    if found.is_none() {
        let known = Format::ALL.map(Format::name);
        let hint = crate::diag::did_you_mean(word, known).unwrap_or_else(|| format!("known are {}", known.join(", ")));
        reader.wrong(path, value, "a format", Some(&hint));
    }
    found
}

fn pattern(reader: &mut Reader, value: &Node, path: &FieldPath) -> Option<regex::Regex> {
    // A pattern's automaton is kept for the whole run; the crate's own limit is ten times as much.
    const LARGEST: usize = 1 << 20;
    match regex::RegexBuilder::new(reader.text(value, path)?).size_limit(LARGEST).build() {
        Ok(pattern) => Some(pattern),
        Err(error) => {
            reader.wrong(path, value, "a regular expression", Some(&last_line(&error.to_string())));
            None
        }
    }
}

fn truth(reader: &mut Reader, value: &Node, path: &FieldPath) -> bool {
    if value.as_bool().is_none() {
        reader.wrong(path, value, "`true` or `false`", None);
    }
    value.as_bool().unwrap_or_default()
}

fn count(reader: &mut Reader, value: &Node, path: &FieldPath) -> Option<usize> {
    let count = value.as_i64().and_then(|count| usize::try_from(count).ok());
    if count.is_none() {
        reader.wrong(path, value, "a count, 0 or more", None);
    }
    count
}

fn amount(reader: &mut Reader, value: &Node, path: &FieldPath) -> Option<Node> {
    if value.as_f64().is_none() {
        reader.wrong(path, value, "a number", None);
        return None;
    }
    Some(value.clone())
}

fn step(reader: &mut Reader, value: &Node, path: &FieldPath) -> Option<Node> {
    if value.as_f64().is_none_or(|step| step <= 0.0) {
        reader.wrong(path, value, "a number above 0", None);
        return None;
    }
    Some(value.clone())
}

fn dialect(reader: &mut Reader, value: &Node, path: &FieldPath) {
    if value.as_str().is_none_or(|text| text.trim_end_matches('#') != DIALECT) {
        reader.wrong(path, value, format!("`{DIALECT}`"), None);
    }
}

fn object_rule(reader: &mut Reader, map: &Map, path: &FieldPath) -> ObjectRule {
    let additional = match map.get("additionalProperties") {
        None | Some(Node::Bool(false)) => Additional::Refused,
        Some(Node::Bool(true)) => Additional::Any,
        Some(value) => nested(reader, value, &path.key("additionalProperties"))
            .map_or(Additional::Any, |of| Additional::Of(Arc::new(of))),
    };
    let at = path.key("properties");
    let declared = map.get("properties").and_then(|value| reader.map(value, &at));
    let mut properties = Vec::new();
    for (name, value) in declared.into_iter().flat_map(Map::iter) {
        let schema = nested(reader, value, &at.key(name)).unwrap_or_default();
        properties.push(Property { name: name.clone(), required: false, schema });
    }
    let at = path.key("required");
    for (at, name) in map.get("required").map(|list| reader.texts(list, &at)).unwrap_or_default() {
        let known: Vec<&str> = declared.into_iter().flat_map(Map::keys).map(|name| &**name).collect();
        match properties.iter_mut().find(|property| &*property.name == name) {
            Some(property) if property.required => {
                reader.contradiction(&at, Part::Value, format!("`{name}` stands twice in `required`"), None);
            }
            Some(property) => property.required = true,
            None => {
                let hint = crate::diag::did_you_mean(name, known);
                let problem = format!("`required` names `{name}`, which is not in `properties`");
                reader.contradiction(&at, Part::Value, problem, hint.as_deref());
            }
        }
    }
    ObjectRule { properties, additional }
}
