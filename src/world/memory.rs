//! A world that holds only what it was given: for embedders that offer no machine, and for tests.
//!
//! Nothing here touches the process: no file, no variable, no program, no network. Its clock stands still until
//! [`MemoryWorld::advance`] moves it or a sleep has passed.

use super::{
    DirEntry, FileKind, HttpAnswer, HttpRequest, Metadata, Pending, Program, ProgramOutput, World, WorldError,
    WriteMode, file,
};
use ::http::Method;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Files and variables in maps, a steered clock, a fixed sequence for randomness. Programs and addresses answer what was
/// given for them; without that their doors are closed.
#[derive(Debug)]
pub struct MemoryWorld {
    env: BTreeMap<String, String>,
    answers: HashMap<(Method, String), HttpAnswer>,
    outputs: BTreeMap<PathBuf, ProgramOutput>,
    home: Option<PathBuf>,
    start: Timestamp,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    files: BTreeMap<PathBuf, StoredFile>,
    elapsed: Duration,
    random: u64,
}

#[derive(Debug)]
struct StoredFile {
    bytes: Vec<u8>,
    modified: Timestamp,
}

impl MemoryWorld {
    /// An empty world at the Unix epoch. Relative paths start at `/`.
    #[must_use]
    pub fn new() -> Self {
        Self {
            env: BTreeMap::new(),
            answers: HashMap::new(),
            outputs: BTreeMap::new(),
            home: None,
            start: Timestamp::UNIX_EPOCH,
            state: Mutex::default(),
        }
    }

    /// Adds a file.
    #[must_use]
    pub fn with_file(self, path: impl AsRef<Path>, bytes: impl Into<Vec<u8>>) -> Self {
        self.put_file(path, bytes);
        self
    }

    /// Sets a variable.
    #[must_use]
    pub fn with_env(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.env.insert(name.into(), value.into());
        self
    }

    /// Answers calls of that method to that address, whatever they send.
    #[must_use]
    pub fn with_http(mut self, method: Method, url: impl Into<String>, answer: HttpAnswer) -> Self {
        self.answers.insert((method, url.into()), answer);
        self
    }

    /// Lets a program of that path or name end like that, whatever its arguments.
    #[must_use]
    pub fn with_program(mut self, path: impl Into<PathBuf>, output: ProgramOutput) -> Self {
        self.outputs.insert(path.into(), output);
        self
    }

    /// Sets the home directory.
    #[must_use]
    pub fn with_home(mut self, path: impl Into<PathBuf>) -> Self {
        self.home = Some(path.into());
        self
    }

    /// Sets the time of day at which the clock stands.
    #[must_use]
    pub fn at(mut self, time: Timestamp) -> Self {
        self.start = time;
        self
    }

    /// Puts a file in place, over one that is there.
    pub fn put_file(&self, path: impl AsRef<Path>, bytes: impl Into<Vec<u8>>) {
        let modified = self.now();
        let path = absolute(path.as_ref());
        self.state().files.insert(path, StoredFile { bytes: bytes.into(), modified });
    }

