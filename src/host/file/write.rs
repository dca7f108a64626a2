//! Writes a file.

use crate::diag::{codes, did_you_mean};
use crate::host::{Call, Effect, Example, Expect, Failure, Form, Opt, Param, Returns, Spec, Thrown, Type};
use crate::world::WriteMode;
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "file",
    name: "write",
    form: Form::Namespaced,
    summary: "Writes a file, or replaces it at once.",
    details: "Whoever reads the file meanwhile sees the old contents or the new ones, never a mixture; a write that fails \
              leaves what was there. The folder must exist. Pipes and devices are refused.",
    params: &[super::PATH, Param { name: "contents", kind: Type::Bytes, text: "A text, or bytes.", default: None }],
    options: &[Opt {
        name: "mode",
        kind: Type::Text,
        text: "`\"replace\"` takes the place of a file that is there, `\"create\"` makes that an error.",
        default: "\"replace\"",
    }],
    returns: Returns { kind: Type::Nothing, text: "Nothing." },
    errors: &[codes::FILE, codes::INVALID_ARGUMENT],
    effect: Effect::World,
    since: "0.1.0",
    examples: &[
        Example {
            title: "A report",
            source: r#"file::write("report.txt", "2 nodes\n"); file::read("report.txt")"#,
            result: Expect::Json(r#""2 nodes\n""#),
        },
        Example {
            title: "Never over another file",
            source: r#"file::write("settings.yaml", "", #{ mode: "create" })"#,
            result: Expect::Error(codes::FILE),
        },
    ],
    run: |call| write(call),
};

fn write(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (contents, mode) = (call.bytes(1)?, mode(call)?);
    let path = super::path(call, "write")?;
    call.host().world.write_file(&path, &contents, mode).map_err(|error| super::failure(call, &path, error))?;
    Ok(Dynamic::UNIT)
}

fn mode(call: &Call<'_, '_>) -> Result<WriteMode, Failure> {
    match call.text_option("mode") {
        None | Some("replace") => Ok(WriteMode::Replace),
        Some("create") => Ok(WriteMode::Create),
        Some(other) => {
            let why = format!("`{}` is neither `replace` nor `create`", crate::diag::printable(other));
            Err(call.invalid("option `mode`", &why, did_you_mean(other, ["replace", "create"])))
        }
    }
}
