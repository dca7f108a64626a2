//! `rutter check`

use crate::catalog;
use crate::cli::args::{Check, Form, Output};
use crate::cli::exit::{self, Problems};
use crate::cli::{command_line, params, printer};
use crate::diag::{Diagnostic, Explain as _, Severity, SourceMap, SourceText, codes};
use crate::report::{self, FindingsForm};
use crate::session::{Script, Session};
use crate::source::Runbook;
use crate::world::{FileKind, SystemWorld, World, WorldError, read_text};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

/// A larger file is no script; what a session takes as source is less.
const MOST: usize = 16 * 1024 * 1024;

pub(in crate::cli) fn run(args: &Check, output: &Output) -> anyhow::Result<ExitCode> {
    let world: Arc<dyn World> = Arc::new(SystemWorld::new());
    let mut files = Vec::new();
    for path in &args.paths {
        scripts(world.as_ref(), path, &mut files)?;
    }
    let reserved = params::reserved(&command_line(&"rutter".into()));
    let checking = Checking {
        session: Session::builder(Arc::clone(&world)).build(),
        world,
        reserved: reserved.iter().map(String::as_str).collect(),
        sources: SourceMap::default(),
    };
    let mut found: Vec<Diagnostic> = Vec::new();
    for file in &files {
        for finding in checking.file(file)? {
            // A module is checked with each script that imports it.
            if !found.contains(&finding) {
                found.push(finding);
            }
        }
    }
    printer::data(&report::findings(&found, &checking.sources, form(output)))?;
    let count = |severity| found.iter().filter(|finding| finding.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    if !output.quiet {
        let parts = [(files.len(), "file"), (errors, "error"), (warnings, "warning")].map(counted);
        printer::talk(&format!("{}\n", parts.join(", ")));
    }
    Ok(if errors == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn form(output: &Output) -> FindingsForm {
    match output.form {
        Form::Text => FindingsForm::Text(exit::style_of(&std::io::stdout(), output.color)),
        Form::Json => FindingsForm::Json,
        Form::Yaml => FindingsForm::Yaml,
        Form::Github => FindingsForm::Github,
        Form::Sarif => FindingsForm::Sarif(catalog::error_page_alone),
    }
}

fn counted((number, noun): (usize, &str)) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// The scripts that a path stands for: itself, or all below a folder, sorted. What somebody else put there is left out,
/// unless it is named: hidden folders, links, caches and the packages of Node.js.
fn scripts(world: &dyn World, path: &Path, files: &mut Vec<PathBuf>) -> Result<(), Problems> {
    let unreadable = |error: WorldError| Problems::one(error.diagnostic());
    let Some(found) = world.metadata(path).map_err(unreadable)? else {
        let message = format!("cannot read {}", path.display());
        return Err(Problems::one(Diagnostic::error(codes::SCRIPT_NOT_FOUND, message).note("there is no such file")));
    };
    if found.kind != FileKind::Dir {
        files.push(path.to_path_buf());
        return Ok(());
    }
    for entry in world.list_dir(path).map_err(unreadable)? {
        let below = if path == Path::new(".") { PathBuf::from(&entry.name) } else { path.join(&entry.name) };
        match entry.kind {
            FileKind::Dir if is_foreign(world, &below) => {}
            FileKind::Dir => scripts(world, &below, files)?,
            FileKind::File if below.extension().is_some_and(|extension| extension == "rhai") => files.push(below),
            _ => {}
        }
    }
    Ok(())
}

/// Whether nobody wrote by hand what is in a folder. Build tools mark theirs: <https://bford.info/cachedir/>
fn is_foreign(world: &dyn World, folder: &Path) -> bool {
    let name = folder.file_name().unwrap_or_default().as_encoded_bytes();
    let is_cache = || matches!(world.metadata(&folder.join("CACHEDIR.TAG")), Ok(Some(_)));
    name.starts_with(b".") || name == b"node_modules" || is_cache()
}

/// What all files are checked with.
struct Checking<'a> {
    session: Session,
    world: Arc<dyn World>,
    reserved: Vec<&'a str>,
    sources: SourceMap,
}

impl Checking<'_> {
    fn file(&self, path: &Path) -> Result<Vec<Diagnostic>, Problems> {
        let text = read_text(self.world.as_ref(), path, MOST).map_err(|error| Problems::one(error.diagnostic()))?;
        let name = path.display().to_string();
        let source = SourceText::new(name.clone(), text.clone());
        self.sources.insert(Arc::clone(&source));
        let (mut found, params) = match Runbook::read(&source, &self.reserved) {
            Ok(runbook) => (Vec::new(), Some(runbook.params.names().map(str::to_owned).collect::<Vec<_>>())),
            // The script may still use what a broken header declares.
            Err(found) => (found, None),
        };
        let params: Option<Vec<&str>> = params.as_ref().map(|names| names.iter().map(String::as_str).collect());
        let script = Script::new(name, text).in_package(path.parent().unwrap_or(Path::new("")));
        found.extend(self.session.check(&script, params.as_deref(), &self.sources));
        Ok(found)
    }
}
