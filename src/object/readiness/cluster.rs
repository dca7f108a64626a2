//! Everything that is neither a pod nor runs one: services, volumes, namespaces, nodes, definitions, APIs.

use super::Readiness;
use super::generic::not_true;
use crate::object::meta;
use crate::value::Node;

pub(super) fn service(object: &Node) -> Readiness {
    if object.text_at(&["spec", "type"]) != Some("LoadBalancer") {
        return Readiness::Ready;
    }
    if object.text_at(&["spec", "clusterIP"]).unwrap_or("").is_empty() {
        return Readiness::progressing("NoIPAssigned", "no cluster IP is assigned");
    }
    let outside = !object.items_at(&["spec", "externalIPs"]).is_empty();
    if outside || !object.items_at(&["status", "loadBalancer", "ingress"]).is_empty() {
        return Readiness::Ready;
    }
    Readiness::progressing("NoLoadBalancer", "the load balancer has no address")
}

pub(super) fn volume_claim(object: &Node) -> Readiness {
    match object.text_at(&["status", "phase"]) {
        Some("Bound") => Readiness::Ready,
        Some("Lost") => Readiness::failed("Lost", "the volume of the claim is gone"),
        phase => Readiness::progressing("NotBound", format!("the claim is {}", phase.unwrap_or("not observed"))),
    }
}

pub(super) fn volume(object: &Node) -> Readiness {
    match object.text_at(&["status", "phase"]) {
        Some("Available" | "Bound" | "Released") => Readiness::Ready,
        Some("Failed") => {
            let message = object.text_at(&["status", "message"]).unwrap_or("the volume could not be reclaimed");
            Readiness::failed(object.text_at(&["status", "reason"]).unwrap_or("Failed"), message)
        }
        phase => Readiness::progressing("NotAvailable", format!("the volume is {}", phase.unwrap_or("not observed"))),
    }
}

pub(super) fn namespace(object: &Node) -> Readiness {
    match object.text_at(&["status", "phase"]) {
        Some("Active") => Readiness::Ready,
        phase => Readiness::progressing("NotActive", format!("the namespace is {}", phase.unwrap_or("not observed"))),
    }
}

/// A cordoned node is ready: it runs its pods.
pub(super) fn node(object: &Node) -> Readiness {
    match meta::condition(object, "Ready") {
        Some(ready) if ready.is_true() => Readiness::Ready,
        Some(ready) => not_true(&ready),
        None => Readiness::progressing("NodeNotObserved", "no kubelet has reported on the node"),
    }
}

/// Ready once its controller has counted; how much it allows is another question.
pub(super) fn disruption_budget(object: &Node) -> Readiness {
    match meta::condition(object, "DisruptionAllowed") {
        Some(allowed) if allowed.reason == "SyncFailed" => not_true(&allowed),
        _ => Readiness::Ready,
    }
}

pub(super) fn autoscaler(object: &Node) -> Readiness {
    let unable = meta::condition(object, "AbleToScale").filter(|able| !able.is_true());
    // A target of no replicas is not scaled, on purpose.
    let idle = meta::condition(object, "ScalingActive").filter(|one| !one.is_true() && one.reason != "ScalingDisabled");
    unable.or(idle).map_or(Readiness::Ready, |condition| not_true(&condition))
}

pub(super) fn definition(object: &Node) -> Readiness {
    if let Some(names) = meta::condition(object, "NamesAccepted").filter(meta::Condition::is_false) {
        return Readiness::failed(names.reason, names.message);
    }
    match meta::condition(object, "Established") {
        Some(established) if established.is_true() => Readiness::Ready,
        Some(established) if established.is_false() && established.reason != "Installing" => {
            Readiness::failed(established.reason, established.message)
        }
        _ => Readiness::progressing("Installing", "the definition is not established yet"),
    }
}

pub(super) fn api_service(object: &Node) -> Readiness {
    match meta::condition(object, "Available") {
        Some(available) if available.is_true() => Readiness::Ready,
        Some(available) => not_true(&available),
        None => Readiness::progressing("NotObserved", "its controller has not reported on the API service"),
    }
}
