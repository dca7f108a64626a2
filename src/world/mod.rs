//! The only doors to files, the environment, programs, the clock, randomness and the network beside the clusters.
//!
//! Everything else of the crate is handed a [`World`] and cannot reach past it, so that two embedders with different
//! worlds share one process. [`SystemWorld`] is the process's real world; [`MemoryWorld`] holds only what it was given.
//! A door never logs, and its errors name the path, program or address, never contents.

mod error;
mod file;
mod http;
mod memory;
mod program;
mod system;

pub use self::http::{HttpAnswer, HttpRequest};
pub use error::WorldError;
pub use file::{DirEntry, FileKind, Metadata, WriteMode};
pub use memory::MemoryWorld;
pub use program::{Inherit, Program, ProgramOutput};
pub use system::SystemWorld;

use jiff::Timestamp;
use std::fmt;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::time::Duration;

/// A future that a door hands out.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What a run sees of the machine it runs on.
///
/// Files, environment, clock and randomness answer at once; programs, HTTP and sleep are futures that stop what they
/// started when they are dropped.
pub trait World: fmt::Debug + Send + Sync {
    /// The contents of a file of at most `limit` bytes. A relative path is relative to [`World::current_dir`].
    ///
    /// # Errors
    /// [`WorldError::File`] if it cannot be read, [`WorldError::FileTooLarge`] if it is longer than `limit`.
    fn read_file(&self, path: &Path, limit: usize) -> Result<Vec<u8>, WorldError>;

    /// Writes a file as `mode` says. Its directory must exist.
    ///
    /// # Errors
    /// [`WorldError::File`] if it cannot be written; nothing is left half-written under that name.
    fn write_file(&self, path: &Path, bytes: &[u8], mode: WriteMode) -> Result<(), WorldError>;

    /// The entries of a directory, sorted by name.
    ///
    /// # Errors
    /// [`WorldError::File`] if it cannot be listed.
    fn list_dir(&self, path: &Path) -> Result<Vec<DirEntry>, WorldError>;

    /// What is known of a path, links followed, or `None` if nothing is there.
    ///
    /// # Errors
    /// [`WorldError::File`] if that cannot be told, for example for want of permission.
    fn metadata(&self, path: &Path) -> Result<Option<Metadata>, WorldError>;

    /// The home directory of the user, if there is one.
    fn home_dir(&self) -> Option<PathBuf>;

    /// The directory that relative paths start from.
    ///
    /// # Errors
    /// [`WorldError::File`] if it is gone.
    fn current_dir(&self) -> Result<PathBuf, WorldError>;

    /// An environment variable, or `None` if it is not set.
    ///
    /// # Errors
    /// [`WorldError::Env`] if its value is not UTF-8.
    fn env(&self, name: &str) -> Result<Option<String>, WorldError>;

    /// The time of day.
    fn now(&self) -> Timestamp;

    /// Time since some fixed point, which never runs backwards: for measuring, not for showing.
    fn monotonic(&self) -> Duration;

    /// Fills a buffer with random bytes good enough for keys.
    ///
    /// # Errors
    /// [`WorldError::Closed`] or [`WorldError::Random`] if there are none.
    fn random_bytes(&self, buffer: &mut [u8]) -> Result<(), WorldError>;

    /// Waits.
    fn sleep(&self, time: Duration) -> Pending<'_, ()>;

    /// Runs a program to its end, and kills what it leaves running. Dropping the future kills it with its children.
    ///
    /// # Errors
    /// If it cannot be started, takes too long or prints too much. An exit status other than 0 is *not* an error.
    fn run_program(&self, program: Program) -> Pending<'_, Result<ProgramOutput, WorldError>>;

    /// Makes an HTTP call. Redirects are not followed; every status is an answer.
    ///
    /// # Errors
    /// If no complete answer arrives in time or it is larger than allowed.
    fn http(&self, request: HttpRequest) -> Pending<'_, Result<HttpAnswer, WorldError>>;
}

/// The paths of a list such as `PATH` or `KUBECONFIG`, in the system's notation; empty ones are left out.
#[must_use]
pub fn path_list(list: &str) -> Vec<PathBuf> {
    std::env::split_paths(list).filter(|path| !path.as_os_str().is_empty()).collect()
}

/// The contents of a text file of at most `limit` bytes.
///
/// # Errors
/// As [`World::read_file`], and [`WorldError::File`] if it is not UTF-8.
pub fn read_text(world: &dyn World, path: &Path, limit: usize) -> Result<String, WorldError> {
    let bytes = world.read_file(path, limit)?;
    String::from_utf8(bytes).map_err(|_| WorldError::File {
        action: "read",
        path: path.to_path_buf(),
        source: std::io::Error::new(std::io::ErrorKind::InvalidData, "it is not UTF-8 text").into(),
    })
}
