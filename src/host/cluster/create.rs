//! Creates an object that must be new.

use super::arguments::{reach_object, scope};
use super::options::{NAMESPACE, TIMEOUT};
use crate::cluster::write::CreateOptions;
use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type, learn_secrets};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "cluster",
    name: "create",
    form: Form::Method(&[Type::Cluster]),
    summary: "Creates an object that must not exist yet.",
    details: "An object with `metadata.generateName` and no name gets one from the server. Where the answer is lost, the object is looked up before anything is said.",
    params: &[Param {
        name: "object",
        kind: Type::Object,
        text: "The object, with `apiVersion`, `kind` and a name.",
        default: None,
    }],
    options: &[NAMESPACE, TIMEOUT],
    returns: Returns { kind: Type::Object, text: "The object as the server keeps it." },
    errors: &[
        codes::ALREADY_EXISTS,
        codes::INVALID,
        codes::INVALID_OBJECT,
        codes::FORBIDDEN,
        codes::ADMISSION,
        codes::IN_DOUBT,
    ],
    effect: Effect::Write,
    since: "0.1.0",
    examples: &[Example {
        title: "A namespace",
        source: r#"cluster.create(#{ apiVersion: "v1", kind: "Namespace", metadata: #{ name: "shop" } })"#,
        result: Expect::Cluster,
    }],
    run: |call| create(call),
};

fn create(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let object = call.node(0)?;
    learn_secrets(call.host(), &object);
    let mut options = CreateOptions::default();
    options.scope = scope(call)?;
    options.timeout = call.duration_option("timeout")?;
    reach_object(call, async |target, context| target.create(context, &object, &options).await)
}
