//! Changes parts of an object.

use super::arguments::{patch_options, reach_object, subject, subresource};
use super::options::{SUBRESOURCE, TIMEOUT};
use crate::cluster::write::Patch;
use crate::diag::codes;
use crate::diag::did_you_mean;
use crate::host::{Call, Effect, Example, Expect, Form, Opt, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "cluster",
    name: "patch",
    form: Form::Method(&[Type::Cluster]),
    summary: "Changes parts of an object.",
    details: "A merge patch (RFC 7386) merges maps and replaces everything else; `()` in it removes a field. A JSON patch (RFC 6902) is a list of operations. A strategic patch merges lists by their keys, for kinds of Kubernetes itself only.",
    params: &[
        Param {
            name: "reference",
            kind: Type::Reference,
            text: "The object: itself, its `.ref`, or `\"Kind/namespace/name\"`.",
            default: None,
        },
        Param {
            name: "patch",
            kind: Type::Any,
            text: "What to change: a map, or a list of operations for type `json`.",
            default: None,
        },
    ],
    options: &[
        Opt {
            name: "type",
            kind: Type::Text,
            text: "`\"merge\"`, `\"json\"` or `\"strategic\"`.",
            default: "\"merge\"",
        },
        SUBRESOURCE,
        TIMEOUT,
    ],
    returns: Returns { kind: Type::Object, text: "The object as it is afterwards." },
    errors: &[codes::NOT_FOUND, codes::FORBIDDEN, codes::CONFLICT, codes::INVALID, codes::INVALID_ARGUMENT],
    effect: Effect::Write,
    since: "0.1.0",
    examples: &[
        Example {
            title: "Pause a rollout",
            source: r#"cluster.patch("Deployment/shop/web", #{ spec: #{ paused: true } })"#,
            result: Expect::Cluster,
        },
        Example {
            title: "Remove a finalizer that is known",
            source: r#"cluster.patch(object, [#{ op: "remove", path: "/metadata/finalizers/0" }], #{ type: "json" })"#,
            result: Expect::Cluster,
        },
    ],
    run: |call| patch(call),
};

fn patch(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (subject, body) = (subject(call, 0)?, call.node(1)?);
    let patch = match call.text_option("type").unwrap_or("merge") {
        "merge" => Patch::Merge(body),
        "json" => Patch::Json(body),
        "strategic" => Patch::Strategic(body),
        other => {
            let hint = did_you_mean(other, ["merge", "json", "strategic"]);
            let why = format!("`{other}` is none of merge, json, strategic");
            return Err(call.invalid("option `type`", &why, hint).into());
        }
    };
    let mut options = patch_options(call)?;
    options.subresource = subresource(call)?;
    reach_object(call, async |target, context| {
        let reference = subject.resolve(target, context).await?;
        target.patch(context, &reference, &patch, &options).await
    })
}
