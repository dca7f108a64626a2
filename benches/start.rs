//! How long nothing takes, and what the binary weighs.
// A benchmark prints its report, is its own embedder, and a panic is how it says that it cannot measure.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, clippy::disallowed_methods)]

mod support;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use support::measure::{Contender, contest_by, start_to_end};
use support::report::{Limits, megabytes, scores};
use support::{rounds, rutter};

fn main() -> ExitCode {
    if !support::is_wanted() {
        return ExitCode::SUCCESS;
    }
    let (empty, kubectl) = (empty_program(), kubectl());
    let mut contenders = vec![
        Contender::new("an empty Rust program", |_| Command::new(&empty)),
        Contender::new("rutter run -e 1", |_| {
            let mut command = rutter();
            command.args(["run", "-e", "1"]);
            command
        }),
    ];
    if let Some(kubectl) = &kubectl {
        contenders.push(Contender::new("kubectl version --client", move |_| {
            let mut command = Command::new(kubectl);
            command.args(["version", "--client"]);
            command
        }));
    }
    let taken = contest_by(rounds(60), &contenders, |one, command| start_to_end(one.name, command));
    scores("Start to end", &taken);
    let mut limits = Limits::default();
    limits.at_most("`rutter run -e 1`: time of an empty Rust program", taken[1].times(&taken[0]), 4.0, " ×");
    if let [_, rutter, kubectl] = &*taken {
        limits.at_most("`rutter run -e 1`: time of `kubectl version --client`", rutter.times(kubectl), 0.1, " ×");
    }
    let size = std::fs::metadata(env!("CARGO_BIN_EXE_rutter")).unwrap().len();
    limits.at_most("release binary", megabytes(size), 25.0, " MB");
    limits.at_most("crates in the binary", f64::from(crates()), 300.0, "");
    limits.conclude()
}

/// A program that does nothing, as `rustc -O` makes it.
fn empty_program() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (source, program) = (folder.join("empty.rs"), folder.join("empty"));
    std::fs::write(&source, "fn main() {}\n").unwrap();
    let compiled = Command::new("rustc").args(["-O", "--edition=2024", "-o"]).arg(&program).arg(&source).status();
    assert!(compiled.unwrap().success(), "rustc failed");
    program
}

/// The test control plane's binary is kubectl too, by that name.
fn kubectl() -> Option<PathBuf> {
    let binary = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/controlplane/controlplane");
    if !binary.is_file() {
        println!("SKIPPED: kubectl; build it with: bash tests/controlplane/build.sh");
        return None;
    }
    let link = Path::new(env!("CARGO_TARGET_TMPDIR")).join("kubectl");
    let _ = std::fs::remove_file(&link);
    std::os::unix::fs::symlink(binary, &link).unwrap();
    Some(link)
}

/// How many crates the binary is made of, those that run while it is compiled not counted.
fn crates() -> u32 {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["tree", "--locked", "--prefix", "none", "--edges", "normal", "--format", "{p}"]);
    cargo.current_dir(env!("CARGO_MANIFEST_DIR"));
    let output = cargo.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let crates: BTreeSet<&str> = text.lines().map(|line| line.trim_end_matches(" (*)")).collect();
    u32::try_from(crates.len()).unwrap()
}
