//! The process's own world: real files, real environment, real clock.
#![expect(clippy::disallowed_methods, reason = "this is the one place where the environment and the clock are read")]

use super::http::HttpClient;
use super::{
    DirEntry, HttpAnswer, HttpRequest, Metadata, Pending, Program, ProgramOutput, World, WorldError, WriteMode, file,
    http, program,
};
use jiff::Timestamp;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

/// All doors open onto the machine this process runs on.
#[derive(Debug)]
pub struct SystemWorld {
    started: Instant,
    client: OnceLock<HttpClient>,
}

impl SystemWorld {
    /// The process's world. Costs nothing until a door is used.
    #[must_use]
    pub fn new() -> Self {
        Self { started: Instant::now(), client: OnceLock::new() }
    }

    /// The HTTP client, made at the first call: reading the system's roots takes milliseconds.
    fn client(&self, request: &HttpRequest) -> Result<&HttpClient, WorldError> {
        if self.client.get().is_none() {
            let client = http::client().map_err(|source| WorldError::Http {
                method: request.method.to_string(),
                url: request.url.host().unwrap_or_default().to_owned(),
                source: Arc::new(source),
            })?;
            return Ok(self.client.get_or_init(|| client));
        }
        self.client.get().ok_or(WorldError::Closed { door: "the network" })
    }
}

impl Default for SystemWorld {
    fn default() -> Self {
        Self::new()
    }
}

impl World for SystemWorld {
    fn read_file(&self, path: &Path, limit: usize) -> Result<Vec<u8>, WorldError> {
        file::read(path, limit)
    }

    fn write_file(&self, path: &Path, bytes: &[u8], mode: WriteMode) -> Result<(), WorldError> {
        let mut unique = [0; 8];
        self.random_bytes(&mut unique)?;
        file::write(path, bytes, mode, u64::from_le_bytes(unique))
    }

    fn list_dir(&self, path: &Path) -> Result<Vec<DirEntry>, WorldError> {
        file::list(path)
    }

    fn metadata(&self, path: &Path) -> Result<Option<Metadata>, WorldError> {
        file::metadata(path)
    }

    fn home_dir(&self) -> Option<PathBuf> {
        std::env::home_dir().filter(|home| !home.as_os_str().is_empty())
    }

    fn current_dir(&self) -> Result<PathBuf, WorldError> {
        std::env::current_dir().map_err(file::failed("find", Path::new("the current directory")))
    }

    fn env(&self, name: &str) -> Result<Option<String>, WorldError> {
        match std::env::var(name) {
            Ok(value) => Ok(Some(value)),
            Err(std::env::VarError::NotPresent) => Ok(None),
            Err(std::env::VarError::NotUnicode(_)) => Err(WorldError::Env { name: name.to_owned() }),
        }
    }

    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn monotonic(&self) -> Duration {
        self.started.elapsed()
    }

    fn random_bytes(&self, buffer: &mut [u8]) -> Result<(), WorldError> {
        rustls::crypto::ring::default_provider().secure_random.fill(buffer).map_err(|_| WorldError::Random)
    }

    fn sleep(&self, time: Duration) -> Pending<'_, ()> {
        // Made when it is first polled: a timer must be made on the runtime, and scripts ask from their own thread.
        Box::pin(async move { tokio::time::sleep(time).await })
    }

    fn run_program(&self, program: Program) -> Pending<'_, Result<ProgramOutput, WorldError>> {
        Box::pin(program::run(program))
    }

    fn http(&self, request: HttpRequest) -> Pending<'_, Result<HttpAnswer, WorldError>> {
        Box::pin(async move { http::call(self.client(&request)?, request).await })
    }
}

#[cfg(test)]
mod tests;
