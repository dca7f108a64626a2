//! Definitions for editors: every host function as the Rhai language server reads it.

use super::reference::specs;
use crate::host::{Form, Spec, Type};
use std::fmt::Write as _;

/// The text of `rutter.d.rhai`.
#[must_use]
pub fn definitions() -> String {
    let mut text =
        String::from("// Generated from the functions' specs: cargo run -- doc --generate .\nmodule static;\n");
    let mut namespaces: Vec<&str> = Vec::new();
    for spec in specs() {
        match spec.form {
            Form::Namespaced if namespaces.contains(&spec.group) => {}
            Form::Namespaced => namespaces.push(spec.group),
            _ => definition(&mut text, spec, ""),
        }
    }
    for group in namespaces {
        let _ = write!(text, "\nmodule {group} {{\n");
        specs().into_iter().filter(|spec| spec.form == Form::Namespaced && spec.group == group).for_each(|spec| {
            definition(&mut text, spec, "    ");
        });
        text.push_str("}\n");
    }
    text
}

fn definition(text: &mut String, spec: &Spec, indent: &str) {
    let _ = write!(text, "\n{indent}/// {}\n{indent}/// `{}`\n", spec.summary, spec.signature());
    let mut params: Vec<String> = Vec::new();
    if let Form::Method(kinds) | Form::Change(kinds) = spec.form {
        params.push(format!("_: {}", kinds.first().map_or("?", |kind| editor_type(*kind))));
    }
    if let Form::Operator(kinds) = spec.form {
        let left = kinds.first().map_or("?", |kind| editor_type(*kind));
        let right = spec.params.first().map_or("?", |param| editor_type(param.kind));
        let _ = writeln!(text, "{indent}op {}({left}, {right}) -> {};", spec.name, editor_type(spec.returns.kind));
        return;
    }
    if let Form::Property(kinds) = spec.form {
        let holder = kinds.first().map_or("?", |kind| editor_type(*kind));
        let _ = writeln!(text, "{indent}fn get {}({holder}) -> {};", spec.name, editor_type(spec.returns.kind));
        return;
    }
    params.extend(spec.params.iter().map(|param| format!("{}: {}", param.name, editor_type(param.kind))));
    if !spec.options.is_empty() {
        params.push("options: map".to_owned());
    }
    let _ = writeln!(text, "{indent}fn {}({}) -> {};", spec.name, params.join(", "), editor_type(spec.returns.kind));
}

/// A type in the words of Rhai's definition files.
fn editor_type(kind: Type) -> &'static str {
    match kind {
        Type::Nothing => "()",
        Type::Boolean => "bool",
        Type::Integer => "int",
        Type::Number => "float",
        Type::Text | Type::Path | Type::Kind => "String",
        Type::Object => "map",
        Type::List => "array",
        Type::Bytes => "blob",
        Type::Closure(_) => "Fn",
        Type::Cluster => "cluster",
        Type::Stream => "stream",
        Type::Failure => "error",
        _ => "?",
    }
}
