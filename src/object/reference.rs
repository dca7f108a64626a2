//! How kinds and objects are referred to: a user's word for a kind, `apiVersion`, group-version-kind, one object.
//!
//! A [`KindQuery`] is only a question: which kind of a cluster it means is for discovery to say. The other types are exact.

use super::error::shown;
use super::{DnsLabel, DnsSubdomain, Name, Namespace, ObjectError};
use crate::value::Node;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// What a user wrote for a kind: `Pod`, `pods`, `po`, `deployments.apps`, `deployments.v1.apps`, `apps/v1/Deployment`,
/// `v1/Pod`, `Certificate.cert-manager.io`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct KindQuery {
    text: Arc<str>,
    /// The kind, its plural, its singular or a short name, as it was written.
    pub name: Arc<str>,
    /// The API group, if it was given; empty for the core group.
    pub group: Option<Arc<str>>,
    /// The version, if it was given.
    pub version: Option<Arc<str>>,
}

impl KindQuery {
    /// Takes the text apart. A part after the first dot that looks like a version (`v1`, `v2beta1`) is one.
    ///
    /// # Errors
    /// [`ObjectError::Kind`] for a text that can name no kind. A kind that merely does not exist is no error here.
    pub fn parse(text: &str) -> Result<Self, ObjectError> {
        let refused = |problem: String| ObjectError::Kind { given: text.to_owned(), problem };
        let (name, group, version) = if text.contains('/') {
            slashed(text).map_err(refused)?
        } else if let Some((name, rest)) = text.split_once('.') {
            let (version, group) = rest.split_once('.').unwrap_or((rest, ""));
            match is_version(version) {
                true if rest == version => (name, None, Some(version)),
                true => (name, Some(group), Some(version)),
                false => (name, Some(rest), None),
            }
        } else {
            (text, None, None)
        };
        check_kind(name).map_err(refused)?;
        if let Some(group) = group.filter(|group| !group.is_empty()) {
            DnsSubdomain::parse(group).map_err(|error| refused(error.to_string()))?;
        }
        Ok(Self {
            text: text.into(),
            name: name.into(),
            group: group.map(Into::into),
            version: version.map(Into::into),
        })
    }

    /// Whether a kind of that group and version could be meant; what was not given matches all.
    #[must_use]
    pub fn admits(&self, group: &str, version: &str) -> bool {
        self.group.as_deref().is_none_or(|wanted| wanted == group)
            && self.version.as_deref().is_none_or(|wanted| wanted == version)
    }
}

type KindParts<'a> = (&'a str, Option<&'a str>, Option<&'a str>);

fn slashed(text: &str) -> Result<KindParts<'_>, String> {
    let parts: Vec<&str> = text.split('/').collect();
    match parts[..] {
        [version, name] if is_version(version) => Ok((name, Some(""), Some(version))),
        [_, _] => Err("the part before `/` is no version".to_owned()),
        [group, version, name] if is_version(version) && !group.is_empty() => Ok((name, Some(group), Some(version))),
        [_, version, _] => Err(format!("{} is no version", shown(version))),
        _ => Err("it has more than two slashes".to_owned()),
    }
}

impl FromStr for KindQuery {
    type Err = ObjectError;

    fn from_str(text: &str) -> Result<Self, ObjectError> {
        Self::parse(text)
    }
}

impl From<&GroupVersionKind> for KindQuery {
    fn from(gvk: &GroupVersionKind) -> Self {
        Self {
            text: format!("{}/{}", gvk.group_version, gvk.kind).into(),
            name: gvk.kind.clone(),
            group: Some(gvk.group_version.group.clone()),
            version: Some(gvk.group_version.version.clone()),
        }
    }
}

impl fmt::Display for KindQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

/// Whether the text has the form of an API version: `v1`, `v2beta1`, `v1alpha3`.
fn is_version(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('v') else { return false };
    let after = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let stage = after.strip_prefix("alpha").or_else(|| after.strip_prefix("beta"));
    after.len() < rest.len()
        && (after.is_empty() || stage.is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit())))
}

/// A kind's name is a DNS-1035 label once lowered (the rule for custom resources).
fn check_kind(name: &str) -> Result<(), String> {
    if name.is_empty() {
        return Err("the name of the kind is empty".to_owned());
    }
    DnsLabel::parse(&name.to_ascii_lowercase()).map_err(|_| "a kind has only letters, digits and `-`".to_owned())?;
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        return Err("a kind starts with a letter".to_owned());
    }
    Ok(())
}

/// An API group and version: the `apiVersion` of objects.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupVersion {
    /// The group; empty for the core group.
    pub group: Arc<str>,
    /// The version.
    pub version: Arc<str>,
}

impl GroupVersion {
    /// Reads an `apiVersion`: `v1`, `apps/v1`.
    ///
    /// # Errors
    /// [`ObjectError::TypeMeta`] where a part could not stand in a URL.
    pub fn parse(text: &str) -> Result<Self, ObjectError> {
        let refused = |problem: String| ObjectError::TypeMeta { given: text.to_owned(), what: "apiVersion", problem };
        let (group, version) = text.split_once('/').unwrap_or(("", text));
        if text.contains('/') {
            DnsSubdomain::parse(group).map_err(|error| refused(error.to_string()))?;
        }
        DnsLabel::parse(version).map_err(|error| refused(error.to_string()))?;
        Ok(Self { group: group.into(), version: version.into() })
    }

