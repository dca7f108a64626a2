//! [`Schemas`]: which fields the kinds of a group version have, from the server's OpenAPI documents. They are asked for
//! only to tell a field that is absent from one that does not exist.
//!
//! What a schema leaves open, and a schema that cannot be had, allows any field: nothing here may refuse a field that exists.

use crate::cluster::target::Outgoing;
use crate::cluster::{Context, Target};
use crate::object::GroupVersion;
use crate::value::{Budget, Map, Node, json};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// How long a script may be held up for a better error message.
const TIME: Duration = Duration::from_secs(5);

/// A field that is not known may be one of a CRD that was changed meanwhile; but not more often than this.
const FRESH: Duration = Duration::from_secs(5);

/// The fields of one target's kinds by group version, as they were read last. `None` is one that could not be read.
#[derive(Default)]
pub(crate) struct SchemaCache {
    read: Mutex<HashMap<GroupVersion, Reading>>,
}

/// What reading the schemas of a group version gave, and when.
type Reading = (Option<Arc<Schemas>>, Instant);

impl Target {
    /// The fields of the kinds of a group version; `None` where they cannot be had. Asked once, whatever comes of it.
    pub(crate) async fn schemas(&self, run: &Context, version: &GroupVersion) -> Option<Arc<Schemas>> {
        let mut read = self.schema_cache().read.lock().await;
        if let Some((schemas, _)) = read.get(version) {
            return schemas.clone();
        }
        let schemas = self.read_schemas(run, version).await;
        read.insert(version.clone(), (schemas.clone(), Instant::now()));
        schemas
    }

    /// The same, read again if that was not just now: for what they do not have.
    pub(crate) async fn fresh_schemas(&self, run: &Context, version: &GroupVersion) -> Option<Arc<Schemas>> {
        let mut read = self.schema_cache().read.lock().await;
        match read.get(version) {
            Some((schemas, when)) if schemas.is_none() || when.elapsed() < FRESH => return schemas.clone(),
            _ => {}
        }
        let schemas = self.read_schemas(run, version).await;
        read.insert(version.clone(), (schemas.clone(), Instant::now()));
        schemas
    }

    async fn read_schemas(&self, run: &Context, version: &GroupVersion) -> Option<Arc<Schemas>> {
        let prefix = if version.group.is_empty() { "api" } else { "apis" };
        let call = self.call("discover", format!("the fields of {version}"));
        let outgoing = Outgoing::get(format!("/openapi/v3/{prefix}/{version}")).within(Some(TIME));
        let answer = tokio::time::timeout(TIME, self.fetch(run, &call, outgoing)).await;
        let document = json::read(&answer.ok()?.ok()?, "the schemas", &Budget::default()).ok()?;
        Some(Arc::new(Schemas::read(&document, version)))
    }
}

/// Names a type of a [`Schemas`].
type TypeId = usize;

/// The type that may have any field, and stands for everything that is no object.
const ANY: TypeId = 0;

/// More types inside each other than any kind has.
const DEEPEST: usize = 100;

/// The fields of all kinds of a group version.
#[derive(Debug)]
pub(crate) struct Schemas {
    kinds: HashMap<Box<str>, TypeId>,
    types: Vec<Type>,
}

/// What fields an object has. A list has the type of its items: where an object stands is told without indices.
#[derive(Debug, Default)]
struct Type {
    fields: BTreeMap<Box<str>, TypeId>,
    /// The type of fields that are not named, if there may be any.
    others: Option<TypeId>,
}

/// A field that does not exist.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct UnknownField<'s> {
    /// Its place in the path that was asked for.
    pub(crate) at: usize,
    /// The fields there are, sorted.
    pub(crate) known: Vec<&'s str>,
}

impl Schemas {
    /// Takes from an OpenAPI document what the kinds of `version` need.
    fn read(document: &Node, version: &GroupVersion) -> Self {
        let any = Type { fields: BTreeMap::new(), others: Some(ANY) };
        let empty = Map::new();
        let named = document.at(&["components", "schemas"]).and_then(Node::as_map).unwrap_or(&empty);
        let mut reduction = Reduction { named, known: HashMap::new(), types: vec![any], depth: 0 };
        let mut kinds = HashMap::new();
        for (name, schema) in named.iter() {
            for kind in kinds_of(schema, version) {
                kinds.insert(kind.into(), reduction.named(name));
            }
        }
        Self { kinds, types: reduction.types }
    }

