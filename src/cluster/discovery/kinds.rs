//! [`Kinds`]: what a cluster serves, and which of it a name means. Pure.

use crate::cluster::{Error, Result};
use crate::diag::closest;
use crate::object::{GroupVersion, GroupVersionKind, KindQuery};
use std::sync::Arc;

/// A kind as a cluster serves it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Resource {
    /// API group, empty for the core group.
    pub group: Arc<str>,
    /// API version.
    pub version: Arc<str>,
    /// The kind, as in `Deployment`.
    pub kind: Arc<str>,
    /// The plural in paths, as in `deployments`.
    pub plural: Arc<str>,
    /// The singular; may be empty.
    pub singular: Arc<str>,
    /// Short names, as in `deploy`.
    pub short_names: Vec<Arc<str>>,
    /// Whether objects live in a namespace.
    pub namespaced: bool,
    /// What can be done with it.
    pub verbs: Vec<Arc<str>>,
    /// What objects have beside themselves, as in `status`.
    pub subresources: Vec<Subresource>,
}

/// A subresource as a cluster serves it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Subresource {
    /// Its name, as in `scale`.
    pub name: Arc<str>,
    /// What can be done with it.
    pub verbs: Vec<Arc<str>>,
}

impl Resource {
    /// Its `apiVersion`, as in `apps/v1`.
    #[must_use]
    pub fn api_version(&self) -> String {
        if self.group.is_empty() { self.version.to_string() } else { format!("{}/{}", self.group, self.version) }
    }

    /// Its group, version and kind.
    #[must_use]
    pub fn gvk(&self) -> GroupVersionKind {
        let group_version = GroupVersion { group: self.group.clone(), version: self.version.clone() };
        GroupVersionKind { group_version, kind: self.kind.clone() }
    }

    /// Whether the server offers that verb for it.
    #[must_use]
    pub fn offers(&self, verb: &str) -> bool {
        self.verbs.iter().any(|known| &**known == verb)
    }

    /// Its subresource of that name.
    #[must_use]
    pub fn subresource(&self, name: &str) -> Option<&Subresource> {
        self.subresources.iter().find(|subresource| &*subresource.name == name)
    }

    /// How to name it so that nothing else is meant: `deployments.apps`, `pods`.
    #[must_use]
    pub fn qualified(&self) -> String {
        if self.group.is_empty() { self.plural.to_string() } else { format!("{}.{}", self.plural, self.group) }
    }

    /// How well a name fits: 2 for its kind, plural or singular, 1 for a short name.
    fn fit(&self, name: &str) -> u8 {
        let is = |known: &str| known.eq_ignore_ascii_case(name);
        if is(&self.kind) || is(&self.plural) || is(&self.singular) {
            return 2;
        }
        u8::from(self.short_names.iter().any(|known| is(known)))
    }
}

/// All kinds of a cluster, groups in the server's order, a group's versions with the preferred one first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kinds {
    resources: Vec<Arc<Resource>>,
}

impl Kinds {
    pub(crate) fn new(resources: Vec<Resource>) -> Self {
        Self { resources: resources.into_iter().map(Arc::new).collect() }
    }

    /// Every kind in every version.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Resource>> {
        self.resources.iter()
    }

    /// Every kind once, in the version that the server prefers.
    pub fn preferred(&self) -> impl Iterator<Item = &Arc<Resource>> {
        let mut seen = std::collections::HashSet::new();
        self.resources.iter().filter(move |resource| seen.insert((resource.group.clone(), resource.plural.clone())))
    }

    pub(super) fn resolve(&self, cluster: &Arc<str>, query: &KindQuery) -> Result<Arc<Resource>> {
        let admitted = || self.resources.iter().filter(|resource| query.admits(&resource.group, &resource.version));
        let best = admitted().map(|resource| resource.fit(&query.name)).max().unwrap_or_default();
        if best == 0 {
            return Err(self.unknown(cluster, query));
        }
        // The first of each group and plural is in the preferred version.
        let mut candidates: Vec<&Arc<Resource>> = Vec::new();
        for resource in admitted().filter(|resource| resource.fit(&query.name) == best) {
            let same = |known: &&Arc<Resource>| known.group == resource.group && known.plural == resource.plural;
            if !candidates.iter().any(same) {
                candidates.push(resource);
            }
        }
        let built_in = candidates.iter().find(|resource| is_built_in(&resource.group));
        match (candidates.as_slice(), built_in) {
            ([only], _) => Ok((*only).clone()),
            (_, Some(own)) => Ok((*own).clone()),
            _ => Err(Error::AmbiguousKind {
                cluster: cluster.clone(),
                kind: query.to_string(),
                candidates: candidates.iter().map(|resource| format!("`{}`", resource.qualified())).collect(),
            }),
        }
    }

    fn unknown(&self, cluster: &Arc<str>, query: &KindQuery) -> Error {
        let named = |resource: &&Arc<Resource>| resource.fit(&query.name) > 0;
        let found = self.preferred().find(named).or_else(|| {
            let names = self.preferred().flat_map(|resource| [&*resource.kind, &*resource.plural]);
            let name = closest(&query.name, names)?;
            self.preferred().find(|resource| &*resource.kind == name || &*resource.plural == name)
        });
        let similar = found.map(|resource| format!("`{}` ({})", resource.kind, resource.api_version()));
        Error::UnknownKind { cluster: cluster.clone(), kind: query.to_string(), similar }
    }
}

/// Whether a group is one of Kubernetes itself: what people mean who name no group.
fn is_built_in(group: &str) -> bool {
    const SHORT: [&str; 6] = ["", "apps", "batch", "autoscaling", "policy", "extensions"];
    /// Of the groups under `k8s.io`, those of the API server; CRDs of Kubernetes projects have others, or `x-k8s.io`.
    const LONG: [&str; 14] = [
        "admissionregistration",
        "apiextensions",
        "apiregistration",
        "authentication",
        "authorization",
        "certificates",
        "coordination",
        "discovery",
        "events",
        "flowcontrol.apiserver",
        "networking",
        "node",
        "rbac.authorization",
        "scheduling",
    ];
    let known = |group: &str| LONG.contains(&group) || matches!(group, "storage" | "resource" | "storagemigration");
    SHORT.contains(&group) || group.strip_suffix(".k8s.io").is_some_and(known)
}
