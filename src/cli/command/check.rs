//! `rutter check`

use crate::cli::args::{Check, Output};
use std::process::ExitCode;

pub(in crate::cli) fn run(_args: &Check, _output: &Output) -> anyhow::Result<ExitCode> {
    anyhow::bail!("not yet")
}
