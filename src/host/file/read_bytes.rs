//! Reads a file of any kind.

use crate::diag::codes;
use crate::host::{Effect, Example, Expect, Form, Returns, Spec, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "file",
    name: "read_bytes",
    form: Form::Namespaced,
    summary: "Reads a file as bytes.",
    details: "Pipes and devices are refused: they may never end.",
    params: &[super::PATH],
    options: &[super::LIMIT],
    returns: Returns { kind: Type::Bytes, text: "What is in the file." },
    errors: &[codes::FILE],
    effect: Effect::World,
    since: "0.1.0",
    examples: &[
        Example {
            title: "For a Secret",
            source: r#"base64::encode(file::read_bytes("logo.bin"))"#,
            result: Expect::Json(r#""/wAB""#),
        },
        Example {
            title: "Larger than expected",
            source: r#"file::read_bytes("settings.yaml", #{ limit: 4 })"#,
            result: Expect::Error(codes::FILE),
        },
    ],
    run: |call| Ok(Dynamic::from_blob(super::contents(call)?)),
};
