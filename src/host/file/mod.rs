//! `file::`: files, as the run's world shows them. Relative paths start at the world's current directory.

mod exists;
mod list;
mod read;
mod read_bytes;
mod write;

use super::{Call, Failure, Opt, Param, Spec, Type};
use crate::diag::{codes, printable};
use crate::world::{FileKind, WorldError};
use std::path::{Path, PathBuf};

/// All functions of `file::`.
pub(super) const FUNCTIONS: &[&Spec] = &[&exists::SPEC, &list::SPEC, &read::SPEC, &read_bytes::SPEC, &write::SPEC];

const PATH: Param = Param {
    name: "path",
    kind: Type::Text,
    text: "The path; a relative one starts at the folder that Rutter was started in.",
    default: None,
};

const LIMIT: Opt = Opt {
    name: "limit",
    kind: Type::Integer,
    text: "The most bytes it may have; a larger file is an error, nothing is cut.",
    default: "16777216 (16 MiB)",
};

/// What is read at most unless the call says otherwise.
const MOST: usize = 16 * 1024 * 1024;

/// The whole file of the first argument.
fn contents(call: &Call<'_, '_>) -> Result<Vec<u8>, Failure> {
    let path = path(call, "read")?;
    let limit = call.count_option("limit")?.map_or(MOST, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
    call.host().world.read_file(&path, limit.min(call.text_limit())).map_err(|error| failure(call, &path, error))
}

/// The first argument as the path of a file or of nothing. A pipe would be waited for without a deadline, and a device
/// would be replaced by a file.
fn path(call: &Call<'_, '_>, action: &str) -> Result<PathBuf, Failure> {
    let path = PathBuf::from(call.text(0)?);
    if path.as_os_str().is_empty() {
        return Err(call.invalid("`path`", "it is empty", None));
    }
    // Whatever else is wrong with it, the call itself finds out and says.
    if let Ok(Some(found)) = call.host().world.metadata(&path)
        && found.kind == FileKind::Other
    {
        let shown = printable(&path.display().to_string());
        let why = format!("cannot {action} {shown}: it is no regular file but a pipe, a socket or a device");
        return Err(Failure::new(codes::FILE, why));
    }
    Ok(path)
}

/// A world's error about `path`, with where a relative path starts.
fn failure(call: &Call<'_, '_>, path: &Path, error: WorldError) -> Failure {
    let start = path.is_relative() && error.is_not_found();
    let start = start.then(|| call.host().world.current_dir().ok()).flatten();
    let hint = start.map(|dir| format!("a relative path starts at {}", printable(&dir.display().to_string())));
    Failure::from(error).maybe_hint(hint)
}
