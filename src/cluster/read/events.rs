//! What the cluster's controllers had to say about an object.

use super::ListOptions;
use crate::cluster::{Context, Error, Result, Scope, Target};
use crate::object::{FieldSelector, GroupVersion, GroupVersionKind, KindQuery, Namespace, ObjectRef};
use crate::value::Node;
use std::time::Duration;

impl Target {
    /// The events about an object, the latest last. Events live for an hour, so an old object may have none.
    ///
    /// With a uid in the reference only events about this very object are meant.
    ///
    /// # Errors
    /// Events cannot be listed.
    pub async fn events(&self, run: &Context, reference: &ObjectRef, timeout: Option<Duration>) -> Result<Vec<Node>> {
        let (kind, about) = match self.resolve_exactly(run, &event("events.k8s.io")).await {
            Ok(_) => (event("events.k8s.io"), "regarding"),
            Err(Error::UnknownKind { .. }) => (event(""), "involvedObject"),
            Err(error) => return Err(error),
        };
        let resource = self.resolve_exactly(run, &reference.gvk).await?;
        // Events about objects without a namespace are in `default`.
        let namespace = match (&reference.namespace, resource.namespaced) {
            (Some(namespace), _) => Some(namespace.clone()),
            (None, true) => Some(self.namespace().clone()),
            (None, false) => Namespace::parse("default").ok(),
        };
        let mut fields = FieldSelector::field(&format!("{about}.name"), reference.name.as_str())
            .and(&FieldSelector::field(&format!("{about}.kind"), &reference.gvk.kind));
        if let Some(uid) = &reference.uid {
            fields = fields.and(&FieldSelector::field(&format!("{about}.uid"), uid));
        }
        let options =
            ListOptions { scope: Scope::from(namespace), fields: Some(fields), timeout, ..ListOptions::default() };
        let mut events = self.list(run, &KindQuery::from(&kind), &options).await?.items;
        events.sort_by(|one, other| last_seen(one).cmp(last_seen(other)));
        Ok(events)
    }
}

fn event(group: &str) -> GroupVersionKind {
    let group_version = GroupVersion { group: group.into(), version: "v1".into() };
    GroupVersionKind { group_version, kind: "Event".into() }
}

/// When an event happened last, in any of the forms that its writers use. RFC 3339 in UTC sorts as text.
fn last_seen(event: &Node) -> &str {
    const PLACES: [&[&str]; 7] = [
        &["series", "lastObservedTime"],
        &["deprecatedLastTimestamp"],
        &["lastTimestamp"],
        &["eventTime"],
        &["deprecatedFirstTimestamp"],
        &["firstTimestamp"],
        &["metadata", "creationTimestamp"],
    ];
    PLACES.iter().find_map(|place| event.text_at(place).filter(|time| !time.is_empty())).unwrap_or_default()
}
