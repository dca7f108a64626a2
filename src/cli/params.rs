//! A runbook's params as options of `rutter run`: flags, help and values come from the header's schema.

use super::args::Run;
use super::exit::Problems;
use crate::diag::{Diagnostic, codes};
use crate::session::{RunOptions, Script};
use crate::world::{SystemWorld, World};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// A script that was read, with what its header says.
#[derive(Debug)]
pub(super) struct Loaded {
    pub(super) script: Script,
}

/// The script that a command line names, found before the rest is parsed, because the script decides which options there
/// are: the first argument of `run` that is neither an option nor an option's value.
pub(super) fn script_of(line: &clap::Command, args: &[OsString]) -> Option<PathBuf> {
    let run = line.find_subcommand("run")?;
    let mut rest = args.iter().skip(1).map(|arg| arg.to_string_lossy().into_owned());
    let takes_value = |flag: &str| {
        let known = run.get_arguments().chain(line.get_arguments()).find(|arg| {
            let long = flag.strip_prefix("--").is_some_and(|name| arg.get_long() == Some(name));
            let short = flag.strip_prefix('-').and_then(|name| name.chars().last());
            long || (!flag.starts_with("--") && short.is_some() && arg.get_short() == short)
        });
        known.is_some_and(|arg| arg.get_action().takes_values() && !arg.is_require_equals_set())
    };
    let mut seen_run = false;
    while let Some(arg) = rest.next() {
        if arg == "--" {
            return rest.next().filter(|_| seen_run).map(PathBuf::from);
        }
        if arg.starts_with('-') && arg != "-" {
            if ["-e", "--expression"].contains(&arg.as_str()) || arg.starts_with("--expression=") {
                return None;
            }
            if !arg.contains('=') && takes_value(&arg) {
                rest.next();
            }
        } else if seen_run {
            return Some(PathBuf::from(arg));
        } else if arg == "run" {
            seen_run = true;
        } else {
            return None;
        }
    }
    None
}

/// Reads a script and its header.
pub(super) fn load(path: &Path) -> anyhow::Result<Loaded> {
    const MOST: usize = 1024 * 1024;
    let world = SystemWorld::new();
    let unreadable = |why: String| {
        Problems::one(Diagnostic::error(codes::SCRIPT_NOT_FOUND, format!("cannot read {}", path.display())).note(why))
    };
    let (name, bytes) = if path.as_os_str() == "-" {
        let mut text = Vec::new();
        std::io::Read::read_to_end(&mut std::io::Read::take(std::io::stdin().lock(), MOST as u64), &mut text)?;
        ("stdin".to_owned(), text)
    } else {
        let bytes = world.read_file(path, MOST).map_err(|error| unreadable(error.to_string()))?;
        (path.display().to_string(), bytes)
    };
    let text = String::from_utf8(bytes).map_err(|_| unreadable("it is not UTF-8".to_owned()))?;
    let mut script = Script::new(name, text);
    if path.as_os_str() != "-" {
        script = script.in_package(path.parent().unwrap_or(Path::new("")));
    }
    Ok(Loaded { script })
}

/// The command line with the runbook's params as options of `run`.
pub(super) fn with_flags(line: clap::Command, _loaded: &Loaded) -> clap::Command {
    line
}

/// What is wrong with a command line, or the help that was asked for.
pub(super) fn usage(error: &clap::Error, _loaded: Option<&Loaded>) -> std::process::ExitCode {
    let _ = error.print();
    std::process::ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

/// The run's params from defaults, files of values and flags.
pub(super) fn resolve(_loaded: &Loaded, _args: &Run, _matches: &clap::ArgMatches) -> anyhow::Result<RunOptions> {
    Ok(RunOptions::default())
}
