//! Writes an object as YAML.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Returns, Spec, Thrown, Type};
use crate::value::yaml;
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "object",
    name: "to_yaml",
    form: Form::Method(&[Type::Object]),
    summary: "Writes the object as YAML that every reader reads back alike.",
    details: "",
    params: &[],
    options: &[],
    returns: Returns { kind: Type::Text, text: "The YAML, with a line break at its end." },
    errors: &[codes::UNREPRESENTABLE],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "A map",
            source: r#"yaml::decode("{app: web, tier: 'yes'}").to_yaml()"#,
            result: Expect::Json(r#""app: web\ntier: \"yes\"\n""#),
        },
        Example {
            title: "A closure has no form",
            source: "#{f: |x| x}.to_yaml()",
            result: Expect::Error(codes::UNREPRESENTABLE),
        },
    ],
    run: |call| to_yaml(call),
};

fn to_yaml(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    Ok(yaml::write(&call.object()?).into())
}
