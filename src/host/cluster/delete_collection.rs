//! Deletes many objects with one call.

use super::arguments::{grace_period, kind, list_options, propagation, reach};
use super::options::{FIELDS, GRACE_PERIOD, LABELS, NAMESPACE, PROPAGATION, TIMEOUT};
use crate::cluster::write::DeleteCollectionOptions;
use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "cluster",
    name: "delete_collection",
    form: Form::Method(&[Type::Cluster]),
    summary: "Deletes all objects of a kind in one namespace that the selectors choose.",
    details: "One call for all of them: nothing is said about each. Selectors that choose nothing delete nothing; no selector at all deletes everything of that kind in the namespace.",
    params: &[Param { name: "kind", kind: Type::Kind, text: "The kind.", default: None }],
    options: &[NAMESPACE, LABELS, FIELDS, GRACE_PERIOD, PROPAGATION, TIMEOUT],
    returns: Returns { kind: Type::Integer, text: "How many objects the server named in its answer." },
    errors: &[codes::UNKNOWN_KIND, codes::FORBIDDEN, codes::UNSUPPORTED, codes::IN_DOUBT],
    effect: Effect::Write,
    since: "0.1.0",
    examples: &[Example {
        title: "Finished pods of one namespace",
        source: r#"cluster.delete_collection("Pod", #{ namespace: "batch", fields: "status.phase=Succeeded" })"#,
        result: Expect::Cluster,
    }],
    run: |call| delete_collection(call),
};

fn delete_collection(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (kind, selection) = (kind(call, 0)?, list_options(call)?);
    let mut options = DeleteCollectionOptions::default();
    (options.scope, options.labels, options.fields) = (selection.scope, selection.labels, selection.fields);
    options.grace_period = grace_period(call)?;
    options.propagation = propagation(call)?;
    options.timeout = selection.timeout;
    let count = reach(call, async |target, context| target.delete_collection(context, &kind, &options).await)?;
    Ok(Dynamic::from_int(i64::try_from(count).unwrap_or(i64::MAX)))
}
