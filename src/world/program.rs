//! Running a program to its end: with a time limit, an output limit, and nothing left running behind.

use super::WorldError;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};

/// Which variables a program sees beside its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Inherit {
    /// Those of this process.
    #[default]
    Environment,
    /// None.
    Nothing,
}

/// A program to run. Its `Debug` form leaves out variables, arguments and input: they may hold secrets.
#[derive(Clone)]
pub struct Program {
    /// A path, or a name to be looked up in `PATH`.
    pub path: PathBuf,
    /// Its arguments.
    pub args: Vec<OsString>,
    /// Variables set for it, over what it inherits.
    pub env: BTreeMap<String, String>,
    /// What it inherits.
    pub inherit: Inherit,
    /// The directory it starts in; this process's if `None`.
    pub current_dir: Option<PathBuf>,
    /// What it reads on its standard input.
    pub stdin: Vec<u8>,
    /// How long it may run. It is killed then, with its children.
    pub timeout: Duration,
    /// The most bytes it may print, to each of its two streams.
    pub output_limit: usize,
}

impl Program {
    /// A program without arguments, limited to 30 s and 1 MiB.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            args: Vec::new(),
            env: BTreeMap::new(),
            inherit: Inherit::default(),
            current_dir: None,
            stdin: Vec::new(),
            timeout: Duration::from_secs(30),
            output_limit: 1 << 20,
        }
    }

    fn name(&self) -> String {
        self.path.display().to_string()
    }
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Program").field("path", &self.path).field("timeout", &self.timeout).finish_non_exhaustive()
    }
}

/// How a program ended and what it printed. Its `Debug` form shows lengths only.
#[derive(Clone, PartialEq, Eq)]
pub struct ProgramOutput {
    /// The exit status; `None` if a signal ended it.
    pub status: Option<i32>,
    /// Its standard output.
    pub stdout: Vec<u8>,
    /// Its standard error.
    pub stderr: Vec<u8>,
}

impl fmt::Debug for ProgramOutput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProgramOutput")
            .field("status", &self.status)
            .field("stdout", &self.stdout.len())
            .field("stderr", &self.stderr.len())
            .finish()
    }
}

/// A child in a process group of its own, which is killed when the child ends or this is dropped.
struct Group(Child);

impl Group {
    /// Waits until the child ends, and kills what it has left running.
    async fn end(&mut self) -> io::Result<ExitStatus> {
        #[cfg(unix)]
        {
            self.exited().await?;
            // The child is reaped only after this: until then nobody else can get its id, and with it the group's.
            self.kill();
        }
        self.0.wait().await
    }

    /// Waits until the child ends, and leaves it to be reaped.
    #[cfg(unix)]
    async fn exited(&self) -> io::Result<()> {
        use rustix::process::{WaitId, WaitIdOptions, waitid};
        use tokio::signal::unix::{SignalKind, signal};
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT | WaitIdOptions::NOHANG;
        // Listened for before the first look: an end between the two is not missed.
        let mut ends = signal(SignalKind::child())?;
        while let Some(id) = self.id()
            && waitid(WaitId::Pid(id), options)?.is_none()
        {
            ends.recv().await;
        }
        Ok(())
    }

    /// The child's id, which is the group's; `None` once it was reaped.
    #[cfg(unix)]
    fn id(&self) -> Option<rustix::process::Pid> {
        rustix::process::Pid::from_raw(i32::try_from(self.0.id()?).ok()?)
    }

    /// Kills the child and whatever it has started. No-op once all of them are gone.
    fn kill(&mut self) {
        #[cfg(unix)]
        if let Some(id) = self.id() {
            let _ = rustix::process::kill_process_group(id, rustix::process::Signal::KILL);
        }
        let _ = self.0.start_kill();
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.kill();
    }
}

pub(super) async fn run(program: Program) -> Result<ProgramOutput, WorldError> {
    let timeout = program.timeout;
    let name = program.name();
    let ended = tokio::time::timeout(timeout, run_to_end(program)).await;
    ended.unwrap_or(Err(WorldError::ProgramTimeout { program: name, limit: timeout }))
}

async fn run_to_end(program: Program) -> Result<ProgramOutput, WorldError> {
    let failed = |source: io::Error| WorldError::Program { program: program.name(), source: source.into() };
    let mut group = Group(command(&program).spawn().map_err(failed)?);
    let child = &mut group.0;
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let feed = async {
        if let Some(mut stdin) = stdin {
            // A program may end without reading its input: that is its business, not a failure.
            let _ = stdin.write_all(&program.stdin).await;
        }
        Ok(())
    };
    let limit = program.output_limit;
    let ((), stdout, stderr) = tokio::try_join!(feed, read_limited(stdout, limit), read_limited(stderr, limit))
        .map_err(|ended| match ended {
            Ended::TooMuch => WorldError::ProgramOutput { program: program.name(), limit },
            Ended::Broken(source) => failed(source),
        })?;
    let status = group.end().await.map_err(failed)?;
    Ok(ProgramOutput { status: status.code(), stdout, stderr })
}

/// The command to spawn. The program gets a process group of its own, so that its children can be killed with it.
#[expect(clippy::disallowed_methods, reason = "this is the door that programs run through")]
fn command(program: &Program) -> Command {
    let mut command = std::process::Command::new(&program.path);
    command.args(&program.args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    if program.inherit == Inherit::Nothing {
        command.env_clear();
    }
    command.envs(&program.env);
    if let Some(dir) = &program.current_dir {
        command.current_dir(dir);
    }
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut command = Command::from(command);
    command.kill_on_drop(true);
    command
}

enum Ended {
    TooMuch,
    Broken(io::Error),
}

async fn read_limited(stream: Option<impl AsyncRead + Unpin>, limit: usize) -> Result<Vec<u8>, Ended> {
    let mut bytes = Vec::new();
    if let Some(stream) = stream {
        stream.take(limit as u64 + 1).read_to_end(&mut bytes).await.map_err(Ended::Broken)?;
    }
    if bytes.len() > limit { Err(Ended::TooMuch) } else { Ok(bytes) }
}
