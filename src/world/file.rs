//! Files as a [`World`](super::World) shows them, and the real file system behind [`SystemWorld`](super::SystemWorld).

use super::WorldError;
use jiff::Timestamp;
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// What writing does where something is already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteMode {
    /// The file must be new: writing over something is an error.
    Create,
    /// Takes the place of what was there, at once: a reader sees the old or the new contents, never a mixture.
    Replace,
}

/// What a path leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// A regular file.
    File,
    /// A directory.
    Dir,
    /// A pipe, socket, device, or a link in a directory listing.
    Other,
}

/// What is known of a path without opening it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metadata {
    /// What it is.
    pub kind: FileKind,
    /// Length in bytes.
    pub size: u64,
    /// When its contents last changed, where the file system keeps that.
    pub modified: Option<Timestamp>,
}

/// One entry of a directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirEntry {
    /// Its name within the directory.
    pub name: OsString,
    /// What it is, links not followed.
    pub kind: FileKind,
}

impl From<fs::FileType> for FileKind {
    fn from(found: fs::FileType) -> Self {
        if found.is_file() {
            Self::File
        } else if found.is_dir() {
            Self::Dir
        } else {
            Self::Other
        }
    }
}

/// An [`io::Error`] with the verb and the path that make it understandable.
pub(super) fn failed<'a>(action: &'static str, path: &'a Path) -> impl Fn(io::Error) -> WorldError + 'a {
    move |source| WorldError::File { action, path: path.to_path_buf(), source: source.into() }
}

pub(super) fn read(path: &Path, limit: usize) -> Result<Vec<u8>, WorldError> {
    let file = File::open(path).map_err(failed("read", path))?;
    let mut bytes = Vec::new();
    file.take(limit as u64 + 1).read_to_end(&mut bytes).map_err(failed("read", path))?;
    if bytes.len() > limit {
        return Err(WorldError::FileTooLarge { path: path.to_path_buf(), limit });
    }
    Ok(bytes)
}

/// Creates a file, or replaces it by renaming a complete new one over it. `unique` makes the temporary name.
pub(super) fn write(path: &Path, bytes: &[u8], mode: WriteMode, unique: u64) -> Result<(), WorldError> {
    let failed = failed("write", path);
    match mode {
        WriteMode::Create => {
            let mut file = OpenOptions::new().write(true).create_new(true).open(path).map_err(&failed)?;
            let written = file.write_all(bytes).and_then(|()| file.sync_all());
            written.map_err(|error| {
                // The file is ours (it was new) and half-written: it must not stay.
                let _ = fs::remove_file(path);
                failed(error)
            })
        }
        WriteMode::Replace => replace(path, bytes, unique).map_err(failed),
    }
}

fn replace(path: &Path, bytes: &[u8], unique: u64) -> io::Result<()> {
    // A link stays a link: what it points to is replaced.
    let target = match fs::canonicalize(path) {
        Ok(target) => target,
        Err(error) if error.kind() == io::ErrorKind::NotFound => path.to_path_buf(),
        Err(error) => return Err(error),
    };
    let name = target.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "it has no file name"))?;
    let mut temporary = OsString::from(".");
    temporary.push(name);
    temporary.push(format!(".{unique:016x}.tmp"));
    let temporary = target.with_file_name(temporary);
    let written = write_and_rename(&temporary, &target, bytes);
    if written.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    written
}

fn write_and_rename(temporary: &Path, target: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(temporary)?;
    if let Ok(old) = fs::metadata(target) {
        if old.is_dir() {
            return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a directory"));
        }
        file.set_permissions(old.permissions())?;
    }
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(temporary, target)
}

pub(super) fn list(path: &Path) -> Result<Vec<DirEntry>, WorldError> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(path).map_err(failed("list", path))? {
        let entry = entry.map_err(failed("list", path))?;
        let kind = entry.file_type().map_err(failed("list", path))?.into();
        entries.push(DirEntry { name: entry.file_name(), kind });
    }
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(entries)
}

pub(super) fn metadata(path: &Path) -> Result<Option<Metadata>, WorldError> {
    match fs::metadata(path) {
        Ok(found) => Ok(Some(Metadata {
            kind: found.file_type().into(),
            size: found.len(),
            modified: found.modified().ok().and_then(|time| Timestamp::try_from(time).ok()),
        })),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed("look at", path)(error)),
    }
}

/// The parts of a path with `.` and `..` resolved by name alone, which is what a world without links needs.
pub(super) fn plain(path: &Path) -> PathBuf {
    use std::path::Component;
    let mut parts = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    parts
}
