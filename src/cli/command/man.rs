//! `rutter man [DIR]`

use crate::cli::args::Man;
use crate::cli::exit::Problems;
use crate::cli::{command_line, printer};
use crate::diag::Explain as _;
use crate::world::{SystemWorld, World as _, WriteMode};
use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

pub(in crate::cli) fn run(args: &Man, program: &OsString) -> anyhow::Result<ExitCode> {
    let mut line = command_line(program);
    // Fills in what commands inherit: their full names and the options that all have.
    line.build();
    match &args.folder {
        None => printer::data(&page(&line)?)?,
        Some(folder) => write_all(&line, folder)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes the page of a command and those of its subcommands, and says which.
fn write_all(command: &clap::Command, folder: &Path) -> anyhow::Result<()> {
    let path = folder.join(format!("{}.1", name(command)));
    let text = page(command)?;
    let written = SystemWorld::new().write_file(&path, text.as_bytes(), WriteMode::Replace);
    written.map_err(|error| Problems::one(error.diagnostic()))?;
    printer::talk(&format!("wrote {}\n", path.display()));
    command.get_subcommands().filter(|sub| !sub.is_hide_set()).try_for_each(|sub| write_all(sub, folder))
}

/// `rutter-run`
fn name(command: &clap::Command) -> &str {
    command.get_display_name().unwrap_or_else(|| command.get_name())
}

fn page(command: &clap::Command) -> anyhow::Result<String> {
    let mut page = Vec::new();
    let source = format!("rutter {}", env!("CARGO_PKG_VERSION"));
    let plain = command.clone().after_help(None::<&'static str>);
    clap_mangen::Man::new(plain).source(source).render(&mut page)?;
    let mut page = String::from_utf8(page)?;
    if let Some(text) = command.get_after_help() {
        page.push_str(&examples(&text.to_string()));
    }
    Ok(page)
}

/// What stands below the options, line by line: as running text it could not be copied.
fn examples(text: &str) -> String {
    let lines = text.lines().filter(|line| *line != "Examples:").map(str::trim_start);
    let lines: String = lines.map(|line| format!("{}\n", escaped(line))).collect();
    format!(".SH EXAMPLES\n.nf\n{lines}.fi\n")
}

/// Characters that mean something in a manual page. `Aq` is the apostrophe that its head defines.
fn escaped(line: &str) -> String {
    let text = line.replace('\\', "\\e").replace('-', "\\-").replace('\'', "\\*(Aq");
    if text.starts_with('.') { format!("\\&{text}") } else { text }
}
