//! The events of a run on the terminal: what scripts print, one live line of progress, warnings, and a tally of writes.

use super::printer;
use crate::diag::printable;
use crate::journal::{Event, Level, Progress, Sink};
use crate::value::Map;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::IsTerminal as _;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How often the live line is drawn anew.
const FRAME: Duration = Duration::from_millis(80);
/// How often progress is said where there is no live line (a pipeline's log).
const PLAIN: Duration = Duration::from_secs(10);
/// Cells of the progress bar.
const CELLS: u64 = 16;

/// What is said, and where it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Manner {
    /// Nothing but errors.
    pub(super) quiet: bool,
    /// 1: each write and retry; 2: more.
    pub(super) verbose: u8,
    /// What scripts print goes to stderr, because stdout holds exactly one document.
    pub(super) document: bool,
}

/// The sink of a run on a terminal or in a log.
#[derive(Debug)]
pub(super) struct Terminal {
    manner: Manner,
    live: bool,
    started: Instant,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    progress: Option<Progress>,
    drawn: bool,
    last: Option<Instant>,
    /// Writes that were done, by verb; what an interrupted run says it did.
    writes: BTreeMap<String, u64>,
    /// Verbs of writes in flight, by call number.
    open: BTreeMap<u64, (String, String)>,
    /// stdout could not be written.
    broken: bool,
}

impl Terminal {
    pub(super) fn new(manner: Manner) -> Self {
        let live = std::io::stderr().is_terminal() && !manner.quiet;
        Self { manner, live, started: Instant::now(), state: Mutex::default() }
    }

    /// Takes the live line away; to be called before anything else is printed, and at the end.
    pub(super) fn clear(&self) {
        erase(&mut self.lock());
    }

    /// What was done so far, in words: `3 apply, 1 delete`; and writes whose answer never came.
    pub(super) fn account(&self) -> String {
        let state = self.lock();
        let mut text =
            state.writes.iter().map(|(verb, count)| format!("{count} {verb}")).collect::<Vec<_>>().join(", ");
        if text.is_empty() {
            text.push_str("nothing was written");
        }
        for (verb, object) in state.open.values() {
            let _ = write!(text, "; in doubt: {verb} {}", printable(object));
        }
        text
    }

