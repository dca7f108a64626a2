//! `rutter completion SHELL`

use crate::cli::args::Completion;
use crate::cli::{command_line, printer};
use std::ffi::OsString;
use std::process::ExitCode;

pub(in crate::cli) fn run(args: &Completion, program: &OsString) -> anyhow::Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command_line(program), "rutter", &mut script);
    printer::data(&String::from_utf8_lossy(&script))?;
    Ok(ExitCode::SUCCESS)
}
