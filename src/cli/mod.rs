//! The command line: the only part that prints, reads the process's environment and starts a runtime.
//!
//! stdout is data, stderr is talk.

mod args;
mod command;
mod connection;
mod early;
mod exit;
mod markdown;
mod params;
mod printer;
mod terminal;

use args::{Cli, Command};
use clap::{CommandFactory as _, FromArgMatches as _};
use std::ffi::OsString;
use std::process::ExitCode;

/// Runs the command line with these arguments, the program's name first.
#[must_use]
pub fn main(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let args: Vec<OsString> = args.into_iter().collect();
    let wishes = early::wishes(&args);
    match dispatch(&args, wishes) {
        Ok(code) => code,
        Err(error) => exit::report(&error, wishes),
    }
}

/// The whole command line as clap sees it; completion and man pages are made from it.
pub(crate) fn command_line(name: &OsString) -> clap::Command {
    let file = std::path::Path::new(name).file_stem().and_then(|stem| stem.to_str()).unwrap_or("rutter");
    // As a kubectl plugin the binary is called `kubectl-rutter`, and people type `kubectl rutter`.
    if file == "kubectl-rutter" { Cli::command().bin_name("kubectl rutter") } else { Cli::command() }
}

fn dispatch(args: &[OsString], wishes: early::Wishes) -> anyhow::Result<ExitCode> {
    let program = args.first().cloned().unwrap_or_else(|| "rutter".into());
    let mut line = command_line(&program).color(wishes.color.into());
    let script = params::script_of(&line, args);
    let runbook = script.map(|script| params::load(&script, &line)).transpose()?;
    if let Some(runbook) = &runbook {
        line = params::with_flags(line, runbook);
    }
    let matches = match line.try_get_matches_from(args) {
        Ok(matches) => matches,
        Err(error) => return Ok(params::usage(&error, runbook.as_ref(), wishes)),
    };
    let cli = Cli::from_arg_matches(&matches)?;
    let output = cli.output;
    match cli.command {
        Command::Run(run) => command::run::run(&run, runbook, &matches, &output),
        Command::Check(check) => command::check::run(&check, &output),
        Command::Doc(doc) => command::doc::run(&doc, &output),
        Command::Completion(completion) => command::completion::run(&completion, &program),
        Command::Man(man) => command::man::run(&man, &program),
        Command::Version => command::version::run(&output),
    }
}
