//! What a script can ask about its target: name, default namespace, version.

use super::arguments::reach;
use super::handle::Cluster;
use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const NAME: Spec = Spec {
    group: "cluster",
    name: "name",
    form: Form::Property(&[Type::Cluster]),
    summary: "The target's name.",
    details: "For a kubeconfig this is the context's name. Nothing is sent.",
    params: &[],
    options: &[],
    returns: Returns { kind: Type::Text, text: "The name; empty where no cluster is configured." },
    errors: &[],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[Example { title: "Say where", source: "print(`working on ${cluster.name}`)", result: Expect::Cluster }],
    run: |call| Ok(call.receiver::<Cluster>()?.name().to_owned().into()),
};

pub(super) const NAMESPACE: Spec = Spec {
    group: "cluster",
    name: "namespace",
    form: Form::Property(&[Type::Cluster]),
    summary: "The namespace that calls use when they name none.",
    details: "The context's namespace, or what `-n` says.",
    params: &[],
    options: &[],
    returns: Returns { kind: Type::Text, text: "The namespace's name." },
    errors: &[codes::NO_KUBECONFIG, codes::KUBECONFIG],
    effect: Effect::Read,
    since: "0.1.0",
    examples: &[Example { title: "Where am I", source: "cluster.namespace", result: Expect::Cluster }],
    run: |call| Ok(reach(call, async |target, _| Ok(target.namespace().to_string()))?.into()),
};

pub(super) const VERSION: Spec = Spec {
    group: "cluster",
    name: "version",
    form: Form::Method(&[Type::Cluster]),
    summary: "The API server's version.",
    details: "",
    params: &[],
    options: &[],
    returns: Returns {
        kind: Type::Text,
        text: "A semantic version, as in `1.37.2`; compare it with `semver::compare`.",
    },
    errors: &[codes::UNREACHABLE],
    effect: Effect::Read,
    since: "0.1.0",
    examples: &[Example { title: "Which version", source: "cluster.version()", result: Expect::Cluster }],
    run: |call| version(call),
};

fn version(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let answer = reach(call, async |target, context| target.version(context).await)?;
    let version = answer.text_at(&["gitVersion"]).unwrap_or_default();
    Ok(version.trim_start_matches('v').to_owned().into())
}
