//! In which order objects are applied: what others are made of first, what can refuse others last.
//!
//! Deletion goes the other way round. The order is that of Flux (`fluxcd/pkg`, `ssa/sort.go`) in coarser steps.

use super::meta;
use crate::value::Node;

/// A step of an apply. All objects of one step can be applied at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ApplyStep {
    /// Custom resource definitions and namespaces: nothing of theirs can exist without them. The next step waits until the
    /// definitions are established.
    Definitions,
    /// What governs others: classes, priorities, quotas, roles, accounts.
    Governance,
    /// What workloads read when they start: configuration, secrets, services, volumes.
    Configuration,
    /// Everything else.
    Rest,
    /// What can refuse all the above: admission webhooks and policies, aggregated APIs.
    Admission,
}

/// The step an object belongs to.
#[must_use]
pub fn step(object: &Node) -> ApplyStep {
    let (group, kind) = (meta::group(object).unwrap_or(""), meta::kind(object).unwrap_or(""));
    match (group, kind) {
        ("apiextensions.k8s.io", "CustomResourceDefinition") | ("", "Namespace") => ApplyStep::Definitions,
        ("admissionregistration.k8s.io", _) | ("apiregistration.k8s.io", "APIService") => ApplyStep::Admission,
        ("storage.k8s.io" | "scheduling.k8s.io" | "node.k8s.io" | "rbac.authorization.k8s.io", _)
        | (
            "networking.k8s.io" | "gateway.networking.k8s.io" | "resource.k8s.io",
            "IngressClass" | "GatewayClass" | "DeviceClass",
        )
        | ("", "ResourceQuota" | "LimitRange" | "ServiceAccount") => ApplyStep::Governance,
        ("", "ConfigMap" | "Secret" | "Service" | "PersistentVolume" | "PersistentVolumeClaim" | "Endpoints")
        | ("networking.k8s.io", "NetworkPolicy") => ApplyStep::Configuration,
        _ => ApplyStep::Rest,
    }
}

/// Sorts objects for an apply. Objects of one step keep the author's order.
pub fn sort_for_apply(objects: &mut [Node]) {
    objects.sort_by_key(step);
}

/// Sorts objects for their deletion: the reverse of [`sort_for_apply`].
pub fn sort_for_delete(objects: &mut [Node]) {
    sort_for_apply(objects);
    objects.reverse();
}

#[cfg(test)]
mod tests {
    use super::{sort_for_apply, sort_for_delete};
    use crate::object::meta;
    use crate::value::Node;

    fn objects(kinds: &[(&str, &str)]) -> Vec<Node> {
        kinds.iter().map(|(api, kind)| Node::from([("apiVersion", (*api).into()), ("kind", (*kind).into())])).collect()
    }

    fn kinds(objects: &[Node]) -> Vec<&str> {
        objects.iter().filter_map(meta::kind).collect()
    }

    #[test]
    fn applies_definitions_first_and_webhooks_last() {
        let mut given = objects(&[
            ("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration"),
            ("apps/v1", "Deployment"),
            ("example.com/v1", "Foo"),
            ("v1", "ConfigMap"),
            ("rbac.authorization.k8s.io/v1", "ClusterRole"),
            ("v1", "Namespace"),
            // A kind of that name in a stranger's group is nothing special.
            ("example.com/v1", "Namespace"),
            ("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
        ]);
        sort_for_apply(&mut given);
        let order = [
            "Namespace",
            "CustomResourceDefinition",
            "ClusterRole",
            "ConfigMap",
            "Deployment",
            "Foo",
            "Namespace",
            "ValidatingWebhookConfiguration",
        ];
        assert_eq!(kinds(&given), order);
        sort_for_delete(&mut given);
        assert_eq!(kinds(&given).first().copied(), Some("ValidatingWebhookConfiguration"));
        assert_eq!(kinds(&given).last().copied(), Some("Namespace"));
    }
}
