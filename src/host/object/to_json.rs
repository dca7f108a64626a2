//! Writes an object as JSON.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Returns, Spec, Thrown, Type};
use crate::value::json;
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "object",
    name: "to_json",
    form: Form::Method(&[Type::Object]),
    summary: "Writes the object as JSON on one line. For several lines use `json::encode(object, #{ pretty: true })`.",
    details: "",
    params: &[],
    options: &[],
    returns: Returns { kind: Type::Text, text: "The JSON." },
    errors: &[codes::UNREPRESENTABLE],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[Example {
        title: "A map",
        source: r#"yaml::decode("{b: 1, a: [true]}").to_json()"#,
        result: Expect::Json(r#""{\"b\":1,\"a\":[true]}""#),
    }],
    run: |call| to_json(call),
};

fn to_json(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    Ok(json::write(&call.object()?).into())
}