    /// Moves the clock.
    pub fn advance(&self, time: Duration) {
        let mut state = self.state();
        state.elapsed = state.elapsed.saturating_add(time);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for MemoryWorld {
    fn default() -> Self {
        Self::new()
    }
}

fn absolute(path: &Path) -> PathBuf {
    file::plain(&Path::new("/").join(path))
}

fn error(action: &'static str, path: &Path, kind: io::ErrorKind) -> WorldError {
    file::failed(action, path)(kind.into())
}

impl World for MemoryWorld {
    fn read_file(&self, path: &Path, limit: usize) -> Result<Vec<u8>, WorldError> {
        let state = self.state();
        let Some(found) = state.files.get(&absolute(path)) else {
            return Err(error("read", path, io::ErrorKind::NotFound));
        };
        if found.bytes.len() > limit {
            return Err(WorldError::FileTooLarge { path: path.to_path_buf(), limit });
        }
        Ok(found.bytes.clone())
    }

    fn write_file(&self, path: &Path, bytes: &[u8], mode: WriteMode) -> Result<(), WorldError> {
        if mode == WriteMode::Create && self.metadata(path)?.is_some() {
            return Err(error("write", path, io::ErrorKind::AlreadyExists));
        }
        self.put_file(path, bytes);
        Ok(())
    }

    fn list_dir(&self, path: &Path) -> Result<Vec<DirEntry>, WorldError> {
        let dir = absolute(path);
        let state = self.state();
        let below = state.files.keys().filter_map(|file| file.strip_prefix(&dir).ok());
        let mut entries = BTreeSet::new();
        for rest in below {
            let mut parts = rest.components();
            let Some(first) = parts.next() else { continue };
            let is_dir = parts.next().is_some();
            entries.insert((first.as_os_str().to_owned(), is_dir));
        }
        if entries.is_empty() {
            return Err(error("list", path, io::ErrorKind::NotFound));
        }
        let kind = |is_dir| if is_dir { FileKind::Dir } else { FileKind::File };
        Ok(entries.into_iter().map(|(name, is_dir)| DirEntry { name, kind: kind(is_dir) }).collect())
    }

    fn metadata(&self, path: &Path) -> Result<Option<Metadata>, WorldError> {
        let wanted = absolute(path);
        let state = self.state();
        if let Some(found) = state.files.get(&wanted) {
            let size = found.bytes.len() as u64;
            return Ok(Some(Metadata { kind: FileKind::File, size, modified: Some(found.modified) }));
        }
        let is_dir = state.files.keys().any(|file| file.starts_with(&wanted));
        Ok(is_dir.then_some(Metadata { kind: FileKind::Dir, size: 0, modified: None }))
    }

    fn home_dir(&self) -> Option<PathBuf> {
        self.home.clone()
    }

    fn current_dir(&self) -> Result<PathBuf, WorldError> {
        Ok(PathBuf::from("/"))
    }

    fn env(&self, name: &str) -> Result<Option<String>, WorldError> {
        Ok(self.env.get(name).cloned())
    }

    fn now(&self) -> Timestamp {
        let elapsed = SignedDuration::try_from(self.state().elapsed).unwrap_or(SignedDuration::MAX);
        self.start.saturating_add(elapsed).unwrap_or(Timestamp::MAX)
    }

    fn monotonic(&self) -> Duration {
        self.state().elapsed
    }

    /// A fixed sequence (SplitMix64), so that two runs are equal. Never use it for keys.
    fn random_bytes(&self, buffer: &mut [u8]) -> Result<(), WorldError> {
        let mut state = self.state();
        for chunk in buffer.chunks_mut(8) {
            state.random = state.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut word = state.random;
            word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            word ^= word >> 31;
            chunk.copy_from_slice(&word.to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }

    fn sleep(&self, time: Duration) -> Pending<'_, ()> {
        let wake = self.monotonic().saturating_add(time);
        Box::pin(async move {
            tokio::time::sleep(time).await;
            // Sleeps that overlap must not add up.
            let mut state = self.state();
            state.elapsed = state.elapsed.max(wake);
        })
    }

    fn run_program(&self, program: Program) -> Pending<'_, Result<ProgramOutput, WorldError>> {
        let output = self.outputs.get(&program.path).cloned().ok_or(WorldError::Closed { door: "programs" });
        Box::pin(async { output })
    }

    fn http(&self, request: HttpRequest) -> Pending<'_, Result<HttpAnswer, WorldError>> {
        let answer = self.answers.get(&(request.method, request.url.to_string())).cloned();
        Box::pin(async { answer.ok_or(WorldError::Closed { door: "the network" }) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sees_only_the_files_it_was_given() {
        let world = MemoryWorld::new().with_file("/etc/app/a.yaml", "a").with_file("/etc/app/b/c.yaml", "c");
        assert_eq!(world.read_file(Path::new("etc/./x/../app/a.yaml"), 10).unwrap(), b"a");
        assert!(world.read_file(Path::new("/etc/passwd"), 10).unwrap_err().is_not_found());
        let entries = world.list_dir(Path::new("/etc/app")).unwrap();
        assert_eq!(entries[0], DirEntry { name: "a.yaml".into(), kind: FileKind::File });
        assert_eq!(entries[1], DirEntry { name: "b".into(), kind: FileKind::Dir });
        assert!(world.list_dir(Path::new("/nowhere")).unwrap_err().is_not_found());
    }

    #[test]
    fn refuses_to_create_over_a_file_and_replaces_when_told() {
        let world = MemoryWorld::new().with_file("/a", "old");
        assert!(world.write_file(Path::new("/a"), b"new", WriteMode::Create).is_err());
        world.write_file(Path::new("/a"), b"new", WriteMode::Replace).unwrap();
        assert_eq!(world.read_file(Path::new("/a"), 10).unwrap(), b"new");
    }

    #[tokio::test(start_paused = true)]
    async fn moves_its_clock_only_by_hand_and_by_sleep() {
        let world = MemoryWorld::new();
        world.advance(Duration::from_secs(5));
        tokio::join!(world.sleep(Duration::from_secs(10)), world.sleep(Duration::from_secs(20)));
        assert_eq!(world.now().as_second(), 25);
        assert_eq!(world.monotonic(), Duration::from_secs(25));
    }

    #[tokio::test]
    async fn has_no_programs_and_no_network() {
        let world = MemoryWorld::new();
        assert!(matches!(world.run_program(Program::new("/bin/true")).await, Err(WorldError::Closed { .. })));
        let request = HttpRequest::new(Method::GET, ::http::Uri::from_static("http://localhost/"));
        assert!(matches!(world.http(request).await, Err(WorldError::Closed { .. })));
    }

    #[tokio::test]
    async fn programs_and_addresses_answer_what_was_given_for_them() {
        let output = ProgramOutput { status: Some(3), stdout: b"x".to_vec(), stderr: Vec::new() };
        let answer =
            HttpAnswer { status: ::http::StatusCode::NO_CONTENT, headers: Default::default(), body: "".into() };
        let world = MemoryWorld::new().with_program("date", output.clone());
        let world = world.with_http(Method::GET, "http://localhost/a", answer);
        assert_eq!(world.run_program(Program::new("date")).await.unwrap(), output);
        let request = |method, url| HttpRequest::new(method, ::http::Uri::from_static(url));
        assert_eq!(world.http(request(Method::GET, "http://localhost/a")).await.unwrap().status, 204);
        assert!(world.http(request(Method::PUT, "http://localhost/a")).await.is_err());
        assert!(world.http(request(Method::GET, "http://localhost/b")).await.is_err());
    }

    #[test]
    fn gives_the_same_random_bytes_to_two_equal_worlds() {
        let (mut a, mut b) = ([0; 11], [0; 11]);
        MemoryWorld::new().random_bytes(&mut a).unwrap();
        MemoryWorld::new().random_bytes(&mut b).unwrap();
        assert_eq!(a, b);
        assert_ne!(a, [0; 11]);
    }
}
