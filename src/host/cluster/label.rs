//! Sets labels of an object.

use super::arguments::{entries, patch_options, reach_object, subject};
use super::options::TIMEOUT;
use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use crate::object::{LabelKey, LabelValue, ObjectError};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "cluster",
    name: "label",
    form: Form::Method(&[Type::Cluster]),
    summary: "Sets labels of an object; `()` takes one away, the others stay.",
    details: "",
    params: &[
        Param {
            name: "reference",
            kind: Type::Reference,
            text: "The object: itself, its `.ref`, or `\"Kind/namespace/name\"`.",
            default: None,
        },
        Param { name: "labels", kind: Type::Object, text: "Keys and values.", default: None },
    ],
    options: &[TIMEOUT],
    returns: Returns { kind: Type::Object, text: "The object afterwards." },
    errors: &[codes::NOT_FOUND, codes::FORBIDDEN, codes::CONFLICT, codes::INVALID_NAME],
    effect: Effect::Write,
    since: "0.1.0",
    examples: &[Example {
        title: "Set one, remove one",
        source: r#"cluster.label("Node/node-000", #{ pool: "blue", old: () })"#,
        result: Expect::Cluster,
    }],
    run: |call| label(call),
};

fn label(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (subject, options) = (subject(call, 0)?, patch_options(call)?);
    let labels = entries(call, 1)?
        .into_iter()
        .map(|(key, value)| Ok((LabelKey::parse(&key)?, value.as_deref().map(LabelValue::parse).transpose()?)))
        .collect::<Result<Vec<_>, ObjectError>>()?;
    reach_object(call, async |target, context| {
        let reference = subject.resolve(target, context).await?;
        target.label(context, &reference, &labels, &options).await
    })
}
