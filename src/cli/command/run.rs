//! `rutter run`

use crate::cli::args::{Kube, Output, Run};
use crate::cli::exit::{self, Problems};
use crate::cli::params::{self, Loaded};
use crate::cli::printer;
use crate::cli::terminal::{Manner, Terminal};
use crate::cluster::{CancelToken, Gateway};
use crate::diag::{Diagnostic, codes, printable};
use crate::report;
use crate::session::{Outcome, RunError, RunOptions, Script, Session};
use crate::world::{SystemWorld, World};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

/// How long an interrupted run may take to end by itself.
const GRACE: Duration = Duration::from_millis(1_500);

pub(in crate::cli) fn run(
    args: &Run,
    loaded: Option<Loaded>,
    matches: &clap::ArgMatches,
    output: &Output,
) -> anyhow::Result<ExitCode> {
    let Some(form) = output.form.of_result() else {
        return Err(usage("`-o github` and `-o sarif` are forms of `rutter check`").into());
    };
    let world: Arc<dyn World> = Arc::new(SystemWorld::new());
    let manner = Manner { quiet: output.quiet, verbose: output.verbose, document: form != report::Form::Text };
    let terminal = Arc::new(Terminal::new(manner));
    let (script, options) = prepare(args, loaded, matches)?;
    let options = options.within(args.run_timeout.as_deref().map(duration).transpose()?);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let session = Session::builder(Arc::clone(&world))
        .gateway(gateway(&args.kube, &world)?)
        .request_timeout(request_timeout(&args.kube.request_timeout)?)
        .events(Arc::clone(&terminal) as Arc<dyn crate::journal::Sink>);
    let session = match &args.kube.field_manager {
        Some(name) => session.field_manager(name.as_str()).build(),
        None => session.build(),
    };
    let ended = runtime.block_on(until_interrupted(&session, &script, options));
    terminal.clear();
    // A call that hangs in the kernel must not keep an interrupted process alive.
    runtime.shutdown_background();
    // The process is about to end: taking the registered functions apart costs a tenth of the start of a small script.
    std::mem::forget(session);
    match ended {
        Ended::Finished(Ok(outcome)) => {
            printer::data(&report::result(&outcome.value, form))?;
            Ok(if terminal.is_broken() { ExitCode::from(1) } else { ExitCode::SUCCESS })
        }
        Ended::Finished(Err(error)) => Err(Problems::from(error).into()),
        Ended::Interrupted { signal, told } => {
            say_interrupted(&terminal.account(), told, form)?;
            Ok(ExitCode::from(signal))
        }
    }
}

/// Says what was done until a signal came: in numbers, and what the call that was under way tells of its own.
fn say_interrupted(account: &str, told: Option<RunError>, form: report::Form) -> anyhow::Result<()> {
    let (diagnostic, details) = match told {
        Some(error) => (*error.diagnostic, error.details),
        None => (Diagnostic::error(codes::INTERRUPTED, "the run was interrupted"), None),
    };
    let lines: String = diagnostic.notes.iter().map(|note| format!("  = {}\n", printable(note))).collect();
    printer::talk(&format!("interrupted: {account}\n{lines}"));
    exit::document(&diagnostic.note(account), details.as_ref(), form)
}

enum Ended {
    Finished(Result<Outcome, RunError>),
    Interrupted {
        /// The exit code that stands for the signal.
        signal: u8,
        /// What the run said when it was stopped, if it had the time.
        told: Option<RunError>,
    },
}

/// Runs the script; the first signal stops it, a second one or the end of the grace period leaves it behind.
async fn until_interrupted(session: &Session, script: &Script, options: RunOptions) -> Ended {
    let cancel: CancelToken = options.cancel.clone();
    let run = session.run(script, options);
    let mut run = std::pin::pin!(run);
    let signal = tokio::select! {
        result = &mut run => return Ended::Finished(result),
        signal = signal() => signal,
    };
    cancel.cancel();
    let told = tokio::select! {
        result = &mut run => result.err().filter(|error| error.diagnostic.code == codes::INTERRUPTED),
        _ = self::signal() => None,
        () = tokio::time::sleep(GRACE) => None,
    };
    Ended::Interrupted { signal, told }
}

/// The exit code of the signal that came: 130 for an interrupt, 143 for a request to end.
async fn signal() -> u8 {
    use tokio::signal::unix::{SignalKind, signal};
    let wait = |kind| async move {
        match signal(kind) {
            Ok(mut stream) => {
                stream.recv().await;
            }
            // Without a handler the signal ends the process by itself.
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        () = wait(SignalKind::interrupt()) => 130,
        () = wait(SignalKind::terminate()) => 143,
        () = wait(SignalKind::hangup()) => 129,
    }
}

fn prepare(args: &Run, loaded: Option<Loaded>, matches: &clap::ArgMatches) -> anyhow::Result<(Script, RunOptions)> {
    match (loaded, &args.expression) {
        (Some(loaded), _) => {
            let params = params::resolve(&loaded, args, matches)?;
            Ok((loaded.script, params))
        }
        (None, Some(expression)) => Ok((Script::new("-e", expression.as_str()), RunOptions::default())),
        (None, None) => Err(usage("a script is missing: `rutter run FILE` or `rutter run -e SCRIPT`").into()),
    }
}

fn gateway(kube: &Kube, world: &Arc<dyn World>) -> Result<Gateway, Problems> {
    crate::cli::connection::gateway(kube, world)
}

pub(in crate::cli) fn duration(text: &str) -> Result<Duration, Problems> {
    let parsed: crate::object::Duration = text
        .parse()
        .map_err(|error: crate::object::ObjectError| Problems::one(crate::diag::Explain::diagnostic(&error)))?;
    parsed.to_std().ok_or_else(|| usage("a duration cannot be negative"))
}

/// As kubectl reads it: 0 sets no limit.
fn request_timeout(text: &str) -> Result<Duration, Problems> {
    let time = duration(text)?;
    Ok(if time.is_zero() { Duration::MAX } else { time })
}

fn usage(message: &str) -> Problems {
    Problems::one(Diagnostic::error(codes::USAGE, message))
}
