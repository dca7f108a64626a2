//! Makes an object be what it is said to be.

use super::arguments::{reach_object, scope};
use super::options::{NAMESPACE, TIMEOUT};
use crate::cluster::write::{ApplyOptions, Conflicts};
use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Opt, Param, Returns, Spec, Thrown, Type, learn_secrets};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "cluster",
    name: "apply",
    form: Form::Method(&[Type::Cluster]),
    summary: "Creates an object or changes it to what is said, by server-side apply.",
    details: "Fields that are not said belong to others and stay. A field that another manager owns is an error that names \
              the manager and the field. Fields that were applied before and are not said any more are removed.",
    params: &[Param {
        name: "object",
        kind: Type::Object,
        text: "The object, with `apiVersion`, `kind` and `metadata.name`.",
        default: None,
    }],
    options: &[
        NAMESPACE,
        Opt {
            name: "force_conflicts",
            kind: Type::Boolean,
            text: "Take over fields that other managers own.",
            default: "false",
        },
        TIMEOUT,
    ],
    returns: Returns { kind: Type::Object, text: "The object as it is afterwards." },
    errors: &[codes::FIELD_CONFLICT, codes::INVALID, codes::INVALID_OBJECT, codes::FORBIDDEN, codes::ADMISSION],
    effect: Effect::Write,
    since: "0.1.0",
    examples: &[Example {
        title: "A ConfigMap",
        source: r#"cluster.apply(#{ apiVersion: "v1", kind: "ConfigMap", metadata: #{ name: "greeting" }, data: #{ text: "hello" } })"#,
        result: Expect::Cluster,
    }],
    run: |call| apply(call),
};

fn apply(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let object = call.node(0)?;
    learn_secrets(call.host(), &object);
    let mut options = ApplyOptions::default();
    options.scope = scope(call)?;
    options.timeout = call.duration_option("timeout")?;
    if call.flag("force_conflicts") {
        options.conflicts = Conflicts::Force;
    }
    reach_object(call, async |target, context| target.apply(context, &object, &options).await)
}
