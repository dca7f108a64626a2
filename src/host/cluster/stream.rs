//! Reads objects in one pass.

use super::arguments::{kind, list_options};
use super::handle::{Cluster, Stream};
use super::options::{FIELDS, LABELS, LIMIT, METADATA_ONLY, NAMESPACES, TIMEOUT};
use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "cluster",
    name: "stream",
    form: Form::Method(&[Type::Cluster]),
    summary: "Reads all objects of a kind in one pass, in constant memory.",
    details: "Nothing is read before the stream is used: by a `for` loop or one of its methods. Each use reads anew. A stream that the server forgets half-way ends with an error of kind `expired`, because what was handed out cannot be taken back.",
    params: &[Param { name: "kind", kind: Type::Kind, text: "The kind.", default: None }],
    options: &[NAMESPACES, LABELS, FIELDS, LIMIT, METADATA_ONLY, TIMEOUT],
    returns: Returns { kind: Type::Stream, text: "The objects, to be gone through." },
    errors: &[codes::UNKNOWN_KIND, codes::INVALID_SELECTOR, codes::FORBIDDEN, codes::EXPIRED],
    effect: Effect::Read,
    since: "0.1.0",
    examples: &[
        Example {
            title: "Count by phase",
            source: r#"cluster.stream("Pod", #{ namespace: "*" }).group_by("status.phase")"#,
            result: Expect::Cluster,
        },
        Example {
            title: "A loop",
            source: r#"for pod in cluster.stream("Pod") { if pod.status.phase == "Failed" { print(pod.name); } }"#,
            result: Expect::Cluster,
        },
    ],
    run: |call| stream(call),
};

fn stream(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (kind, options) = (kind(call, 0)?, list_options(call)?);
    let cluster = call.receiver::<Cluster>()?;
    Ok(Dynamic::from(Stream { host: call.host().clone(), cluster, kind, options }))
}