    /// The first field of a path from a kind's root that does not exist. The first `present` fields do: an object has them.
    pub(crate) fn unknown(&self, kind: &str, path: &[&str], present: usize) -> Option<UnknownField<'_>> {
        let mut here = &self.types[*self.kinds.get(kind)?];
        for (at, key) in path.iter().enumerate() {
            let Some(below) = here.fields.get(*key).copied().or(here.others) else {
                let known = here.fields.keys().map(|name| &**name).collect();
                return (at >= present).then_some(UnknownField { at, known });
            };
            here = &self.types[below];
        }
        None
    }
}

/// The kinds of a version that a schema describes: of all versions for `DeleteOptions`, one for most.
fn kinds_of<'n>(schema: &'n Node, version: &GroupVersion) -> impl Iterator<Item = &'n str> {
    let group_version_kinds = schema.items_at(&["x-kubernetes-group-version-kind"]).iter();
    group_version_kinds.filter_map(move |known| {
        let is = |key: &str, wanted: &str| known.text_at(&[key]).unwrap_or_default() == wanted;
        if is("group", &version.group) && is("version", &version.version) { known.text_at(&["kind"]) } else { None }
    })
}

/// A document on its way to a table of types: descriptions, formats and rules are left behind.
struct Reduction<'d> {
    named: &'d Map,
    known: HashMap<&'d str, TypeId>,
    types: Vec<Type>,
    depth: usize,
}

impl<'d> Reduction<'d> {
    fn named(&mut self, name: &'d str) -> TypeId {
        if let Some(known) = self.known.get(name) {
            return *known;
        }
        let Some(schema) = self.named.get(name) else { return ANY };
        if !has_fields(schema) {
            return ANY;
        }
        // Its number stands before its fields do: a type may contain itself.
        let id = self.types.len();
        self.types.push(Type::default());
        self.known.insert(name, id);
        self.types[id] = self.body(schema);
        id
    }

    fn any(&mut self, schema: &'d Node) -> TypeId {
        if has_fields(schema) {
            let body = self.body(schema);
            self.types.push(body);
            return self.types.len() - 1;
        }
        if let Some(reference) = schema.text_at(&["$ref"]) {
            return self.named(reference.rsplit('/').next().unwrap_or_default());
        }
        match (schema.items_at(&["allOf"]), schema.get("items")) {
            // The form in which a reference has a description of its own.
            ([only], None) if only.get("$ref").is_some() => self.any(only),
            ([], Some(items)) => self.any(items),
            _ => ANY,
        }
    }

    fn body(&mut self, schema: &'d Node) -> Type {
        if self.depth == DEEPEST {
            return Type { fields: BTreeMap::new(), others: Some(ANY) };
        }
        self.depth += 1;
        let named = schema.get("properties").and_then(Node::as_map).into_iter().flat_map(Map::iter);
        let fields: BTreeMap<_, _> = named.map(|(name, schema)| ((&**name).into(), self.any(schema))).collect();
        let others = match schema.get("additionalProperties") {
            _ if is_open(schema) => Some(ANY),
            Some(others @ Node::Map(_)) => Some(self.any(others)),
            Some(Node::Bool(true)) => Some(ANY),
            _ => None,
        };
        self.depth -= 1;
        Type { fields, others }
    }
}

/// Whether a schema says something about fields. An object of which nothing is said, as the content of a `List`, has any.
fn has_fields(schema: &Node) -> bool {
    let says = |key| schema.get(key).and_then(Node::as_map).is_some_and(|map| key != "properties" || !map.is_empty());
    says("properties") || says("additionalProperties")
}

/// Whether there may be fields that a schema does not name.
fn is_open(schema: &Node) -> bool {
    const OPEN: [&str; 3] =
        ["x-kubernetes-preserve-unknown-fields", "x-kubernetes-embedded-resource", "x-kubernetes-int-or-string"];
    OPEN.iter().any(|key| schema.get(key).and_then(Node::as_bool) == Some(true))
}