    /// Whether this is the core group.
    #[must_use]
    pub fn is_core(&self) -> bool {
        self.group.is_empty()
    }

    /// Where the API server serves it: `/api/v1`, `/apis/apps/v1`.
    #[must_use]
    pub fn path(&self) -> String {
        if self.is_core() { format!("/api/{}", self.version) } else { format!("/apis/{}/{}", self.group, self.version) }
    }
}

impl FromStr for GroupVersion {
    type Err = ObjectError;

    fn from_str(text: &str) -> Result<Self, ObjectError> {
        Self::parse(text)
    }
}

impl fmt::Display for GroupVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_core() { f.pad(&self.version) } else { f.pad(&format!("{}/{}", self.group, self.version)) }
    }
}

/// The full name of a kind.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupVersionKind {
    /// Group and version.
    pub group_version: GroupVersion,
    /// The kind: `Deployment`.
    pub kind: Arc<str>,
}

impl GroupVersionKind {
    /// From the two fields every object starts with.
    ///
    /// # Errors
    /// [`ObjectError::TypeMeta`] for an `apiVersion` or kind that no object can have.
    pub fn parse(api_version: &str, kind: &str) -> Result<Self, ObjectError> {
        let group_version = GroupVersion::parse(api_version)?;
        check_kind(kind).map_err(|problem| ObjectError::TypeMeta { given: kind.to_owned(), what: "kind", problem })?;
        Ok(Self { group_version, kind: kind.into() })
    }

    /// From an object.
    ///
    /// # Errors
    /// [`ObjectError::NotAnObject`] where `apiVersion` or `kind` is absent or no text; as [`Self::parse`] otherwise.
    pub fn of(object: &Node) -> Result<Self, ObjectError> {
        Self::parse(required(object, &["apiVersion"])?, required(object, &["kind"])?)
    }

    /// The group; empty for the core group.
    #[must_use]
    pub fn group(&self) -> &str {
        &self.group_version.group
    }

    /// The version.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.group_version.version
    }

    /// Whether this is that kind of that group, in any version.
    #[must_use]
    pub fn is(&self, group: &str, kind: &str) -> bool {
        self.group() == group && &*self.kind == kind
    }
}

impl fmt::Display for GroupVersionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}/{}", self.group_version, self.kind))
    }
}

/// One object of a cluster, by name. Printed as `Deployment/shop/web`, without namespace as `Node/node-000`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ObjectRef {
    /// Its kind.
    pub gvk: GroupVersionKind,
    /// Its namespace; none for a cluster-wide kind, and where the default namespace is meant.
    pub namespace: Option<Namespace>,
    /// Its name.
    pub name: Name,
    /// Its uid, where this very object is meant and no later one of the same name.
    pub uid: Option<Arc<str>>,
}

impl ObjectRef {
    /// The reference of an object or manifest.
    ///
    /// # Errors
    /// [`ObjectError::NotAnObject`] where `apiVersion`, `kind` or `metadata.name` is absent; [`ObjectError::Name`] and
    /// [`ObjectError::TypeMeta`] where one of them is not valid.
    pub fn of(object: &Node) -> Result<Self, ObjectError> {
        let gvk = GroupVersionKind::of(object)?;
        let name = Name::parse(required(object, &["metadata", "name"])?)?;
        let namespace = match object.at(&["metadata", "namespace"]) {
            None | Some(Node::Null) => None,
            // An empty namespace means none, on the wire and in manifests.
            Some(Node::Str(text)) if text.is_empty() => None,
            Some(_) => Some(Namespace::parse(required(object, &["metadata", "namespace"])?)?),
        };
        let uid = object.text_at(&["metadata", "uid"]).filter(|uid| !uid.is_empty()).map(Into::into);
        Ok(Self { gvk, namespace, name, uid })
    }

    /// Whether both name the same object: kind and group, namespace and name are the same, and the uids do not differ.
    #[must_use]
    pub fn same_object(&self, other: &Self) -> bool {
        self.gvk.is(other.gvk.group(), &other.gvk.kind)
            && self.namespace == other.namespace
            && self.name == other.name
            && (self.uid.is_none() || other.uid.is_none() || self.uid == other.uid)
    }
}

impl fmt::Display for ObjectRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.namespace {
            Some(namespace) => f.pad(&format!("{}/{namespace}/{}", self.gvk.kind, self.name)),
            None => f.pad(&format!("{}/{}", self.gvk.kind, self.name)),
        }
    }
}

