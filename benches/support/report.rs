//! The report: a table of what was measured and one of the limits, in Markdown, on stdout.

use super::measure::Score;
use std::process::ExitCode;
use std::time::Duration;

/// Beyond its limit by this much is beyond what a busy machine explains.
const TOLERANCE: f64 = 1.2;

/// Limits and what was measured against them.
#[derive(Debug, Default)]
pub(crate) struct Limits {
    rows: Vec<Limit>,
}

#[derive(Debug)]
struct Limit {
    what: String,
    measured: String,
    limit: String,
    /// How far the measured value uses the limit up: over 1 breaks it.
    used: f64,
}

impl Limits {
    /// A value that must not be larger.
    pub(crate) fn at_most(&mut self, what: &str, measured: f64, limit: f64, unit: &str) {
        // Where nothing is allowed, anything is too much.
        let used = if measured == 0.0 { 0.0 } else { measured / limit };
        self.add(what, measured, format!("≤ {limit}{unit}"), unit, used);
    }

    /// A value that must not be smaller.
    pub(crate) fn at_least(&mut self, what: &str, measured: f64, limit: f64, unit: &str) {
        self.add(what, measured, format!("≥ {limit}{unit}"), unit, limit / measured);
    }

    fn add(&mut self, what: &str, measured: f64, limit: String, unit: &str, used: f64) {
        let places = if measured >= 20.0 { 0 } else { 2 };
        let measured = format!("{measured:.places$}{unit}");
        self.rows.push(Limit { what: what.to_owned(), measured, limit, used });
    }

    /// Prints the limits. With `BENCH_STRICT=1` the benchmark fails if one is broken by more than a fifth.
    pub(crate) fn conclude(self) -> ExitCode {
        println!("\n| limit | wanted | measured | |\n|---|---|---|---|");
        for Limit { what, measured, limit, used } in &self.rows {
            let verdict = if *used <= 1.0 { "kept" } else { "**broken**" };
            println!("| {what} | {limit} | {measured} | {verdict} |");
        }
        println!();
        let is_strict = std::env::var("BENCH_STRICT").is_ok_and(|value| value == "1");
        let is_broken = self.rows.iter().any(|limit| limit.used > TOLERANCE);
        if is_strict && is_broken { ExitCode::FAILURE } else { ExitCode::SUCCESS }
    }
}

/// Prints what the contenders took: medians of their times, peaks of their memory, and how many times the first one's time
/// they took.
pub(crate) fn scores(title: &str, scores: &[Score]) {
    let rounds = scores.first().map_or(0, |score| score.rounds.len());
    println!("\n### {title}\n\n| {rounds} rounds | time, median | peak memory | times the first |\n|---|---|---|---|");
    for score in scores {
        let memory = match score.memory() {
            0 => "–".to_owned(),
            bytes => format!("{:.0} MB", megabytes(bytes)),
        };
        let (time, times) = (duration(score.time()), score.times(&scores[0]));
        println!("| {} | {time} | {memory} | {times:.2} |", score.name);
    }
}

pub(crate) fn duration(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    if seconds < 0.1 { format!("{:.2} ms", seconds * 1000.0) } else { format!("{seconds:.2} s") }
}

/// Millions of bytes.
#[expect(clippy::cast_precision_loss, reason = "no benchmark uses 2^53 bytes")]
pub(crate) fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
