//! `rutter doc`

use crate::catalog;
use crate::cli::args::{Doc, Output};
use crate::cli::exit::Problems;
use crate::cli::printer;
use crate::diag::{Explain as _, SourceText};
use crate::report;
use crate::source::Runbook;
use crate::world::{SystemWorld, World, WriteMode, read_text};
use std::path::Path;
use std::process::ExitCode;

pub(in crate::cli) fn run(args: &Doc, output: &Output) -> anyhow::Result<ExitCode> {
    if let Some(folder) = &args.generate {
        return generate(folder);
    }
    let text = match (&args.topic, output.form.of_result().unwrap_or_default()) {
        (Some(file), _) if file.ends_with(".rhai") => runbook(Path::new(file))?,
        (topic, report::Form::Text) => {
            catalog::topic(topic.as_deref()).map_err(|error| Problems::one(error.diagnostic()))?
        }
        (topic, form) => {
            let described = catalog::described(topic.as_deref());
            report::result(&described.map_err(|error| Problems::one(error.diagnostic()))?, form)
        }
    };
    printer::data(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// Writes all generated files, and says which ones changed.
fn generate(folder: &Path) -> anyhow::Result<ExitCode> {
    let world = SystemWorld::new();
    for (name, text) in catalog::generated() {
        let path = folder.join(&name);
        let current = read_text(&world, &path, 16 << 20).unwrap_or_default();
        if current != text {
            world
                .write_file(&path, text.as_bytes(), WriteMode::Replace)
                .map_err(|error| Problems::one(error.diagnostic()))?;
            printer::talk(&format!("wrote {}\n", path.display()));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A runbook's own page: its Markdown, and a table of its params.
fn runbook(path: &Path) -> Result<String, Problems> {
    let text = read_text(&SystemWorld::new(), path, 16 << 20).map_err(|error| Problems::one(error.diagnostic()))?;
    let source = SourceText::new(path.display().to_string(), text);
    let sources = crate::diag::SourceMap::default();
    sources.insert(source.clone());
    let runbook = Runbook::read(&source, &[]).map_err(|found| Problems::with(found, sources))?;
    let version = runbook.version.as_ref().map(|version| format!("@{version}")).unwrap_or_default();
    let title = runbook.title.clone().unwrap_or_else(|| runbook.name.clone());
    let mut page = format!("# {title}\n\n`{}{version}`\n\n{}\n", runbook.name, runbook.description.trim());
    let flags = crate::resolve::flags(&runbook.params);
    if !flags.is_empty() {
        page.push_str("\n| option | | default |\n|---|---|---|\n");
    }
    for flag in flags {
        let default = flag.default.unwrap_or_else(|| if flag.required { "required".into() } else { String::new() });
        page.push_str(&format!("| `--{} {}` | {} | {default} |\n", flag.name, flag.value_name, flag.help));
    }
    Ok(page)
}
