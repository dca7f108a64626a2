//! The real world with a clock that a test can put forward, and with programs that get less time than they were given.

use jiff::Timestamp;
use rutter::world::{
    DirEntry, HttpAnswer, HttpRequest, Metadata, Pending, Program, ProgramOutput, SystemWorld, World, WorldError,
    WriteMode,
};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

#[derive(Debug, Default)]
pub(super) struct SteeredWorld {
    real: SystemWorld,
    ahead: Mutex<Duration>,
    /// The time limits that programs were given; in fact they get half a second.
    pub(super) limits: Mutex<Vec<Duration>>,
}

impl SteeredWorld {
    pub(super) fn advance(&self, time: Duration) {
        *self.ahead.lock().unwrap() += time;
    }
}

impl World for SteeredWorld {
    fn monotonic(&self) -> Duration {
        self.real.monotonic() + *self.ahead.lock().unwrap()
    }

    fn run_program(&self, mut program: Program) -> Pending<'_, Result<ProgramOutput, WorldError>> {
        self.limits.lock().unwrap().push(program.timeout);
        program.timeout = Duration::from_millis(500);
        self.real.run_program(program)
    }

    fn read_file(&self, path: &Path, limit: usize) -> Result<Vec<u8>, WorldError> {
        self.real.read_file(path, limit)
    }

    fn write_file(&self, path: &Path, bytes: &[u8], mode: WriteMode) -> Result<(), WorldError> {
        self.real.write_file(path, bytes, mode)
    }

    fn list_dir(&self, path: &Path) -> Result<Vec<DirEntry>, WorldError> {
        self.real.list_dir(path)
    }

    fn metadata(&self, path: &Path) -> Result<Option<Metadata>, WorldError> {
        self.real.metadata(path)
    }

    fn home_dir(&self) -> Option<PathBuf> {
        self.real.home_dir()
    }

    fn current_dir(&self) -> Result<PathBuf, WorldError> {
        self.real.current_dir()
    }

    fn env(&self, name: &str) -> Result<Option<String>, WorldError> {
        self.real.env(name)
    }

    fn now(&self) -> Timestamp {
        self.real.now()
    }

    fn random_bytes(&self, buffer: &mut [u8]) -> Result<(), WorldError> {
        self.real.random_bytes(buffer)
    }

    fn sleep(&self, time: Duration) -> Pending<'_, ()> {
        self.real.sleep(time)
    }

    fn http(&self, request: HttpRequest) -> Pending<'_, Result<HttpAnswer, WorldError>> {
        self.real.http(request)
    }
}
