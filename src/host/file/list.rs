//! Lists a folder.

use crate::diag::{codes, printable};
use crate::host::{Call, Effect, Example, Expect, Failure, Form, Param, Returns, Spec, Thrown, Type, from_node};
use crate::value::Node;
use crate::world::{DirEntry, FileKind};
use rhai::Dynamic;
use std::path::{Path, PathBuf};

pub(super) const SPEC: Spec = Spec {
    group: "file",
    name: "list",
    form: Form::Namespaced,
    summary: "Lists what is in a folder.",
    details: "Folders inside it are named, not entered; links are not followed. Put the path together with `path::join`.",
    params: &[Param {
        name: "path",
        kind: Type::Text,
        text: "The folder; a relative path starts at the folder that Rutter was started in.",
        default: None,
    }],
    options: &[],
    returns: Returns {
        kind: Type::List,
        text: "A map for each entry, sorted by name: `#{ name, kind }`; `kind` is `\"file\"`, `\"folder\"` or `\"other\"`.",
    },
    errors: &[codes::FILE, codes::ENCODING, codes::DATA_TOO_LARGE],
    effect: Effect::World,
    since: "0.1.0",
    examples: &[
        Example {
            title: "The manifests in a folder",
            source: r#"file::list("manifests").map(|entry| `${entry.kind} ${entry.name}`)"#,
            result: Expect::Json(r#"["folder base","file web.yaml"]"#),
        },
        Example { title: "Not there", source: r#"file::list("missing")"#, result: Expect::Error(codes::FILE) },
    ],
    run: |call| list(call),
};

fn list(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let path = PathBuf::from(call.text(0)?);
    let entries = call.host().world.list_dir(&path).map_err(|error| super::failure(call, &path, error))?;
    if entries.len() > call.item_limit() {
        let most = call.item_limit();
        return Err(Failure::new(codes::DATA_TOO_LARGE, format!("the folder has more than {most} entries")).into());
    }
    let entries = entries.into_iter().map(|entry| described(&path, entry)).collect::<Result<_, _>>()?;
    Ok(from_node(&Node::list(entries)))
}

fn described(folder: &Path, entry: DirEntry) -> Result<Node, Failure> {
    let kind = match entry.kind {
        FileKind::File => "file",
        FileKind::Dir => "folder",
        FileKind::Other => "other",
    };
    let name = entry.name.into_string().map_err(|name| {
        let shown = printable(&folder.join(name).display().to_string());
        Failure::new(codes::ENCODING, format!("the name of {shown} is not UTF-8 text"))
    })?;
    Ok(Node::from([("name", name.into()), ("kind", kind.into())]))
}
