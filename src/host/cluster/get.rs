//! Reads one object by kind and name.

use super::arguments::{get_options, one, reach_object};
use super::options::{NAMESPACE, TIMEOUT};
use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "cluster",
    name: "get",
    form: Form::Method(&[Type::Cluster]),
    summary: "Reads one object.",
    details: "By kind and name, or by a reference alone: `cluster.get(pod)` reads again what was read before, and fails with \
              `conflict` where another object has taken the name since. `managedFields` is dropped. An object that may be absent \
              is read with `cluster.find`.",
    params: &[
        Param {
            name: "kind",
            kind: Type::KindOrReference,
            text: "Its kind: `\"Pod\"`, `\"deploy\"`, `\"apps/v1/Deployment\"`. Without a name: the object, its `.ref`, or \
                   `\"Kind/name\"` or `\"Kind/namespace/name\"`.",
            default: None,
        },
        Param { name: "name", kind: Type::Text, text: "Its name.", default: Some("the reference names it") },
    ],
    options: &[NAMESPACE, TIMEOUT],
    returns: Returns { kind: Type::Object, text: "The object as it is now." },
    errors: &[
        codes::NOT_FOUND,
        codes::UNKNOWN_KIND,
        codes::AMBIGUOUS_KIND,
        codes::INVALID_NAME,
        codes::CONFLICT,
        codes::FORBIDDEN,
    ],
    effect: Effect::Read,
    since: "0.1.0",
    examples: &[
        Example {
            title: "How many replicas a Deployment wants",
            source: r#"cluster.get("Deployment", "web", #{ namespace: "shop" }).spec.replicas"#,
            result: Expect::Cluster,
        },
        Example {
            title: "The same by a reference",
            source: r#"cluster.get("Deployment/shop/web").spec.replicas"#,
            result: Expect::Cluster,
        },
        Example {
            title: "A pod as it is now",
            source: r#"for pod in cluster.list("Pod") { print(cluster.get(pod).status.phase); }"#,
            result: Expect::Cluster,
        },
    ],
    run: |call| get(call),
};

fn get(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (subject, options) = (one(call)?, get_options(call)?);
    reach_object(call, async |target, context| {
        let reference = subject.resolve(target, context).await?;
        target.get_ref(context, &reference, &options).await
    })
}
