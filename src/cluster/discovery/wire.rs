//! The forms in which servers describe their kinds. Fields that are not used are not read.

use super::kinds::{Resource, Subresource};
use serde::Deserialize;
use std::sync::Arc;

/// `APIGroupDiscoveryList`, v2 and v2beta1 alike.
#[derive(Deserialize)]
pub(super) struct Aggregated {
    #[serde(default)]
    pub(super) items: Vec<AggregatedGroup>,
}

#[derive(Deserialize)]
pub(super) struct AggregatedGroup {
    #[serde(default)]
    metadata: GroupMetadata,
    #[serde(default)]
    versions: Vec<AggregatedVersion>,
}

#[derive(Deserialize, Default)]
struct GroupMetadata {
    #[serde(default)]
    name: String,
}

#[derive(Deserialize)]
struct AggregatedVersion {
    version: String,
    #[serde(default)]
    freshness: String,
    #[serde(default)]
    resources: Vec<AggregatedResource>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AggregatedResource {
    resource: String,
    response_kind: Option<ResponseKind>,
    #[serde(default)]
    scope: String,
    #[serde(default)]
    singular_resource: String,
    #[serde(default)]
    short_names: Vec<String>,
    #[serde(default)]
    verbs: Vec<String>,
    #[serde(default)]
    subresources: Vec<AggregatedSubresource>,
}

#[derive(Deserialize)]
struct AggregatedSubresource {
    subresource: String,
    #[serde(default)]
    verbs: Vec<String>,
}

#[derive(Deserialize)]
struct ResponseKind {
    #[serde(default)]
    kind: String,
}

impl AggregatedGroup {
    /// Adds the group's kinds; a version whose server is away is added to `stale` as `group/version`.
    pub(super) fn unfold(self, resources: &mut Vec<Resource>, stale: &mut Vec<String>) {
        let group: Arc<str> = self.metadata.name.into();
        for version in self.versions {
            if version.freshness == "Stale" {
                stale.push(format!("{group}/{}", version.version));
            }
            let name: Arc<str> = version.version.into();
            resources.extend(version.resources.into_iter().map(|resource| resource.unfold(&group, &name)));
        }
    }
}

impl AggregatedResource {
    fn unfold(self, group: &Arc<str>, version: &Arc<str>) -> Resource {
        let subresources = self
            .subresources
            .into_iter()
            .map(|subresource| Subresource { name: subresource.subresource.into(), verbs: shared(subresource.verbs) });
        Resource {
            group: group.clone(),
            version: version.clone(),
            kind: self.response_kind.map(|kind| kind.kind).unwrap_or_default().into(),
            plural: self.resource.into(),
            singular: self.singular_resource.into(),
            short_names: shared(self.short_names),
            namespaced: self.scope == "Namespaced",
            verbs: shared(self.verbs),
            subresources: subresources.collect(),
        }
    }
}

/// `APIVersions`, the answer of `/api`.
#[derive(Deserialize)]
pub(super) struct CoreVersions {
    #[serde(default)]
    pub(super) versions: Vec<String>,
}

/// `APIGroupList`, the answer of `/apis`.
#[derive(Deserialize)]
pub(super) struct Groups {
    #[serde(default)]
    pub(super) groups: Vec<Group>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Group {
    #[serde(default)]
    versions: Vec<GroupVersion>,
    preferred_version: Option<GroupVersion>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GroupVersion {
    group_version: String,
}

impl Group {
    /// Its versions as `group/version`, the preferred one first.
    pub(super) fn versions(self) -> Vec<String> {
        let mut versions: Vec<String> = self.versions.into_iter().map(|version| version.group_version).collect();
        if let Some(preferred) = self.preferred_version {
            // Stable: the others keep the server's order.
            versions.sort_by_key(|version| *version != preferred.group_version);
        }
        versions
    }
}

/// `APIResourceList`, the answer of `/apis/<group>/<version>`.
#[derive(Deserialize)]
pub(super) struct Listed {
    #[serde(default)]
    resources: Vec<ListedResource>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ListedResource {
    name: String,
    #[serde(default)]
    singular_name: String,
    #[serde(default)]
    namespaced: bool,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    verbs: Vec<String>,
    #[serde(default)]
    short_names: Vec<String>,
}

impl Listed {
    /// The kinds; `pods/status` becomes a subresource of `pods`.
    pub(super) fn unfold(self, group: &str, version: &str) -> Vec<Resource> {
        let (group, version): (Arc<str>, Arc<str>) = (group.into(), version.into());
        let (inner, outer): (Vec<_>, Vec<_>) =
            self.resources.into_iter().partition(|resource| resource.name.contains('/'));
        let mut resources: Vec<Resource> =
            outer.into_iter().map(|resource| resource.unfold(&group, &version)).collect();
        for subresource in inner {
            let Some((plural, name)) = subresource.name.split_once('/') else { continue };
            if let Some(owner) = resources.iter_mut().find(|resource| &*resource.plural == plural) {
                owner.subresources.push(Subresource { name: name.into(), verbs: shared(subresource.verbs) });
            }
        }
        resources
    }
}

impl ListedResource {
    fn unfold(self, group: &Arc<str>, version: &Arc<str>) -> Resource {
        Resource {
            group: group.clone(),
            version: version.clone(),
            kind: self.kind.into(),
            plural: self.name.into(),
            singular: self.singular_name.into(),
            short_names: shared(self.short_names),
            namespaced: self.namespaced,
            verbs: shared(self.verbs),
            subresources: Vec::new(),
        }
    }
}

fn shared(texts: Vec<String>) -> Vec<Arc<str>> {
    texts.into_iter().map(Arc::from).collect()
}
