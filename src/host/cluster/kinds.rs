//! Lists the kinds of a cluster.

use super::arguments::reach;
use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, List, Returns, Spec, Thrown, Type};
use crate::value::Node;
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "cluster",
    name: "kinds",
    form: Form::Method(&[Type::Cluster]),
    summary: "The kinds that the cluster has, each in the version the server prefers.",
    details: "",
    params: &[],
    options: &[],
    returns: Returns {
        kind: Type::List,
        text: "For each kind `kind`, `api_version`, `plural`, `namespaced`, `short_names` and `verbs`.",
    },
    errors: &[codes::DISCOVERY, codes::UNREACHABLE],
    effect: Effect::Read,
    since: "0.1.0",
    examples: &[Example {
        title: "What can be deleted by selector",
        source: r#"cluster.kinds().filter(|kind| "deletecollection" in kind.verbs).map(|kind| kind.plural)"#,
        result: Expect::Cluster,
    }],
    run: |call| kinds(call),
};

fn kinds(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let kinds = reach(call, async |target, context| target.kinds(context).await)?;
    let texts = |words: &[std::sync::Arc<str>]| Node::list(words.iter().map(|word| Node::text(word.clone())).collect());
    let entry = |resource: &crate::cluster::Resource| {
        Node::from([
            ("kind", Node::text(resource.kind.clone())),
            ("api_version", resource.api_version().into()),
            ("plural", Node::text(resource.plural.clone())),
            ("namespaced", resource.namespaced.into()),
            ("short_names", texts(&resource.short_names)),
            ("verbs", texts(&resource.verbs)),
        ])
    };
    Ok(Dynamic::from(List::new(kinds.preferred().map(|resource| entry(resource)).collect())))
}
