//! Asks whether the caller may do something.

use super::arguments::{reach, scope, subresource};
use super::options::{NAMESPACES, SUBRESOURCE, TIMEOUT};
use crate::cluster::read::AccessOptions;
use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Opt, Param, Returns, Spec, Thrown, Type};
use crate::object::{KindQuery, Name};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "cluster",
    name: "can",
    form: Form::Method(&[Type::Cluster]),
    summary: "Whether the caller may do something, as `kubectl auth can-i` asks it.",
    details: "Admission rules may refuse still.",
    params: &[
        Param {
            name: "verb",
            kind: Type::Text,
            text: "The verb: `get`, `list`, `watch`, `create`, `update`, `patch`, `delete` and so on.",
            default: None,
        },
        Param { name: "kind", kind: Type::Kind, text: "The kind.", default: None },
    ],
    options: &[
        NAMESPACES,
        Opt { name: "name", kind: Type::Text, text: "The object.", default: "any" },
        SUBRESOURCE,
        TIMEOUT,
    ],
    returns: Returns { kind: Type::Boolean, text: "Whether it is allowed." },
    errors: &[codes::UNKNOWN_KIND, codes::FORBIDDEN],
    effect: Effect::Read,
    since: "0.1.0",
    examples: &[Example {
        title: "Before a drain",
        source: r#"assert(cluster.can("create", "Pod", #{ subresource: "eviction", namespace: "*" }), "may not evict pods")"#,
        result: Expect::Cluster,
    }],
    run: |call| can(call),
};

fn can(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (verb, kind) = (call.text(0)?, KindQuery::parse(&call.text(1)?)?);
    let mut options = AccessOptions::default();
    options.scope = scope(call)?;
    options.name = call.text_option("name").map(Name::parse).transpose()?;
    options.subresource = subresource(call)?;
    options.timeout = call.duration_option("timeout")?;
    let access = reach(call, async |target, context| {
        let resource = target.resolve(context, &kind).await?;
        target.can(context, &verb, &resource, &options).await
    })?;
    Ok(Dynamic::from_bool(access.is_allowed))
}
