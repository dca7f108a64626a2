//! [`Params`]: the checked values of a run.

use super::error::{NameStyle, diagnostics};
use super::flag;
use super::layer::Part;
use super::merge::{Merged, without_removed};
use super::{Layer, ParamError, ParamSchema};
use crate::diag::{Diagnostic, Span};
use crate::source::schema::{Mismatch, Violation};
use crate::value::{FieldPath, Map, Node, Step};
use std::fmt;
use std::sync::Arc;

/// The params of a run: checked, with defaults, and in the form that scripts see.
#[derive(Clone, Default)]
pub struct Params {
    values: Map,
    origins: Vec<(String, String)>,
    secrets: Vec<Arc<str>>,
}

impl Params {
    /// Puts the layers on the schema's defaults, in order, and checks what comes of it. Maps merge, lists replace, `null`
    /// removes: also a default.
    ///
    /// # Errors
    /// Every unknown, missing and invalid param, each with the place it comes from. The text of a values file that the
    /// diagnostics point into is not quoted where any param is a secret.
    pub fn resolve(schema: &ParamSchema, layers: &[Layer]) -> Result<Self, Vec<Diagnostic>> {
        let mut errors: Vec<ParamError> = layers.iter().filter_map(|layer| not_a_map(schema, layer)).collect();
        let mut merged = Merged::default();
        for (index, layer) in layers.iter().enumerate() {
            merged.lay(index, layer, schema.root());
        }
        let root = schema.root();
        let completed = root.complete(Node::map(std::mem::take(&mut merged.values)));
        let removed = completed.clone();
        let values = Node::map(without_removed(completed.as_map().cloned().unwrap_or_default(), root));
        let explain = Explainer { schema, layers, merged: &merged, removed: &removed };
        errors.extend(root.check(&values, &FieldPath::root()).into_iter().map(|violation| explain.error(violation)));
        if !errors.is_empty() {
            return Err(diagnostics(&errors));
        }
        let mut secrets = Vec::new();
        root.secrets(&values, &mut secrets);
        // Hiding the empty text would hide everything.
        secrets.retain(|secret| !secret.is_empty());
        let mut origins = Vec::new();
        list_origins(&values, &FieldPath::root(), &explain, &mut origins);
        let values = root.settle(values).as_map().cloned().unwrap_or_default();
        Ok(Self { values, origins, secrets })
    }

    /// The values by name; an optional param without value is absent.
    #[must_use]
    pub fn values(&self) -> &Map {
        &self.values
    }

    /// The values as one node.
    #[must_use]
    pub fn to_node(&self) -> Node {
        Node::map(self.values.clone())
    }

    /// Where every value comes from: its path (`limits.cpu`) and words for the place (`flag --at-once`,
    /// `values.yaml:3:5`, `default`), in the order of the values. Lists count as one value.
    #[must_use]
    pub fn origins(&self) -> &[(String, String)] {
        &self.origins
    }

    /// The values of format `secret`, for masking whatever the run prints. Never empty texts.
    #[must_use]
    pub fn secrets(&self) -> &[Arc<str>] {
        &self.secrets
    }
}

/// With every secret hidden.
impl fmt::Debug for Params {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hidden = hide(&self.to_node(), &self.secrets);
        f.debug_struct("Params").field("values", &hidden).field("origins", &self.origins).finish_non_exhaustive()
    }
}

fn hide(node: &Node, secrets: &[Arc<str>]) -> Node {
    match node {
        Node::Str(text) if secrets.contains(text) => Node::text("***"),
        Node::List(items) => Node::list(items.iter().map(|item| hide(item, secrets)).collect()),
        Node::Map(map) => Node::map(map.iter().map(|(key, value)| (key.clone(), hide(value, secrets))).collect()),
        other => other.clone(),
    }
}

fn not_a_map(schema: &ParamSchema, layer: &Layer) -> Option<ParamError> {
    let values = layer.values();
    if values.as_map().is_some() {
        return None;
    }
    let root = FieldPath::root();
    let span = layer.span(&root, Part::Value).filter(|_| !schema.has_secret());
    Some(ParamError::NotAMap { origin: layer.origin(&root), got: values.description().to_owned(), span })
}

fn list_origins(value: &Node, at: &FieldPath, explain: &Explainer<'_>, out: &mut Vec<(String, String)>) {
    match value.as_map() {
        Some(map) if at.is_root() || !map.is_empty() => {
            map.iter().for_each(|(key, value)| list_origins(value, &at.key(key), explain, out));
        }
        _ => out.push((at.to_string(), explain.giver(at))),
    }
}

/// Turns what is wrong with the merged values into what is wrong with a layer.
struct Explainer<'a> {
    schema: &'a ParamSchema,
    layers: &'a [Layer],
    merged: &'a Merged,
    removed: &'a Node,
}

impl Explainer<'_> {
    fn error(&self, Violation { path, mismatch }: Violation) -> ParamError {
        match mismatch {
            Mismatch::UnknownKey { known, .. } => {
                let flag = self.layer(&path).and_then(Layer::as_flag);
                // Only the first level has flags of the same names.
                let is_flag = flag.is_some() && path.steps().len() == 1;
                let style = if is_flag { NameStyle::Flag } else { NameStyle::Key };
                let (origin, span) = (self.origin(&path), self.span(&path, Part::Key));
                ParamError::Unknown { path, origin, known, style, span }
            }
            Mismatch::MissingKey { .. } => {
                let removed = self.removed.lookup(&path).is_some_and(Node::is_null);
                let removed_by = removed.then(|| self.origin(&path));
                ParamError::Missing { hint: self.how_to_give(&path), path, removed_by }
            }
            Mismatch::Value { wanted, got, hint } => {
                let (origin, span) = (self.origin(&path), self.span(&path, Part::Value));
                ParamError::Invalid { path, origin, wanted, got, hint, span }
            }
        }
    }

    fn layer(&self, path: &FieldPath) -> Option<&Layer> {
        self.layers.get(self.merged.origin(path)?)
    }

    fn origin(&self, path: &FieldPath) -> String {
        self.layer(path).map_or_else(|| "its default".to_owned(), |layer| layer.origin(path))
    }

    /// The layer that gave this very value; a default may lie in a map that a layer gave.
    fn giver(&self, path: &FieldPath) -> String {
        let layer = self.layer(path).filter(|layer| layer.values().lookup(path).is_some());
        layer.map_or_else(|| "its default".to_owned(), |layer| layer.origin(path))
    }

    /// A line of a values file may hold a secret beside what is wrong, so that no line of it is pointed at then.
    fn span(&self, path: &FieldPath, part: Part) -> Option<Span> {
        self.layer(path)?.span(path, part).filter(|_| !self.schema.has_secret())
    }

    fn how_to_give(&self, path: &FieldPath) -> String {
        let file = format!("`{path}: …` in a values file");
        match flag::flags(self.schema).into_iter().find(|flag| flag.path == *path) {
            Some(flag) => format!("give `--{} <{}>`, or {file}", flag.name, flag.value_name),
            None if path.steps().iter().all(|step| matches!(step, Step::Key(_))) => format!("give {file}"),
            None => "every item of the list needs it".to_owned(),
        }
    }
}
