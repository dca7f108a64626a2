//! The events of a run on the terminal: what scripts print, one live line of progress, warnings, and a tally of writes. Calls
//! that wait for the same cluster are one thing to be said, however many they are.

use super::printer;
use crate::diag::printable;
use crate::journal::{Event, Level, Progress, Sink};
use crate::value::Map;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::IsTerminal as _;
use std::sync::{Arc, Mutex, PoisonError};
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
    /// Clusters that cannot be reached.
    outages: BTreeMap<Arc<str>, Outage>,
    drawn: bool,
    last: Option<Instant>,
    /// Writes that were done, by verb; what an interrupted run says it did.
    writes: BTreeMap<String, u64>,
    /// Verbs of writes in flight, by call number.
    open: BTreeMap<u64, (String, String)>,
    /// stdout could not be written.
    broken: bool,
}

/// A cluster that cannot be reached.
#[derive(Debug)]
struct Outage {
    calls: usize,
    next: Instant,
    what: String,
    /// When it was last said where there is no live line.
    said: Option<Instant>,
}

/// An outage of which nothing was heard for so long after its next attempt is over: the calls that waited have given up.
const FORGOTTEN: Duration = Duration::from_secs(15);

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
        if self.live {
            self.draw(state);
        } else if let Some(progress) = &state.progress {
            printer::talk(&format!("{}\n", timed(&progressing(progress, false), self.started.elapsed())));
        }
    }

    /// Draws the live line: clusters that cannot be reached, then how far the work is.
    fn draw(&self, state: &mut State) {
        let now = Instant::now();
        state.outages.retain(|_, outage| now < outage.next + FORGOTTEN);
        let outages = state.outages.iter().map(|(cluster, outage)| outage.line(cluster, now));
        let parts: Vec<String> =
            outages.chain(state.progress.as_ref().map(|progress| progressing(progress, true))).collect();
        if parts.is_empty() {
            return erase(state);
        }
        let elapsed = self.started.elapsed();
        let room = width().saturating_sub(timed("", elapsed).chars().count() + 1);
        let text: String = parts.join(" · ").chars().take(room).collect();
        printer::talk(&format!("\r\u{1b}[2K{}", timed(&text, elapsed)));
        state.drawn = true;
    }

    /// A call waits for a cluster: news only if none of its calls has for a while.
    fn waiting(&self, state: &mut State, cluster: Arc<str>, what: String, (calls, next): (usize, Duration)) {
        if self.manner.quiet {
            return;
        }
        let now = Instant::now();
        let known = state.outages.remove(&cluster).filter(|outage| now < outage.next + FORGOTTEN);
        let said = known.and_then(|outage| outage.said);
        let mut outage = Outage { calls, next: now + next, what, said };
        if !self.live && said.is_none_or(|said| said.elapsed() >= PLAIN) {
            outage.said = Some(now);
            let line = format!("{} · {}", outage.line(&cluster, now), printable(&outage.what));
            printer::talk(&format!("{}\n", timed(&line, self.started.elapsed())));
        }
        state.outages.insert(cluster, outage);
        if self.live && state.last.is_none_or(|last| last.elapsed() >= FRAME) {
            state.last = Some(now);
            self.draw(state);
        }
    }

    fn reached(&self, state: &mut State, cluster: &str, after: Duration) {
        let Some(outage) = state.outages.remove(cluster) else { return };
        if self.live {
            self.draw(state);
        } else if outage.said.is_some() {
            self.say(state, &format!("cluster {cluster}: reached again after {} s", after.as_secs().max(1)));
        }
    }
}

impl Outage {
    /// `cluster prod-eu: cannot be reached, 12 calls wait, next attempt in 3 s`
    fn line(&self, cluster: &str, now: Instant) -> String {
        let calls = if self.calls == 1 { "1 call waits".to_owned() } else { format!("{} calls wait", self.calls) };
        let next = match self.next.saturating_duration_since(now).as_secs_f64().ceil() {
            seconds if seconds > 0.0 => format!("in {seconds} s"),
            _ => "now".to_owned(),
        };
        format!("cluster {}: cannot be reached, {calls}, next attempt {next}", printable(cluster))
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
            Event::Waiting { cluster, what, calls, next, .. } => self.waiting(state, cluster, what, (calls, next)),
            Event::Reached { cluster, after } => self.reached(state, &cluster, after),
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

/// `draining 10 nodes  ███████░░░  142/227 · 3 waiting for budget shop/web`
fn progressing(progress: &Progress, bar: bool) -> String {
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
    text
}

/// A line with the time since the start: `draining 2 nodes  3/4 · 1:23`.
fn timed(text: &str, elapsed: Duration) -> String {
    let seconds = elapsed.as_secs();
    format!("{} · {}:{:02}", text.replace(['\n', '\t'], " "), seconds / 60, seconds % 60)
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
    use super::{Level, Map, Outage, Progress, logged, progressing, timed};
    use crate::value::Node;
    use std::time::{Duration, Instant};

    #[test]
    fn draws_a_bar_only_for_a_live_line() {
        let progress =
            Progress { label: "draining 2 nodes".into(), done: 3, total: Some(4), detail: "1 waiting".into() };
        let elapsed = Duration::from_secs(83);
        let line = |bar| timed(&progressing(&progress, bar), elapsed);
        assert_eq!(line(true), "draining 2 nodes  ████████████░░░░  3/4 · 1 waiting · 1:23");
        assert_eq!(line(false), "draining 2 nodes  3/4 · 1 waiting · 1:23");
    }

    #[test]
    fn says_of_a_cluster_that_is_away_how_many_calls_wait_and_until_when() {
        let now = Instant::now();
        let line = |calls, milliseconds| {
            let next = now + Duration::from_millis(milliseconds);
            Outage { calls, next, what: String::new(), said: None }.line("prod-eu", now)
        };
        assert_eq!(line(12, 2_500), "cluster prod-eu: cannot be reached, 12 calls wait, next attempt in 3 s");
        assert_eq!(line(1, 0), "cluster prod-eu: cannot be reached, 1 call waits, next attempt now");
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
        assert!(!progressing(&progress, false).contains('\u{1b}'));
    }
}
