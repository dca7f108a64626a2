//! Lists and filters 20,000 pods, 128 MB of JSON, beside a program that throws the same list away and one that counts.
// A benchmark prints its report, is its own embedder, and a panic is how it says that it cannot measure.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, clippy::disallowed_methods)]

mod support;

use std::io::{BufWriter, Write};
use std::process::{ExitCode, Stdio};
use support::controlplane::{ControlPlane, Options};
use support::measure::{Contender, contest};
use support::report::{Limits, megabytes, scores};
use support::{Peer, kubectl, number, objects, rounds, rutter_script};

const RAW: &str = "/api/v1/pods";
const STREAM: &str =
    r#"cluster.stream("Pod", #{ namespace: "*" }).filter(|pod| pod.spec.nodeName == "node-007").len()"#;
const LIST: &str = r#"cluster.list("Pod", #{ namespace: "*" }).filter(|pod| pod.spec.nodeName == "node-007").len()"#;
const WHERE: &str = r#"cluster.list("Pod", #{ namespace: "*" }).where("spec.nodeName", "node-007").len()"#;

fn main() -> ExitCode {
    let bare = ["--no-kwok", "--no-scheduler", "--no-controller-manager"].map(str::to_owned).to_vec();
    let options = Options { arguments: bare, ..Options::default() };
    if !support::is_wanted() {
        return ExitCode::SUCCESS;
    }
    let Some(cluster) = ControlPlane::private(&options) else { return ExitCode::SUCCESS };
    let peer = Peer::build();
    let pods = number("BENCH_PODS", 20_000);
    fill(&cluster, &peer, pods);
    let answer = kubectl(&cluster, &["get", "--raw", RAW]).output().unwrap().stdout.len() as u64;
    let wanted = pods.div_ceil(objects::NODES).to_string();
    let contenders = [
        Contender::new("kubectl get --raw >/dev/null", |_| kubectl(&cluster, &["get", "--raw", RAW])),
        Contender::new("rutter, stream and filter", |_| rutter_script(&cluster, STREAM)).printing(&wanted),
        Contender::new("rutter, list and filter", |_| rutter_script(&cluster, LIST)).printing(&wanted),
        Contender::new("rutter, list and where", |_| rutter_script(&cluster, WHERE)).printing(&wanted),
        Contender::new("kube-rs, pages of 500, counted", |_| peer.command(&cluster, &["count-pods"])).printing(&wanted),
    ];
    let taken = contest(rounds(5), &contenders);
    scores(&format!("{pods} pods, {:.0} MB", megabytes(answer)), &taken);
    let [raw, stream, list, _, paged] = &*taken else { unreachable!("five contenders") };
    let mut limits = Limits::default();
    for one in [stream, list] {
        limits.at_most(&format!("{}: time of `kubectl get --raw`", one.name), one.times(raw), 1.3, " ×");
        limits.at_most(&format!("{}: time of kube-rs by pages", one.name), one.times(paged), 0.5, " ×");
    }
    limits.at_most("stream and filter: peak memory", megabytes(stream.memory()), 120.0, " MB");
    limits.at_most("list and filter: peak memory", megabytes(list.memory()), 300.0, " MB");
    limits.conclude()
}

/// Creates the pods. No controller runs, so their service account is made by hand.
fn fill(cluster: &ControlPlane, peer: &Peer, pods: usize) {
    cluster.kubectl(&["create", "namespace", "shop"]);
    cluster.kubectl(&["-n", "shop", "create", "serviceaccount", "default"]);
    let mut command = peer.command(cluster, &["create-pods", "shop", "16"]);
    let mut creating = command.stdin(Stdio::piped()).spawn().unwrap();
    let mut lines = BufWriter::new(creating.stdin.take().unwrap());
    for number in 0..pods {
        writeln!(lines, "{}", objects::pod(number)).unwrap();
    }
    drop(lines.into_inner().unwrap());
    assert!(creating.wait().unwrap().success(), "the pods could not be created");
}
