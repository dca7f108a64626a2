//! A disruption budget as the scheduler sees it: whom it guards, what it allows now, and whether it ever will. Pure.
//!
//! The rules are those of the API server (`pkg/registry/core/pod/storage/eviction.go`) and of the disruption controller.

use crate::object::{LabelSelector, meta, pod};
use crate::value::{Map, Node};
use std::collections::HashSet;

/// What a budget says about one pod.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Toll {
    /// It may go without counting.
    Free,
    /// It takes one of the disruptions that are allowed.
    One,
}

/// Why a budget will not allow a disruption however long one waits.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Never {
    /// Why, as in `it needs 3 healthy pods of 3`.
    pub why: String,
    /// What would help.
    pub help: String,
}

/// The facts of a `PodDisruptionBudget`.
#[derive(Debug, Clone)]
pub(super) struct Budget {
    pub(super) namespace: String,
    pub(super) name: String,
    /// None selects nothing, as in `policy/v1`.
    selector: Option<LabelSelector>,
    always_lets_unready_go: bool,
    /// `disruptionsAllowed`; 0 while the status is about an older spec.
    pub(super) allowed: i64,
    pub(super) healthy: i64,
    pub(super) desired: i64,
    expected: i64,
    /// Whether the controller has looked at the spec as it is.
    pub(super) is_observed: bool,
    never_unavailable: bool,
    /// Why the controller cannot compute it.
    failure: Option<String>,
    /// Names of pods whose eviction is part of `allowed` already.
    pub(super) disrupted: HashSet<String>,
}

impl Budget {
    /// Reads it. A selector that does not parse selects nothing; the API server takes no such budget.
    pub(super) fn of(object: &Node) -> Self {
        let number = |field: &str| object.int_at(&["status", field]).unwrap_or(0);
        let is_observed = meta::observed_generation(object) >= meta::generation(object);
        let selector = object.at(&["spec", "selector"]).filter(|node| !node.is_null());
        let failure = meta::condition(object, "DisruptionAllowed")
            .filter(|condition| condition.reason == "SyncFailed")
            .map(|condition| condition.message.to_owned());
        let disrupted = object.at(&["status", "disruptedPods"]).and_then(Node::as_map);
        Self {
            namespace: meta::namespace(object).unwrap_or_default().to_owned(),
            name: meta::name(object).unwrap_or_default().to_owned(),
            selector: selector.and_then(|node| LabelSelector::from_node(node).ok()),
            always_lets_unready_go: object.text_at(&["spec", "unhealthyPodEvictionPolicy"]) == Some("AlwaysAllow"),
            allowed: if is_observed { number("disruptionsAllowed") } else { 0 },
            healthy: number("currentHealthy"),
            desired: number("desiredHealthy"),
            expected: number("expectedPods"),
            is_observed,
            never_unavailable: object.at(&["spec", "maxUnavailable"]).is_some_and(is_nothing),
            failure,
            disrupted: disrupted.into_iter().flat_map(Map::keys).map(ToString::to_string).collect(),
        }
    }

    /// `shop/web`
    pub(super) fn title(&self) -> String {
        format!("{}/{}", self.namespace, self.name)
    }

    pub(super) fn guards(&self, object: &Node) -> bool {
        meta::namespace(object) == Some(&self.namespace)
            && self.selector.as_ref().is_some_and(|selector| selector.selects(object))
    }

    /// What the eviction of a pod that it guards takes.
    pub(super) fn toll(&self, is_ready: bool) -> Toll {
        let has_enough = self.healthy >= self.desired && self.desired > 0;
        if !is_ready && (self.always_lets_unready_go || has_enough) { Toll::Free } else { Toll::One }
    }

    /// Why it will never allow a disruption as things are.
    pub(super) fn never(&self) -> Option<Never> {
        let title = self.title();
        if self.allowed > 0 {
            return None;
        }
        if self.never_unavailable {
            let help = format!("set `maxUnavailable` of budget {title} to at least 1 for the time of the maintenance");
            return Some(Never { why: format!("budget {title} allows no pod to be unavailable"), help });
        }
        if let Some(failure) = &self.failure {
            let help =
                "a budget of a percentage, or with `maxUnavailable`, works only for pods of a scalable controller";
            return Some(Never { why: format!("budget {title} cannot be computed: {failure}"), help: help.to_owned() });
        }
        if self.is_observed && self.expected > 0 && self.desired >= self.expected {
            let why = format!("budget {title} needs {} healthy pods of {}", self.desired, self.expected);
            let help = format!(
                "run more than {} replicas or lower `minAvailable`; a rolling restart starts the replacements first",
                self.desired
            );
            return Some(Never { why, help });
        }
        None
    }

    /// `budget shop/web (0 allowed, 2 of 3 needed pods healthy)`
    pub(super) fn state(&self) -> String {
        if !self.is_observed {
            return format!("budget {} (not observed by its controller yet)", self.title());
        }
        let (allowed, healthy, desired) = (self.allowed.max(0), self.healthy, self.desired);
        format!("budget {} ({allowed} allowed, {healthy} pods healthy, {desired} needed)", self.title())
    }
}

