//! Tells whether something is at a path.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Returns, Spec, Thrown, Type};
use rhai::Dynamic;
use std::path::Path;

pub(super) const SPEC: Spec = Spec {
    group: "file",
    name: "exists",
    form: Form::Namespaced,
    summary: "Tells whether a file or folder is at a path.",
    details: "Links are followed. Where that cannot be told, for want of permission for example, it is an error.",
    params: &[super::PATH],
    options: &[],
    returns: Returns { kind: Type::Boolean, text: "Whether something is there." },
    errors: &[codes::FILE],
    effect: Effect::World,
    since: "0.1.0",
    examples: &[Example {
        title: "A file and nothing",
        source: r#"[file::exists("settings.yaml"), file::exists("missing.txt")]"#,
        result: Expect::Json("[true,false]"),
    }],
    run: |call| exists(call),
};

fn exists(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let path = call.text(0)?;
    Ok(call.host().world.metadata(Path::new(&path))?.is_some().into())
}
