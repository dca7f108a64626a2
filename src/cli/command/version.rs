//! `rutter version`

use crate::cli::args::Output;
use crate::cli::printer;
use crate::report;
use crate::value::Node;
use std::process::ExitCode;

pub(in crate::cli) fn run(output: &Output) -> anyhow::Result<ExitCode> {
    let version = env!("CARGO_PKG_VERSION");
    let text = match output.form.of_result().unwrap_or_default() {
        report::Form::Text => format!("rutter {version}\n"),
        form => report::result(&Node::from([("version", Node::from(version))]), form),
    };
    printer::data(&text)?;
    Ok(ExitCode::SUCCESS)
}
