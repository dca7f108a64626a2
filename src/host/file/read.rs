//! Reads a text file.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Failure, Form, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "file",
    name: "read",
    form: Form::Namespaced,
    summary: "Reads a text file.",
    details: "The text is UTF-8 and comes as it is, line breaks and all. Pipes and devices are refused: they may never end.",
    params: &[super::PATH],
    options: &[super::LIMIT],
    returns: Returns { kind: Type::Text, text: "The file's text." },
    errors: &[codes::FILE, codes::ENCODING],
    effect: Effect::World,
    since: "0.1.0",
    examples: &[
        Example {
            title: "Settings beside the script",
            source: r#"yaml::decode(file::read("settings.yaml")).replicas"#,
            result: Expect::Json("3"),
        },
        Example { title: "Not there", source: r#"file::read("missing.txt")"#, result: Expect::Error(codes::FILE) },
        Example { title: "No text", source: r#"file::read("logo.bin")"#, result: Expect::Error(codes::ENCODING) },
    ],
    run: |call| read(call),
};

fn read(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let text = String::from_utf8(super::contents(call)?).map_err(|_| {
        let shown = crate::diag::printable(&call.text(0).unwrap_or_default());
        Failure::new(codes::ENCODING, format!("{shown} is not UTF-8 text"))
            .hint("read it as bytes with `file::read_bytes(path)`")
    })?;
    Ok(text.into())
}
