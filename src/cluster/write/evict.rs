//! Asking for a pod to go, within its disruption budgets. Every answer that the server has for this is told apart.

use super::DryRun;
use crate::cluster::context::CallClass;
use crate::cluster::error::{Call, Error};
use crate::cluster::read::GetOptions;
use crate::cluster::request::{object_path, with_options};
use crate::cluster::target::{Outgoing, read_object};
use crate::cluster::{Context, Problem, Result, Scope, Status, Target};
use crate::object::{Namespace, ObjectRef};
use crate::value::json::ManagedFields;
use crate::value::{Map, Node};
use http::Method;
use std::sync::Arc;
use std::time::Duration;

/// How to evict.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct EvictOptions {
    /// Where the pod is if its reference names no namespace; the target's default unless said.
    pub scope: Scope,
    /// Seconds that the pod gets to end; its own unless said.
    pub grace_period: Option<u32>,
    /// Whether it is done.
    pub dry_run: DryRun,
    /// How long the call may take.
    pub timeout: Option<Duration>,
}

/// What a server answers to an eviction.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Eviction {
    /// The pod goes.
    Evicted,
    /// There is no such pod any more.
    Gone,
    /// Another pod has its name now; this one is gone.
    Replaced,
    /// A disruption budget is used up.
    Blocked {
        /// The budget, where the server names it.
        budget: Option<String>,
        /// What the server says: how many healthy pods the budget needs and how many there are.
        reason: String,
    },
    /// The controller has not looked at the budget since it was changed.
    NotYetObserved {
        /// The budget, where the server names it.
        budget: Option<String>,
        /// When to ask again.
        retry_after: Duration,
    },
    /// It can never be evicted as things are: several budgets select it, or a budget is broken.
    Refused {
        /// What the server says.
        reason: String,
    },
}

impl Target {
    /// Asks the server once to evict a pod. It may take 10 s to answer: it waits for a budget that changes under its hands.
    ///
    /// A reference with a uid evicts this very pod, not its successor of the same name (as in a StatefulSet).
    ///
    /// # Errors
    /// The caller may not evict, an admission rule denied it, the server failed; [`Error::InDoubt`] where the answer was lost
    /// and the pod is still there.
    pub async fn evict(&self, run: &Context, pod: &ObjectRef, options: &EvictOptions) -> Result<Eviction> {
        let resource = self.resolve_exactly(run, &pod.gvk).await?;
        let scope = pod.namespace.clone().map_or(options.scope.clone(), Scope::Namespace);
        let reference = ObjectRef { uid: pod.uid.clone(), ..self.reference(&resource, &scope, &pod.name)? };
        let call = self.call("evict", reference.to_string());
        if !pod.gvk.is("", "Pod") {
            return Err(Error::UnsupportedVerb { call, verb: "evict" });
        }
        let namespace = reference.namespace.as_ref().map(Namespace::as_str);
        let path = object_path(&resource, namespace, reference.name.as_str(), "eviction");
        let path = with_options(&path, &[("dryRun", options.dry_run.option())]);
        let body = eviction_body(&reference, options);
        let outgoing = Outgoing::new(Method::POST, path, CallClass::Once).json(&body).within(options.timeout);
        match self.fetch(run, &call, outgoing).await {
            Ok(bytes) => judge_success(&call, &bytes),
            Err(Error::Api { call, problem, status }) => judge(&call, problem, *status),
            Err(Error::InDoubt { call, cause }) => match self.find_ref(run, &reference, &GetOptions::default()).await {
                Ok(None) => Ok(Eviction::Evicted),
                Ok(Some(pod)) if pod.at(&["metadata", "deletionTimestamp"]).is_some() => Ok(Eviction::Evicted),
                Err(error) if error.problem() == Some(Problem::Replaced) => Ok(Eviction::Replaced),
                _ => Err(Error::InDoubt { call, cause }),
            },
            Err(error) => Err(error),
        }
    }
}

fn eviction_body(pod: &ObjectRef, options: &EvictOptions) -> Node {
    let mut delete = Map::new();
    if let Some(uid) = &pod.uid {
        delete.insert("preconditions", Node::from([("uid", Node::text(uid.clone()))]));
    }
    if let Some(seconds) = options.grace_period {
        delete.insert("gracePeriodSeconds", i64::from(seconds));
    }
    if let Some(all) = options.dry_run.option() {
        delete.insert("dryRun", Node::list(vec![all.into()]));
    }
    let namespace = pod.namespace.as_ref().map(|namespace| namespace.as_str().to_owned());
    Node::from([
        ("apiVersion", "policy/v1".into()),
        ("kind", "Eviction".into()),
        ("metadata", Node::from([("name", pod.name.as_str().into()), ("namespace", namespace.into())])),
        ("deleteOptions", delete.into()),
    ])
}

