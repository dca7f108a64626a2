//! The extension of a path.

use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type, from_node};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "path",
    name: "extension",
    form: Form::Namespaced,
    summary: "Gives what stands after the last dot of the name.",
    details: "",
    params: &[Param { name: "path", kind: Type::Text, text: "The path.", default: None }],
    options: &[],
    returns: Returns { kind: Type::Any, text: "The extension without its dot; `()` where there is none." },
    errors: &[],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example { title: "Of a file", source: r#"path::extension("values.yaml")"#, result: Expect::Json(r#""yaml""#) },
        Example { title: "Of a hidden file", source: r#"path::extension(".bashrc")"#, result: Expect::Json("null") },
    ],
    run: |call| extension(call),
};

fn extension(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let path = call.text(0)?;
    let parts = super::last(&path).and_then(|name| name.rsplit_once('.'));
    Ok(from_node(&parts.filter(|(stem, _)| !stem.is_empty()).map(|(_, extension)| extension).into()))
}
