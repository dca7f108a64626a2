//! Pods.

use super::Readiness;
use crate::object::pod;
use crate::value::Node;

pub(super) fn pod(object: &Node) -> Readiness {
    match pod::phase(object) {
        Some("Succeeded") => Readiness::Ready,
        Some("Failed") => {
            let reason = object.text_at(&["status", "reason"]).unwrap_or("PodFailed");
            let message = match (object.text_at(&["status", "message"]), pod::worst_problem(object)) {
                (Some(message), _) if !message.is_empty() => message.to_owned(),
                (_, Some(problem)) => problem.to_string(),
                _ => "the pod has ended in error".to_owned(),
            };
            Readiness::failed(reason, message)
        }
        Some("Running") if pod::is_ready(object) => Readiness::Ready,
        Some(phase @ ("Running" | "Pending")) => on_its_way(object, phase),
        Some("" | "Unknown") | None => Readiness::progressing("PodNotObserved", "no kubelet has reported on the pod"),
        Some(other) => {
            Readiness::unknown("UnknownPhase", format!("no phase `{}` is known", crate::diag::printable(other)))
        }
    }
}

fn on_its_way(object: &Node, phase: &str) -> Readiness {
    if let Some(problem) = pod::worst_problem(object) {
        return Readiness::progressing(problem.reason.clone(), problem.to_string());
    }
    if let Some(message) = pod::unschedulable(object) {
        return Readiness::progressing("Unschedulable", message);
    }
    match phase {
        "Pending" => Readiness::progressing("PodPending", "the pod is pending"),
        _ => Readiness::progressing("PodRunningNotReady", "the pod runs but is not ready"),
    }
}