#[cfg(test)]
mod tests {
    use super::{Schemas, UnknownField};
    use crate::cluster::Context;
    use crate::cluster::scripted::{Reply, Scripted};
    use crate::object::GroupVersion;
    use crate::value::{Budget, json};

    /// The forms in which API servers write schemas, cut down.
    const DOCUMENT: &str = r##"{"components": {"schemas": {
        "io.k8s.Pod": {
            "x-kubernetes-group-version-kind": [{"group": "", "version": "v1", "kind": "Pod"}],
            "type": "object", "properties": {
                "kind": {"type": "string"},
                "metadata": {"allOf": [{"$ref": "#/components/schemas/io.k8s.Meta"}], "default": {}},
                "spec": {"$ref": "#/components/schemas/io.k8s.Spec"},
                "raw": {"$ref": "#/components/schemas/io.k8s.RawExtension"},
                "gone": {"$ref": "#/components/schemas/nowhere"}}},
        "io.k8s.Meta": {"type": "object", "properties": {
            "name": {"type": "string"},
            "labels": {"type": "object", "additionalProperties": {"type": "string"}}}},
        "io.k8s.Spec": {"type": "object", "properties": {
            "containers": {"type": "array", "items": {"allOf": [{"$ref": "#/components/schemas/io.k8s.Container"}]}},
            "named": {"additionalProperties": {"$ref": "#/components/schemas/io.k8s.Container"}},
            "template": {"allOf": [{"$ref": "#/components/schemas/io.k8s.Pod"}]}}},
        "io.k8s.Container": {"type": "object", "properties": {"image": {"type": "string"}}},
        "io.k8s.RawExtension": {"type": "object"},
        "io.k8s.DeleteOptions": {
            "x-kubernetes-group-version-kind": [
                {"group": "apps", "version": "v1", "kind": "DeleteOptions"},
                {"group": "", "version": "v1", "kind": "DeleteOptions"}],
            "properties": {"dryRun": {"type": "array", "items": {"type": "string"}}}},
        "com.example.Widget": {
            "x-kubernetes-group-version-kind": [{"group": "", "version": "v1", "kind": "Widget"}],
            "properties": {"spec": {
                "properties": {
                    "closed": {"properties": {"size": {"x-kubernetes-int-or-string": true, "anyOf": [{}, {}]}},
                               "anyOf": [{"required": ["size"]}]},
                    "open": {"x-kubernetes-preserve-unknown-fields": true,
                             "properties": {"inner": {"properties": {"a": {"type": "string"}}}}},
                    "free": {"type": "object", "x-kubernetes-preserve-unknown-fields": true},
                    "object": {"x-kubernetes-embedded-resource": true, "properties": {"spec": {"type": "object"}}},
                    "any": {"additionalProperties": true}}}}}}}}"##;

    fn schemas() -> Schemas {
        let document = json::read(DOCUMENT, "test", &Budget::default()).unwrap();
        Schemas::read(&document, &GroupVersion::parse("v1").unwrap())
    }

    /// What is unknown of a path: the field, and those there are.
    fn unknown(kind: &str, path: &str) -> Option<(String, String)> {
        let path: Vec<&str> = path.split('.').collect();
        let schemas = schemas();
        let UnknownField { at, known } = schemas.unknown(kind, &path, 0)?;
        Some((path[at].to_owned(), known.join(" ")))
    }

    #[track_caller]
    fn is_unknown(kind: &str, path: &str, field: &str, known: &str) {
        assert_eq!(unknown(kind, path), Some((field.to_owned(), known.to_owned())), "{kind} {path}");
    }

    #[test]
    fn finds_the_first_field_that_does_not_exist() {
        is_unknown("Pod", "spce", "spce", "gone kind metadata raw spec");
        is_unknown("Pod", "metadata.nmae", "nmae", "labels name");
        is_unknown("Pod", "spec.containers.imag.x", "imag", "image");
        is_unknown("Pod", "spec.named.anything.imag", "imag", "image");
        is_unknown("Pod", "spec.template.spec.template.spec.x", "x", "containers named template");
        is_unknown("Widget", "spec.closed.x", "x", "size");
        is_unknown("DeleteOptions", "dryrun", "dryrun", "dryRun");
    }

    #[test]
    fn a_schema_that_says_nothing_allows_anything() {
        for path in ["metadata.labels.mine", "raw.x.y", "gone.x", "kind.x", "spec.containers.image.x", "metadata"] {
            assert_eq!(unknown("Pod", path), None, "{path}");
        }
        for path in ["closed.size.x", "open.x.y", "free.x", "object.metadata.x", "object.spec.x", "any.x"] {
            assert_eq!(unknown("Widget", &format!("spec.{path}")), None, "{path}");
        }
        assert_eq!(unknown("Unheard", "x"), None);
    }

    #[test]
    fn an_open_object_still_has_known_parts() {
        is_unknown("Widget", "spec.open.inner.b", "b", "a");
    }

    #[test]
    fn what_an_object_has_is_no_mistake_whatever_the_schema_says() {
        assert_eq!(schemas().unknown("Pod", &["status", "phase"], 1), None);
    }

    #[test]
    fn a_chain_of_types_without_end_is_not_followed() {
        let links: Vec<String> = (0..100_000)
            .map(|at| format!(r##""t{at}":{{"properties":{{"next":{{"$ref":"#/t{}"}}}}}}"##, at + 1))
            .collect();
        let kind = r##""x-kubernetes-group-version-kind":[{"version":"v1","kind":"Chain"}]"##;
        let first = format!(r##""first":{{{kind},"properties":{{"next":{{"$ref":"#/t0"}}}}}}"##);
        let text = format!(r#"{{"components":{{"schemas":{{{first},{}}}}}}}"#, links.join(","));
        let document = json::read(text.as_str(), "test", &Budget::default()).unwrap();
        let schemas = Schemas::read(&document, &GroupVersion::parse("v1").unwrap());
        assert!(schemas.unknown("Chain", &["next", "x"], 0).is_some());
        assert_eq!(schemas.unknown("Chain", &["next"; 200], 0), None);
    }

    #[tokio::test]
    async fn schemas_are_asked_for_once_even_where_there_are_none() {
        let line = "GET /openapi/v3/apis/apps/v1";
        let version = GroupVersion::parse("apps/v1").unwrap();
        let replies =
            [Reply::json(200, DOCUMENT), Reply::json(403, "{}"), Reply::json(404, ""), Reply::json(200, "<html>")];
        for (reply, is_known) in replies.into_iter().zip([true, false, false, false]) {
            let server = Scripted::new().on(line, reply);
            let (target, run) = (server.target(), Context::default());
            assert_eq!(target.schemas(&run, &version).await.is_some(), is_known);
            assert_eq!(target.schemas(&run, &version).await.is_some(), is_known);
            assert_eq!(target.fresh_schemas(&run, &version).await.is_some(), is_known);
            assert_eq!(server.lines(), [line]);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_field_that_is_not_known_is_looked_for_again_but_not_at_once() {
        let line = "GET /openapi/v3/api/v1";
        let version = GroupVersion::parse("v1").unwrap();
        let server = Scripted::new().always(line, Reply::json(200, DOCUMENT));
        let (target, run) = (server.target(), Context::default());
        target.schemas(&run, &version).await.unwrap();
        target.fresh_schemas(&run, &version).await.unwrap();
        assert_eq!(server.lines().len(), 1);
        tokio::time::advance(super::FRESH).await;
        target.fresh_schemas(&run, &version).await.unwrap();
        target.schemas(&run, &version).await.unwrap();
        assert_eq!(server.lines().len(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_server_costs_five_seconds_and_no_more() {
        let server = Scripted::new().always("GET /openapi/v3/api/v1", Reply::Silent);
        let (target, run, started) = (server.target(), Context::default(), tokio::time::Instant::now());
        for _ in 0..3 {
            assert!(target.schemas(&run, &GroupVersion::parse("v1").unwrap()).await.is_none());
        }
        assert_eq!(started.elapsed().as_secs(), 5);
    }
}
