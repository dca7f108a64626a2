//! Sets annotations of an object.

use super::arguments::{entries, patch_options, reach_object, subject};
use super::options::TIMEOUT;
use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use crate::object::{AnnotationKey, ObjectError};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "cluster",
    name: "annotate",
    form: Form::Method(&[Type::Cluster]),
    summary: "Sets annotations of an object; `()` takes one away, the others stay.",
    details: "",
    params: &[
        Param {
            name: "reference",
            kind: Type::Reference,
            text: "The object: itself, its `.ref`, or `\"Kind/namespace/name\"`.",
            default: None,
        },
        Param { name: "annotations", kind: Type::Object, text: "Keys and values.", default: None },
    ],
    options: &[TIMEOUT],
    returns: Returns { kind: Type::Object, text: "The object afterwards." },
    errors: &[codes::NOT_FOUND, codes::FORBIDDEN, codes::CONFLICT, codes::INVALID_NAME],
    effect: Effect::Write,
    since: "0.1.0",
    examples: &[Example {
        title: "Say why",
        source: r#"cluster.annotate("Node/node-000", #{ "example.com/why": "disk replaced" })"#,
        result: Expect::Cluster,
    }],
    run: |call| annotate(call),
};

fn annotate(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (subject, options) = (subject(call, 0)?, patch_options(call)?);
    let annotations = entries(call, 1)?
        .into_iter()
        .map(|(key, value)| Ok((AnnotationKey::parse(&key)?, value)))
        .collect::<Result<Vec<_>, ObjectError>>()?;
    reach_object(call, async |target, context| {
        let reference = subject.resolve(target, context).await?;
        target.annotate(context, &reference, &annotations, &options).await
    })
}
