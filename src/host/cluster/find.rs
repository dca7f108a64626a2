//! Reads one object that may be absent.

use super::arguments::{get_options, handed, one, reach};
use super::options::{NAMESPACE, TIMEOUT};
use crate::cluster::Problem;
use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "cluster",
    name: "find",
    form: Form::Method(&[Type::Cluster]),
    summary: "Reads one object, or gives `()` where there is none of that name.",
    details: "By kind and name, or by a reference alone. Only an absent object gives `()`, and an object that was read before and \
              whose name another one has taken since: an unknown kind, a refusal or an unreachable cluster is an error.",
    params: &[
        Param {
            name: "kind",
            kind: Type::KindOrReference,
            text: "Its kind. Without a name: the object, its `.ref`, or `\"Kind/name\"` or `\"Kind/namespace/name\"`.",
            default: None,
        },
        Param { name: "name", kind: Type::Text, text: "Its name.", default: Some("the reference names it") },
    ],
    options: &[NAMESPACE, TIMEOUT],
    returns: Returns { kind: Type::Object, text: "The object, or `()`." },
    errors: &[codes::UNKNOWN_KIND, codes::AMBIGUOUS_KIND, codes::INVALID_NAME, codes::FORBIDDEN],
    effect: Effect::Read,
    since: "0.1.0",
    examples: &[Example {
        title: "Create what is missing",
        source: r#"if cluster.find("Namespace", "shop") == () { cluster.create(#{ apiVersion: "v1", kind: "Namespace", metadata: #{ name: "shop" } }); }"#,
        result: Expect::Cluster,
    }],
    run: |call| find(call),
};

fn find(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (subject, options) = (one(call)?, get_options(call)?);
    reach(call, async |target, context| {
        let reference = subject.resolve(target, context).await?;
        match target.find_ref(context, &reference, &options).await {
            Ok(object) => Ok(object.map(|object| handed(call, target, &object)).unwrap_or_default()),
            Err(error) if error.problem() == Some(Problem::Replaced) => Ok(Dynamic::UNIT),
            Err(error) => Err(error),
        }
    })
}
