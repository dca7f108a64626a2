//! Reads many objects at once.

use super::arguments::{kind, list_options, reach};
use super::options::{FIELDS, LABELS, LIMIT, METADATA_ONLY, NAMESPACES, TIMEOUT};
use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, List, Param, Returns, Spec, Thrown, Type, learn_secrets};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "cluster",
    name: "list",
    form: Form::Method(&[Type::Cluster]),
    summary: "Reads all objects of a kind, by pages where the server needs it.",
    details: "The list is kept whole; `cluster.stream` reads the same objects in constant memory.",
    params: &[Param {
        name: "kind",
        kind: Type::Kind,
        text: "The kind: `\"Pod\"`, `\"po\"`, `\"deployments.apps\"`.",
        default: None,
    }],
    options: &[NAMESPACES, LABELS, FIELDS, LIMIT, METADATA_ONLY, TIMEOUT],
    returns: Returns { kind: Type::List, text: "The objects, in the server's order." },
    errors: &[codes::UNKNOWN_KIND, codes::AMBIGUOUS_KIND, codes::INVALID_SELECTOR, codes::FORBIDDEN, codes::EXPIRED],
    effect: Effect::Read,
    since: "0.1.0",
    examples: &[
        Example {
            title: "Pods by phase",
            source: r#"cluster.list("Pod", #{ namespace: "*" }).group_by("status.phase")"#,
            result: Expect::Cluster,
        },
        Example {
            title: "Pods of one node",
            source: r#"cluster.list("Pod", #{ namespace: "*", fields: "spec.nodeName=node-000" }).len()"#,
            result: Expect::Cluster,
        },
    ],
    run: |call| list(call),
};

fn list(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (kind, options) = (kind(call, 0)?, list_options(call)?);
    let found = reach(call, async |target, context| {
        let found = target.list(context, &kind, &options).await?;
        Ok(List::live(target, found.items))
    })?;
    found.items.iter().for_each(|object| learn_secrets(call.host(), object));
    Ok(Dynamic::from(found))
}
