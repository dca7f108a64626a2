//! Applies 1,000 config maps from a script with `parallel`, beside a bare program with as many calls at once.
// A benchmark prints its report, is its own embedder, and a panic is how it says that it cannot measure.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, clippy::disallowed_methods)]

mod support;

use std::process::ExitCode;
use support::controlplane::{ControlPlane, Options};
use support::measure::{Contender, contest};
use support::report::{Limits, scores};
use support::{Peer, number, rounds, rutter_script};

const SCRIPT: &str = r#"
    let numbers = [];
    for number in 0..COUNT { numbers.push(number); }
    parallel(numbers, |number| {
        cluster.apply(#{
            apiVersion: "v1", kind: "ConfigMap", metadata: #{ name: `PREFIX-${number}`, namespace: "bench" },
            data: #{ number: number.to_string(), text: "a short text" },
        });
    }, #{ at_once: AT_ONCE }).len()
"#;

fn main() -> ExitCode {
    if !support::is_wanted() {
        return ExitCode::SUCCESS;
    }
    let bare = ["--no-kwok", "--no-scheduler", "--no-controller-manager"].map(str::to_owned).to_vec();
    let Some(cluster) = ControlPlane::private(&Options { arguments: bare, ..Options::default() }) else {
        return ExitCode::SUCCESS;
    };
    let peer = Peer::build();
    cluster.kubectl(&["create", "namespace", "bench"]);
    let count = number("BENCH_APPLIES", 1000).to_string();
    let mut limits = Limits::default();
    for at_once in ["8", "32"] {
        // Each round makes objects of its own; the contenders do not share any either.
        let script = |round: usize| {
            let script = SCRIPT.replace("COUNT", &count).replace("PREFIX", &format!("rutter-{at_once}-{round}"));
            rutter_script(&cluster, &script.replace("AT_ONCE", at_once))
        };
        let bare = |round: usize| {
            peer.command(&cluster, &["apply", "bench", &format!("peer-{at_once}-{round}"), &count, at_once])
        };
        let contenders =
            [Contender::new("kube-rs loop", bare), Contender::new("rutter, parallel", script).printing(&count)];
        let taken = contest(rounds(7), &contenders);
        scores(&format!("{count} applies, {at_once} at once"), &taken);
        let what = format!("rate of the kube-rs loop, {at_once} at once");
        limits.at_least(&what, taken[0].times(&taken[1]) * 100.0, 90.0, " %");
    }
    limits.conclude()
}