/// Whether budgets do not count at all for the pod, as the API server has it.
pub(super) fn is_exempt(object: &Node) -> bool {
    pod::is_finished(object) || pod::phase(object) == Some("Pending") || meta::is_being_deleted(object)
}

fn is_nothing(value: &Node) -> bool {
    match value {
        Node::Str(text) => text.trim_end_matches('%').parse() == Ok(0_u32),
        other => other.as_i64() == Some(0),
    }
}

#[cfg(test)]
mod tests {
    use super::{Budget, Toll};
    use crate::value::Node;

    fn budget(spec: &str, status: &str) -> Budget {
        let text = format!(
            r#"{{"metadata":{{"name":"web","namespace":"shop","generation":1}},"spec":{{"selector":{{"matchLabels":{{"app":"web"}}}},{spec}}},"status":{{"observedGeneration":1,{status}}}}}"#
        );
        Budget::of(&serde_json::from_str::<Node>(&text).unwrap())
    }

    #[test]
    fn tells_a_budget_that_can_never_be_met_from_one_that_is_used_up() {
        let never = |spec: &str, status: &str| budget(spec, status).never().map(|never| never.why);
        let full = r#""disruptionsAllowed":0,"currentHealthy":3,"desiredHealthy":3,"expectedPods":3"#;
        assert_eq!(never(r#""minAvailable":3"#, full).unwrap(), "budget shop/web needs 3 healthy pods of 3");
        let none = "budget shop/web allows no pod to be unavailable";
        assert_eq!(never(r#""maxUnavailable":0"#, full).unwrap(), none);
        assert_eq!(never(r#""maxUnavailable":"0%""#, full).unwrap(), none);
        let used_up = r#""disruptionsAllowed":0,"currentHealthy":2,"desiredHealthy":2,"expectedPods":3"#;
        assert_eq!(never(r#""minAvailable":2"#, used_up), None);
        // During a rolling update there are more pods than expected.
        let surging = r#""disruptionsAllowed":1,"currentHealthy":2,"desiredHealthy":1,"expectedPods":1"#;
        assert_eq!(never(r#""minAvailable":1"#, surging), None);
        let failed = r#""disruptionsAllowed":0,"conditions":[{"type":"DisruptionAllowed","status":"False","reason":"SyncFailed","message":"no controllers"}]"#;
        assert!(never(r#""maxUnavailable":1"#, failed).unwrap().ends_with("no controllers"));
    }

    #[test]
    fn a_status_about_an_older_spec_allows_nothing() {
        let old = r#"{"metadata":{"generation":2},"spec":{},"status":{"observedGeneration":1,"disruptionsAllowed":5}}"#;
        let old = Budget::of(&serde_json::from_str::<Node>(old).unwrap());
        assert_eq!((old.allowed, old.is_observed), (0, false));
        let new = r#"{"metadata":{"generation":1},"spec":{}}"#;
        assert!(!Budget::of(&serde_json::from_str::<Node>(new).unwrap()).is_observed);
    }

    #[test]
    fn pods_that_are_not_ready_go_as_the_budget_says() {
        let enough = r#""currentHealthy":2,"desiredHealthy":2,"expectedPods":3"#;
        let short = r#""currentHealthy":1,"desiredHealthy":2,"expectedPods":3"#;
        let always = r#""minAvailable":2,"unhealthyPodEvictionPolicy":"AlwaysAllow""#;
        assert_eq!(budget(r#""minAvailable":2"#, enough).toll(true), Toll::One);
        assert_eq!(budget(r#""minAvailable":2"#, enough).toll(false), Toll::Free);
        assert_eq!(budget(r#""minAvailable":2"#, short).toll(false), Toll::One);
        assert_eq!(budget(always, short).toll(false), Toll::Free);
        assert_eq!(budget(always, short).toll(true), Toll::One);
    }

    #[test]
    fn guards_pods_of_its_namespace_and_selector() {
        let guards = |namespace: &str, app: &str| {
            let pod = format!(r#"{{"metadata":{{"namespace":"{namespace}","labels":{{"app":"{app}"}}}}}}"#);
            budget(r#""minAvailable":1"#, r#""expectedPods":1"#).guards(&serde_json::from_str::<Node>(&pod).unwrap())
        };
        assert!(guards("shop", "web"));
        assert!(!guards("shop", "api"));
        assert!(!guards("other", "web"));
        let pod: Node = serde_json::from_str(r#"{"metadata":{"namespace":"shop"}}"#).unwrap();
        let all = r#"{"metadata":{"namespace":"shop"},"spec":{"selector":{}}}"#;
        assert!(Budget::of(&serde_json::from_str::<Node>(all).unwrap()).guards(&pod));
        let none = r#"{"metadata":{"namespace":"shop"},"spec":{}}"#;
        assert!(!Budget::of(&serde_json::from_str::<Node>(none).unwrap()).guards(&pod));
    }
}
