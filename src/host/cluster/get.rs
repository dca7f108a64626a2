//! Reads one object by kind and name.

use super::arguments::{kind, name, reach_object, scope};
use super::options::{NAMESPACE, TIMEOUT};
use crate::cluster::read::GetOptions;
use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "cluster",
    name: "get",
    form: Form::Method(&[Type::Cluster]),
    summary: "Reads one object.",
    details: "`managedFields` is dropped. An object that may be absent is read with `cluster.find`.",
    params: &[
        Param {
            name: "kind",
            kind: Type::Kind,
            text: "Its kind: `\"Pod\"`, `\"deploy\"`, `\"apps/v1/Deployment\"`.",
            default: None,
        },
        Param { name: "name", kind: Type::Text, text: "Its name.", default: None },
    ],
    options: &[NAMESPACE, TIMEOUT],
    returns: Returns { kind: Type::Object, text: "The object as it is now." },
    errors: &[codes::NOT_FOUND, codes::UNKNOWN_KIND, codes::AMBIGUOUS_KIND, codes::INVALID_NAME, codes::FORBIDDEN],
    effect: Effect::Read,
    since: "0.1.0",
    examples: &[Example {
        title: "How many replicas a Deployment wants",
        source: r#"cluster.get("Deployment", "web", #{ namespace: "shop" }).spec.replicas"#,
        result: Expect::Cluster,
    }],
    run: |call| get(call),
};

fn get(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (kind, name) = (kind(call, 0)?, name(call, 1)?);
    let mut options = GetOptions::default();
    options.scope = scope(call)?;
    options.timeout = call.duration_option("timeout")?;
    reach_object(call, async |target, context| target.get(context, &kind, &name, &options).await)
}