/// The server says some failures with a status of success: the body decides.
fn judge_success(call: &Arc<Call>, bytes: &[u8]) -> Result<Eviction> {
    let answer = read_object(call, bytes, ManagedFields::Drop)?;
    let failed = answer.text_at(&["kind"]) == Some("Status") && answer.text_at(&["status"]) == Some("Failure");
    match Status::from_json(bytes) {
        Some(status) if failed => judge(call, status.problem(), status),
        _ => Ok(Eviction::Evicted),
    }
}

fn judge(call: &Arc<Call>, problem: Problem, status: Status) -> Result<Eviction> {
    let says = |phrase: &str| status.message.contains(phrase);
    let has_broken_budget = says("more than one PodDisruptionBudget")
        || says("disruptions allowed is negative")
        || says("DisruptedPods map too big")
        || says("misconfigured");
    match problem {
        _ if has_broken_budget => Ok(Eviction::Refused { reason: status.message }),
        Problem::NotFound => Ok(Eviction::Gone),
        Problem::Replaced => Ok(Eviction::Replaced),
        Problem::NamespaceTerminating => Ok(Eviction::Refused { reason: status.message }),
        Problem::EvictionBlocked => Ok(blocked(&status)),
        _ => Err(Error::Api { call: call.clone(), problem, status: Box::new(status) }),
    }
}

fn blocked(status: &Status) -> Eviction {
    let cause = status.causes.iter().find(|cause| cause.reason == "DisruptionBudget");
    let said = cause.map_or(status.message.clone(), |cause| cause.message.clone());
    // `The disruption budget web needs 3 healthy pods and has 3 currently`, `… web is still being processed by the server.`
    let budget = said.strip_prefix("The disruption budget ").and_then(|rest| rest.split(' ').next()).map(str::to_owned);
    match status.retry_after {
        Some(retry_after) => Eviction::NotYetObserved { budget, retry_after },
        None => Eviction::Blocked { budget, reason: said },
    }
}

#[cfg(test)]
mod tests {
    use super::{Eviction, judge};
    use crate::cluster::error::Call;
    use crate::cluster::{Problem, Status};
    use std::time::Duration;

    fn answer(code: u16, rest: &str) -> crate::cluster::Result<Eviction> {
        let status = Status::parse(code, format!(r#"{{"kind":"Status","code":{code},{rest}}}"#).as_bytes(), None);
        judge(&Call::new(&"test".into(), "evict", "Pod/a"), status.problem(), status)
    }

    #[test]
    fn tells_every_answer_to_an_eviction_apart() {
        let causes = |text: &str| format!(r#""causes":[{{"reason":"DisruptionBudget","message":"{text}"}}]"#);
        let needs = causes("The disruption budget web needs 3 healthy pods and has 3 currently");
        let budget = Some("web".to_owned());
        let reason = "The disruption budget web needs 3 healthy pods and has 3 currently".to_owned();
        let blocked = answer(429, &format!(r#""message":"Cannot evict pod","details":{{{needs}}}"#)).unwrap();
        assert_eq!(blocked, Eviction::Blocked { budget: budget.clone(), reason });
        let later = causes("The disruption budget web is still being processed by the server.");
        let later =
            answer(429, &format!(r#""message":"Cannot evict pod","details":{{"retryAfterSeconds":10,{later}}}"#))
                .unwrap();
        assert_eq!(later, Eviction::NotYetObserved { budget, retry_after: Duration::from_secs(10) });
        let gone =
            answer(404, r#""reason":"NotFound","message":"pods \"a\" not found","details":{"name":"a","kind":"pods"}"#);
        assert_eq!(gone.unwrap(), Eviction::Gone);
        for (code, refused) in [
            (
                500,
                r#""message":"This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.""#,
            ),
            (403, r#""reason":"Forbidden","message":"pdb disruptions allowed is negative""#),
            (
                403,
                r#""reason":"Forbidden","message":"DisruptedPods map too big - too many evictions not confirmed by PDB controller""#,
            ),
            (403, r#""reason":"Forbidden","message":"x","details":{"causes":[{"reason":"NamespaceTerminating"}]}"#),
        ] {
            assert!(matches!(answer(code, refused), Ok(Eviction::Refused { .. })), "{code} {refused}");
        }
        let forbidden =
            answer(403, r#""message":"pods \"a\" is forbidden: User \"u\" cannot create resource \"pods/eviction\"""#);
        assert_eq!(forbidden.unwrap_err().problem(), Some(Problem::Forbidden));
    }
}
