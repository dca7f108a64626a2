//! A runbook's params as options of `rutter run`: flags, help and values come from the header's schema.

use super::args::Run;
use super::early::Wishes;
use super::exit::{self, Problems};
use super::markdown::unwrapped;
use crate::diag::{Diagnostic, Explain as _, SourceMap, codes, did_you_mean};
use crate::resolve::{Flag, FlagKind, Layer, Params, flags};
use crate::session::{RunOptions, Script};
use crate::source::Runbook;
use crate::world::{SystemWorld, read_text};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

/// A larger file is no script and no file of values.
const MOST: usize = 16 * 1024 * 1024;

/// A script that was read, with what its header says.
#[derive(Debug)]
pub(super) struct Loaded {
    pub(super) script: Script,
    runbook: Runbook,
    flags: Vec<Flag>,
}

/// The script that a command line names, found before the rest is parsed, because the script decides which options there
/// are: the first argument of `run` that is neither an option nor an option's value.
pub(super) fn script_of(line: &clap::Command, args: &[OsString]) -> Option<PathBuf> {
    let run = line.find_subcommand("run")?;
    let mut rest = args.iter().skip(1).map(|arg| arg.to_string_lossy().into_owned());
    let mut seen_run = false;
    while let Some(arg) = rest.next() {
        if arg == "--" {
            return rest.next().filter(|_| seen_run).map(PathBuf::from);
        }
        if arg.starts_with('-') && arg != "-" {
            if is_expression(&arg) {
                return None;
            }
            if !arg.contains('=') && takes_value(line, run, &arg) {
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

fn is_expression(arg: &str) -> bool {
    arg == "--expression" || arg.starts_with("--expression=") || (arg.starts_with("-e") && !arg.starts_with("--"))
}

/// Whether the argument after this option is the option's value.
fn takes_value(line: &clap::Command, run: &clap::Command, flag: &str) -> bool {
    let known: Vec<&Arg> = run.get_arguments().chain(line.get_arguments()).collect();
    let wants = |option: &&&Arg| option.get_action().takes_values() && !option.is_require_equals_set();
    if let Some(name) = flag.strip_prefix("--") {
        return known.iter().find(|arg| arg.get_long() == Some(name)).as_ref().is_some_and(wants);
    }
    // `-nshop` and `-ojson` carry their value; `-vn shop` ends with the option that takes one.
    let letters = flag.trim_start_matches('-');
    let taker = letters
        .char_indices()
        .find(|(_, letter)| known.iter().find(|arg| arg.get_short() == Some(*letter)).as_ref().is_some_and(wants));
    taker.is_some_and(|(at, letter)| at + letter.len_utf8() == letters.len())
}

/// Reads a script and its header. `line` says which names params must not take.
pub(super) fn load(path: &Path, line: &clap::Command) -> Result<Loaded, Problems> {
    let (name, text) = read(path)?;
    let mut script = Script::new(name, text);
    if path.as_os_str() != "-" {
        script = script.in_package(path.parent().unwrap_or(Path::new("")));
    }
    let sources = SourceMap::default();
    sources.insert(Arc::clone(script.source()));
    let reserved = reserved(line);
    let reserved: Vec<&str> = reserved.iter().map(String::as_str).collect();
    let runbook = Runbook::read(script.source(), &reserved).map_err(|found| Problems::with(found, sources))?;
    let flags = flags(&runbook.params);
    Ok(Loaded { script, runbook, flags })
}

fn read(path: &Path) -> Result<(String, String), Problems> {
    let unreadable = |why: String| {
        let diagnostic =
            Diagnostic::error(codes::SCRIPT_NOT_FOUND, format!("cannot read {}", path.display())).note(why);
        Problems::one(if path.exists() {
            diagnostic
        } else {
            diagnostic.hint("the first argument of `rutter run` is the script; params stand after it")
        })
    };
    if path.as_os_str() != "-" {
        let text = read_text(&SystemWorld::new(), path, MOST).map_err(|error| unreadable(error.to_string()))?;
        return Ok((path.display().to_string(), text));
    }
    let mut text = String::new();
    let mut input = std::io::Read::take(std::io::stdin().lock(), MOST as u64);
    std::io::Read::read_to_string(&mut input, &mut text).map_err(|error| unreadable(error.to_string()))?;
    Ok(("stdin".to_owned(), text))
}

/// The names of Rutter's own options of `run`, without dashes.
pub(super) fn reserved(line: &clap::Command) -> Vec<String> {
    let run = line.find_subcommand("run").into_iter().flat_map(clap::Command::get_arguments);
    let longs = run.chain(line.get_arguments()).filter_map(|arg| arg.get_long().map(str::to_owned));
    longs.chain(["help", "version", "yes", "sandbox", "record"].map(str::to_owned)).collect()
}

/// The command line with the runbook's params as options of `run`.
pub(super) fn with_flags(line: clap::Command, loaded: &Loaded) -> clap::Command {
    let Runbook { name, title, description, version, .. } = &loaded.runbook;
    let mut about = title.clone().unwrap_or_else(|| format!("Run {name}"));
    if let Some(version) = version {
        about = format!("{about} ({name}@{version})");
    }
    let long = format!("{about}\n\n{}", unwrapped(description.trim()));
    // What this runbook takes stands before what all take: printed by a command that has nothing else, hidden in the list.
    let args = || loaded.flags.iter().map(option);
    let mut params = clap::Command::new("params")
        .help_template(PARAMS)
        .disable_help_flag(true)
        .args(args().map(|arg| arg.help_heading(format!("Params of {name}"))));
    let (brief, full) = (params.render_help(), params.render_long_help());
    line.mut_subcommand("run", |run| {
        run.about(about.clone())
            .long_about(long.trim().to_owned())
            .help_template(if loaded.flags.is_empty() { WITHOUT_PARAMS } else { WITH_PARAMS })
            .before_help(brief)
            .before_long_help(full)
            .args(args().map(|arg| arg.hide(true)))
    })
}

const PARAMS: &str = "{all-args}";
const WITH_PARAMS: &str = "{about-with-newline}\n{usage-heading} {usage}\n\n{before-help}{all-args}{after-help}";
const WITHOUT_PARAMS: &str = "{about-with-newline}\n{usage-heading} {usage}\n\n{all-args}{after-help}";

fn option(flag: &Flag) -> Arg {
    let mut notes = Vec::new();
    if flag.required {
        notes.push("required".to_owned());
    }
    notes.extend(flag.default.as_ref().map(|default| format!("default: {default}")));
    if !flag.possible.is_empty() {
        notes.push(format!("one of: {}", flag.possible.join(", ")));
    }
    if flag.deprecated {
        notes.push("deprecated".to_owned());
    }
    let noted = |text: String| match notes.is_empty() {
        true => text,
        false => format!("{text} [{}]", notes.join("; ")).trim_start().to_owned(),
    };
    let details = unwrapped(flag.details.trim());
    // A description that is the help already, or begins with it, is not told twice.
    let long = if details.starts_with(&flag.help) { details } else { format!("{}\n\n{details}", flag.help) };
    let arg = Arg::new(id(flag))
        .long(flag.name.clone())
        .value_name(flag.value_name.clone())
        .help(noted(flag.help.clone()))
        .long_help(noted(long.trim_end().to_owned()))
        .action(ArgAction::Append);
    match flag.kind {
        FlagKind::Switch => arg.num_args(0..=1).require_equals(true).default_missing_value("true"),
        _ => arg.num_args(1).allow_hyphen_values(true),
    }
}

fn id(flag: &Flag) -> String {
    format!("param:{}", flag.name)
}

/// What is wrong with a command line, or the help that was asked for.
pub(super) fn usage(error: &clap::Error, loaded: Option<&Loaded>, wishes: Wishes) -> ExitCode {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        let _ = error.print();
        return ExitCode::from(2);
    }
    let diagnostic = unknown_param(error, loaded).unwrap_or_else(|| {
        let text = error.to_string();
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let message = lines.next().unwrap_or("wrong usage").trim_start_matches("error: ").to_owned();
        let mut diagnostic = Diagnostic::error(codes::USAGE, message);
        for line in lines.filter(|line| !line.starts_with("For more information")) {
            diagnostic = diagnostic.hint(line.trim_start_matches("tip: "));
        }
        diagnostic
    });
    exit::report(&Problems::one(diagnostic).into(), wishes)
}

/// An option that neither Rutter nor the runbook has is most likely a mistyped param.
fn unknown_param(error: &clap::Error, loaded: Option<&Loaded>) -> Option<Diagnostic> {
    let loaded = loaded.filter(|_| error.kind() == ErrorKind::UnknownArgument)?;
    let ContextValue::String(given) = error.get(ContextKind::InvalidArg)? else { return None };
    let given = given.trim_start_matches('-').split('=').next()?;
    let message = format!("{} has no param or option `--{given}`", loaded.runbook.name);
    let diagnostic = Diagnostic::error(codes::UNKNOWN_PARAM, message);
    let names = loaded.flags.iter().map(|flag| flag.name.as_str());
    Some(match did_you_mean(given, names) {
        Some(hint) => diagnostic.hint(hint.replacen('`', "`--", 1)),
        None => diagnostic.hint(format!("`rutter run {} --help` lists the params", loaded.script.source().name())),
    })
}

/// The run's params from defaults, files of values and flags.
pub(super) fn resolve(loaded: &Loaded, args: &Run, matches: &clap::ArgMatches) -> Result<RunOptions, Problems> {
    let mut layers = Vec::new();
    let sources = SourceMap::default();
    for path in &args.values {
        let text = read_text(&SystemWorld::new(), path, MOST).map_err(|error| Problems::one(error.diagnostic()))?;
        let name = path.display().to_string();
        sources.insert(crate::diag::SourceText::new(name.clone(), text.clone()));
        let layer = Layer::file(&text, &name);
        layers.push(layer.map_err(|error| Problems::with(vec![error.diagnostic()], sources.clone()))?);
    }
    let given = matches.subcommand_matches("run");
    let mut problems = Vec::new();
    for flag in &loaded.flags {
        let Some(texts) = given.and_then(|given| given.get_many::<String>(&id(flag))) else { continue };
        match flag.layer(&texts.cloned().collect::<Vec<_>>()) {
            Ok(layer) => layers.push(layer),
            Err(error) => problems.push(error.diagnostic()),
        }
    }
    if !problems.is_empty() {
        return Err(Problems::with(problems, sources));
    }
    let params = Params::resolve(&loaded.runbook.params, &layers).map_err(|found| Problems::with(found, sources))?;
    let secrets = params.secrets().iter().map(ToString::to_string);
    let mut options = RunOptions::with_params(params.values().clone()).hiding(secrets);
    options.param_names = loaded.runbook.params.names().map(str::to_owned).collect();
    Ok(options)
}
