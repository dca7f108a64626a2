//! Reads one object that may be absent.

use super::arguments::{handed, kind, name, reach, scope};
use super::options::{NAMESPACE, TIMEOUT};
use crate::cluster::read::GetOptions;
use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "cluster",
    name: "find",
    form: Form::Method(&[Type::Cluster]),
    summary: "Reads one object, or gives `()` where there is none of that name.",
    details: "Only an absent object gives `()`: an unknown kind, a refusal or an unreachable cluster is an error.",
    params: &[
        Param { name: "kind", kind: Type::Kind, text: "Its kind.", default: None },
        Param { name: "name", kind: Type::Text, text: "Its name.", default: None },
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
    let (kind, name) = (kind(call, 0)?, name(call, 1)?);
    let mut options = GetOptions::default();
    options.scope = scope(call)?;
    options.timeout = call.duration_option("timeout")?;
    reach(call, async |target, context| {
        let object = target.find(context, &kind, &name, &options).await?;
        Ok(object.map(|object| handed(call, target, &object)).unwrap_or_default())
    })
}
