//! What all objects have in common: deletion, generations, and the conditions `Reconciling`, `Stalled` and `Ready`.

use super::Readiness;
use crate::object::meta::{self, Condition};
use crate::value::Node;

/// The verdict where no rule of the kind is needed.
pub(super) fn common(object: &Node) -> Option<Readiness> {
    if meta::is_being_deleted(object) {
        let held = meta::finalizers(object);
        let message = match held.len() {
            0 => "it is being deleted".to_owned(),
            _ => format!("it is being deleted, held by {}", held.join(", ")),
        };
        return Some(Readiness::progressing("Terminating", message));
    }
    // An absent or unreadable observedGeneration says nothing either way.
    if let (Some(wanted), Some(seen)) = (meta::generation(object), meta::observed_generation(object))
        && wanted != seen
    {
        let message = format!("its controller has seen generation {seen}, not yet {wanted}");
        return Some(Readiness::progressing("LatestGenerationNotObserved", message));
    }
    let conditions = meta::conditions(object);
    let found = conditions.iter().find(|one| one.is_true() && matches!(one.name, "Reconciling" | "Stalled"))?;
    Some(match found.name {
        "Stalled" => Readiness::failed(found.reason, found.message),
        _ => Readiness::progressing(found.reason, found.message),
    })
}

/// The verdict of a condition `Ready`; ready where there is none.
pub(super) fn ready_condition(object: &Node) -> Readiness {
    let Some(ready) = meta::condition(object, "Ready") else { return Readiness::Ready };
    let outdated = meta::generation(object).zip(ready.observed_generation).filter(|(wanted, seen)| seen < wanted);
    match outdated {
        Some((wanted, seen)) => {
            let message = format!("condition Ready is for generation {seen}, not yet for {wanted}");
            Readiness::progressing("LatestGenerationNotObserved", message)
        }
        None if ready.is_true() => Readiness::Ready,
        None => not_true(&ready),
    }
}

/// On its way, in the words of a condition that is not true.
pub(super) fn not_true(condition: &Condition<'_>) -> Readiness {
    let message = match condition.message {
        "" => format!("condition {} is {}", condition.name, condition.status),
        message => message.to_owned(),
    };
    Readiness::progressing(condition.reason, message)
}
