//! Times programs and watches their memory. Contenders take turns, so that a busy machine is busy for all of them.

use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How often a program's memory is looked at. The kernel keeps the peak; only what the last moments add is missed.
const LOOK: Duration = Duration::from_millis(2);

/// What one run took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Taken {
    pub(crate) time: Duration,
    /// Peak resident memory in bytes; 0 where the program was too short to be looked at.
    pub(crate) memory: u64,
}

/// One way to do the work: its name, and the program for a round.
pub(crate) struct Contender<'a> {
    pub(crate) name: &'a str,
    pub(crate) command: Box<dyn Fn(usize) -> Command + 'a>,
    /// What it must print; empty where that does not matter.
    pub(crate) printed: String,
}

impl<'a> Contender<'a> {
    pub(crate) fn new(name: &'a str, command: impl Fn(usize) -> Command + 'a) -> Self {
        Self { name, command: Box::new(command), printed: String::new() }
    }

    /// Doing nothing is fast: the answer is compared too.
    pub(crate) fn printing(mut self, printed: &str) -> Self {
        printed.clone_into(&mut self.printed);
        self
    }
}

/// What a contender took in all rounds.
#[derive(Debug, Clone)]
pub(crate) struct Score {
    pub(crate) name: String,
    pub(crate) rounds: Vec<Taken>,
}

impl Score {
    pub(crate) fn time(&self) -> Duration {
        Duration::from_secs_f64(median(self.rounds.iter().map(|taken| taken.time.as_secs_f64())))
    }

    /// The worst of all rounds.
    pub(crate) fn memory(&self) -> u64 {
        self.rounds.iter().map(|taken| taken.memory).max().unwrap_or_default()
    }

    /// How many times as long as the other, compared round by round.
    pub(crate) fn times(&self, other: &Self) -> f64 {
        let pairs = self.rounds.iter().zip(&other.rounds);
        median(pairs.map(|(own, other)| own.time.as_secs_f64() / other.time.as_secs_f64()))
    }
}

/// Runs all contenders, one after the other, that many times. Every other round goes backwards.
pub(crate) fn contest(rounds: usize, contenders: &[Contender<'_>]) -> Vec<Score> {
    contest_by(rounds, contenders, |one, command| run(one.name, command, &one.printed))
}

/// As [`contest`], with another way to measure one run.
pub(crate) fn contest_by(
    rounds: usize,
    contenders: &[Contender<'_>],
    measure: impl Fn(&Contender<'_>, Command) -> Taken,
) -> Vec<Score> {
    let mut scores: Vec<Score> =
        contenders.iter().map(|one| Score { name: one.name.to_owned(), rounds: Vec::new() }).collect();
    for round in 0..rounds {
        let mut order: Vec<usize> = (0..contenders.len()).collect();
        if round % 2 == 1 {
            order.reverse();
        }
        for at in order {
            let contender = &contenders[at];
            let taken = measure(contender, (contender.command)(round));
            scores[at].rounds.push(taken);
        }
    }
    scores
}

/// Runs a program to its end. One that fails, or prints something else than it should, ends the benchmark.
pub(crate) fn run(name: &str, mut command: Command, printed: &str) -> Taken {
    let stdout = if printed.is_empty() { Stdio::null() } else { Stdio::piped() };
    command.stdin(Stdio::null()).stdout(stdout).stderr(Stdio::piped());
    let started = Instant::now();
    let child = command.spawn().unwrap_or_else(|error| panic!("{name}: {error}"));
    let status = format!("/proc/{}/status", child.id());
    let (ended, memory) = (AtomicBool::new(false), AtomicU64::new(0));
    let (output, time) = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !ended.load(Ordering::Relaxed) {
                memory.fetch_max(peak(&status).unwrap_or_default(), Ordering::Relaxed);
                std::thread::sleep(LOOK);
            }
        });
        let output = child.wait_with_output().unwrap();
        let time = started.elapsed();
        ended.store(true, Ordering::Relaxed);
        (output, time)
    });
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name}: {}\n{said}", output.status);
    let answer = String::from_utf8_lossy(&output.stdout);
    assert_eq!(answer.trim(), printed, "{name} printed something else");
    Taken { time, memory: memory.into_inner() }
}

/// From the start of a program to its end, with nothing of this process in between: for programs of a millisecond.
pub(crate) fn start_to_end(name: &str, mut command: Command) -> Taken {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let started = Instant::now();
    let status = command.status().unwrap_or_else(|error| panic!("{name}: {error}"));
    let time = started.elapsed();
    assert!(status.success(), "{name}: {status}");
    Taken { time, memory: 0 }
}

/// The most memory that a process has had, from its `/proc/PID/status`; nothing once it has ended.
fn peak(status: &str) -> Option<u64> {
    let text = std::fs::read_to_string(status).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kilobytes * 1024)
}

/// The middle one.
pub(crate) fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 { values[middle] } else { f64::midpoint(values[middle - 1], values[middle]) }
}
