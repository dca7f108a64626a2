//! `rutter doc`

use crate::cli::args::{Doc, Output};
use std::process::ExitCode;

pub(in crate::cli) fn run(_args: &Doc, _output: &Output) -> anyhow::Result<ExitCode> {
    anyhow::bail!("not yet")
}