/// A text that an object must have.
fn required<'a>(object: &'a Node, path: &[&str]) -> Result<&'a str, ObjectError> {
    let problem = match object.at(path) {
        Some(Node::Str(text)) if !text.is_empty() => return Ok(text),
        Some(Node::Str(_)) => format!("`{}` is empty", path.join(".")),
        Some(Node::Null) | None if object.as_map().is_none() => format!("it is {}", object.description()),
        Some(Node::Null) | None => format!("`{}` is absent", path.join(".")),
        Some(other) => format!("`{}` is {}, not a text", path.join("."), other.description()),
    };
    Err(ObjectError::NotAnObject { problem })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::{Explain, codes};

    #[test]
    fn reads_every_form_in_which_users_write_kinds() {
        let cases = [
            ("Pod", "Pod", None, None),
            ("pods", "pods", None, None),
            ("po", "po", None, None),
            ("deployments.apps", "deployments", Some("apps"), None),
            ("deployments.v1.apps", "deployments", Some("apps"), Some("v1")),
            ("deployments.v1", "deployments", None, Some("v1")),
            ("pods.v1.", "pods", Some(""), Some("v1")),
            ("apps/v1/Deployment", "Deployment", Some("apps"), Some("v1")),
            ("v1/Pod", "Pod", Some(""), Some("v1")),
            ("Certificate.cert-manager.io", "Certificate", Some("cert-manager.io"), None),
            ("certificates.v1beta1.cert-manager.io", "certificates", Some("cert-manager.io"), Some("v1beta1")),
            ("foos.version.example.com", "foos", Some("version.example.com"), None),
        ];
        for (text, name, group, version) in cases {
            let query = KindQuery::parse(text).unwrap();
            assert_eq!(
                (&*query.name, query.group.as_deref(), query.version.as_deref()),
                (name, group, version),
                "{text}"
            );
            assert_eq!(query.to_string(), text);
        }
    }

    #[test]
    fn refuses_texts_that_can_name_no_kind() {
        for text in [
            "",
            "a b",
            "pods/log",
            "../x",
            "a%2fb",
            "Pod#",
            "v1/",
            "/v1/Pod",
            "apps/v1/Deployment/x",
            ".apps",
            "pods.",
            "9x",
            "é",
            "a\n",
        ] {
            let error = KindQuery::parse(text).map(|query| format!("{query:?}"));
            if text == "pods." {
                // The explicit spelling of the core group.
                assert!(error.is_ok());
                continue;
            }
            assert_eq!(error.unwrap_err().code(), codes::UNKNOWN_KIND, "{text}");
        }
    }

    #[test]
    fn reads_and_prints_api_versions() {
        for (text, group, version, path) in [
            ("v1", "", "v1", "/api/v1"),
            ("apps/v1", "apps", "v1", "/apis/apps/v1"),
            ("a.b.io/v1beta1", "a.b.io", "v1beta1", "/apis/a.b.io/v1beta1"),
        ] {
            let parsed = GroupVersion::parse(text).unwrap();
            assert_eq!((&*parsed.group, &*parsed.version), (group, version));
            assert_eq!((parsed.to_string().as_str(), parsed.path().as_str()), (text, path));
        }
        for text in ["", "/", "/v1", "apps/", "a/b/c", "Apps/v1", "v1#", "..", "v1?x"] {
            assert_eq!(GroupVersion::parse(text).unwrap_err().code(), codes::INVALID_OBJECT, "{text}");
        }
    }

    fn object(metadata: Node) -> Node {
        Node::from([("apiVersion", "apps/v1".into()), ("kind", "Deployment".into()), ("metadata", metadata)])
    }

    #[test]
    fn refers_to_an_object_by_kind_namespace_and_name() {
        let web = object(Node::from([("name", "web".into()), ("namespace", "shop".into()), ("uid", "u1".into())]));
        let reference = ObjectRef::of(&web).unwrap();
        assert_eq!(reference.to_string(), "Deployment/shop/web");
        assert_eq!(reference.uid.as_deref(), Some("u1"));
        let node = Node::from([
            ("apiVersion", "v1".into()),
            ("kind", "Node".into()),
            ("metadata", [("name", "node-000".into())].into()),
        ]);
        assert_eq!(ObjectRef::of(&node).unwrap().to_string(), "Node/node-000");
        let mut replaced = reference.clone();
        assert!(reference.same_object(&replaced));
        replaced.uid = Some("u2".into());
        assert!(!reference.same_object(&replaced));
    }

    #[test]
    fn says_what_a_value_lacks_to_be_an_object() {
        let told = |node: &Node| ObjectRef::of(node).unwrap_err().to_string();
        assert_eq!(told(&Node::Int(3)), "not a Kubernetes object: it is an integer");
        assert_eq!(told(&Node::from([("kind", "Pod".into())])), "not a Kubernetes object: `apiVersion` is absent");
        assert_eq!(
            told(&object(Node::from([("name", Node::Int(3))]))),
            "not a Kubernetes object: `metadata.name` is an integer, not a text"
        );
        let error = ObjectRef::of(&object(Node::from([("name", "a#".into())]))).unwrap_err();
        assert_eq!(error.code(), codes::INVALID_NAME);
        let error =
            ObjectRef::of(&object(Node::from([("name", "a".into()), ("namespace", "../x".into())]))).unwrap_err();
        assert_eq!(error.code(), codes::INVALID_NAME);
    }
}