    /// Whether stdout could not be written.
    pub(super) fn is_broken(&self) -> bool {
        self.lock().broken
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn printed(&self, state: &mut State, text: &str) {
        erase(state);
        let line = printable(text) + "\n";
        if self.manner.document {
            printer::talk(&line);
        } else if printer::data(&line).is_err() {
            state.broken = true;
        }
    }

    fn say(&self, state: &mut State, text: &str) {
        if !self.manner.quiet {
            erase(state);
            printer::talk(&format!("{}\n", printable(text)));
        }
    }

    fn progress(&self, state: &mut State, progress: Progress) {
        let changed = state.progress.as_ref().is_none_or(|shown| shown.label != progress.label);
        let finished = progress.total == Some(progress.done);
        state.progress = Some(progress);
        let pause = if self.live { FRAME } else { PLAIN };
        let due = state.last.is_none_or(|last| last.elapsed() >= pause);
        if self.manner.quiet || !(due || changed || finished) {
            return;
        }
        state.last = Some(Instant::now());
        let Some(progress) = &state.progress else { return };
        let line = line(progress, self.started.elapsed(), self.live);
        if self.live {
            printer::talk(&format!("\r\u{1b}[2K{line}"));
            state.drawn = true;
        } else {
            printer::talk(&format!("{line}\n"));
        }
    }
}

impl Sink for Terminal {
    fn record(&self, event: Event) {
        let state = &mut *self.lock();
        match event {
            Event::Printed { text } => self.printed(state, &text),
            Event::Progress(progress) => self.progress(state, progress),
            Event::Warning { cluster, text } => self.say(state, &format!("warning: {cluster}: {text}")),
            Event::Note { text } => self.say(state, &text),
            Event::Log { level, text, fields } if level > Level::Debug || self.manner.verbose > 0 => {
                self.say(state, &logged(level, &text, &fields));
            }
            Event::Retry { cluster, call, after, why, .. } if self.manner.verbose > 0 => {
                self.say(state, &format!("retry: {cluster}: {call} in {after:.1?}: {why}"));
            }
            Event::Waiting { cluster, what, .. } => {
                let progress = Progress { label: format!("{cluster}: waiting"), detail: what, ..Progress::default() };
                self.progress(state, progress);
            }
            Event::Intent(intent) => {
                if self.manner.verbose > 0 {
                    self.say(state, &format!("{}: {} {}", intent.cluster, intent.verb, intent.object));
                }
                state.open.insert(intent.id, (intent.verb, intent.object));
            }
            Event::Done(outcome) => {
                let Some((verb, _)) = state.open.remove(&outcome.id) else { return };
                if outcome.status.is_some_and(|status| status < 300) {
                    *state.writes.entry(verb).or_default() += 1;
                }
            }
            _ => {}
        }
    }
}

/// `warning: no budget protects these pods: namespace=shop pods=3`
fn logged(level: Level, text: &str, fields: &Map) -> String {
    let mut line = match level {
        Level::Info => text.to_owned(),
        Level::Warning | Level::Debug => format!("{}: {text}", level.word()),
    };
    for (at, (key, value)) in fields.iter().enumerate() {
        let mark = if at == 0 { ":" } else { "" };
        let _ = match value.as_str() {
            Some(text) if !text.is_empty() && !text.contains([' ', '"', '\n']) => write!(line, "{mark} {key}={text}"),
            _ => write!(line, "{mark} {key}={value}"),
        };
    }
    line
}

fn erase(state: &mut State) {
    if state.drawn {
        printer::talk("\r\u{1b}[2K");
        state.drawn = false;
    }
}

/// `draining 10 nodes  ███████░░░  142/227 · 3 waiting for budget shop/web · 0:21`, cut to a terminal's width so that the
/// line can be drawn over itself.
fn line(progress: &Progress, elapsed: Duration, bar: bool) -> String {
    let mut text = printable(&progress.label);
    if let Some(total) = progress.total.filter(|total| *total > 0) {
        let done = progress.done.min(total);
        if bar {
            let filled = done * CELLS / total;
            text.push_str("  ");
            (0..CELLS).for_each(|cell| text.push(if cell < filled { '█' } else { '░' }));
        }
        let _ = write!(text, "  {done}/{total}");
    }
    if !progress.detail.is_empty() {
        let _ = write!(text, " · {}", printable(&progress.detail));
    }
    let seconds = elapsed.as_secs();
    let time = format!(" · {}:{:02}", seconds / 60, seconds % 60);
    if bar {
        let room = width().saturating_sub(time.chars().count() + 1);
        text = text.chars().take(room).collect();
    }
    text.replace(['\n', '\t'], " ") + time.as_str()
}

/// Columns of the terminal, as far as the shell says; 100 otherwise.
#[expect(clippy::disallowed_methods, reason = "the command line reads the process's environment")]
fn width() -> usize {
    std::env::var("COLUMNS")
        .ok()
        .and_then(|columns| columns.parse().ok())
        .filter(|columns| *columns > 20)
        .unwrap_or(100)
}

#[cfg(test)]
mod tests {
    use super::{Level, Map, Progress, line, logged};
    use crate::value::Node;
    use std::time::Duration;

    #[test]
    fn draws_a_bar_only_for_a_live_line() {
        let progress =
            Progress { label: "draining 2 nodes".into(), done: 3, total: Some(4), detail: "1 waiting".into() };
        let elapsed = Duration::from_secs(83);
        assert_eq!(line(&progress, elapsed, true), "draining 2 nodes  ████████████░░░░  3/4 · 1 waiting · 1:23");
        assert_eq!(line(&progress, elapsed, false), "draining 2 nodes  3/4 · 1 waiting · 1:23");
    }

    #[test]
    fn writes_the_fields_of_a_log_line_after_its_text() {
        let fields =
            [("node", "node-000".into()), ("pods", 3.into()), ("why", "two words".into()), ("none", Node::Null)];
        let fields = fields.into_iter().collect();
        let wanted = r#"warning: not empty: node=node-000 pods=3 why="two words" none=null"#;
        assert_eq!(logged(Level::Warning, "not empty", &fields), wanted);
        assert_eq!(logged(Level::Info, "done", &Map::new()), "done");
    }

    #[test]
    fn shows_no_escape_sequence_of_a_name() {
        let progress = Progress { label: "\u{1b}[2Jx".into(), ..Progress::default() };
        assert!(!line(&progress, Duration::ZERO, false).contains('\u{1b}'));
    }
}
