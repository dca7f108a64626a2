//! Reads the events about an object.

use super::arguments::{reach, subject};
use super::options::TIMEOUT;
use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, List, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "cluster",
    name: "events",
    form: Form::Method(&[Type::Cluster]),
    summary: "Reads the events about an object, the latest last.",
    details: "Clusters keep events for about an hour. A reference that was read carries the uid: then only events about this very object are meant.",
    params: &[Param {
        name: "reference",
        kind: Type::Reference,
        text: "The object: itself, its `.ref`, or `\"Kind/namespace/name\"`.",
        default: None,
    }],
    options: &[TIMEOUT],
    returns: Returns { kind: Type::List, text: "Events of `events.k8s.io/v1`." },
    errors: &[codes::NOT_FOUND, codes::FORBIDDEN],
    effect: Effect::Read,
    since: "0.1.0",
    examples: &[Example {
        title: "The reasons",
        source: r#"cluster.events("Pod/shop/web-0").map(|event| event.reason)"#,
        result: Expect::Cluster,
    }],
    run: |call| events(call),
};

fn events(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (subject, timeout) = (subject(call, 0)?, call.duration_option("timeout")?);
    let events = reach(call, async |target, context| {
        let reference = subject.resolve(target, context).await?;
        Ok(List::live(target, target.events(context, &reference, timeout).await?))
    })?;
    Ok(Dynamic::from(events))
}
