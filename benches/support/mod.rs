//! What all benchmarks share: contenders that are measured in turn, limits, and a report in Markdown.
// Each benchmark is a program of its own and uses a part of this.
#![allow(dead_code)]

#[path = "../../tests/it/support/controlplane.rs"]
pub(crate) mod controlplane;
pub(crate) mod measure;
pub(crate) mod objects;
pub(crate) mod report;

use controlplane::ControlPlane;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Whether this is `cargo bench` and not a test run that only wants to see the program start.
pub(crate) fn is_wanted() -> bool {
    std::env::args().any(|argument| argument == "--bench")
}

/// The Rutter that is measured.
pub(crate) fn rutter() -> Command {
    Command::new(env!("CARGO_BIN_EXE_rutter"))
}

/// `rutter run -e SCRIPT` as the administrator of the control plane.
pub(crate) fn rutter_script(cluster: &ControlPlane, script: &str) -> Command {
    let mut command = rutter();
    command.args(["run", "-e", script]).env("KUBECONFIG", cluster.kubeconfig());
    command
}

/// kubectl as the administrator of the control plane.
pub(crate) fn kubectl(cluster: &ControlPlane, arguments: &[&str]) -> Command {
    let mut command = Command::new(cluster.file("kubectl"));
    command.arg("--kubeconfig").arg(cluster.kubeconfig()).args(arguments);
    command
}

/// The bare programs that Rutter is measured against; built with the first call.
pub(crate) struct Peer(PathBuf);

impl Peer {
    /// Builds it, in release, in a folder of its own.
    pub(crate) fn build() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let target = root.join("target/peer");
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "--quiet", "--release", "--locked", "--manifest-path"]);
        cargo.arg(root.join("benches/peer/Cargo.toml")).arg("--target-dir").arg(&target);
        assert!(cargo.status().unwrap().success(), "benches/peer does not build");
        Self(target.join("release/peer"))
    }

    /// One of its works, as the administrator of the control plane.
    pub(crate) fn command(&self, cluster: &ControlPlane, work: &[&str]) -> Command {
        let mut command = Command::new(&self.0);
        command.arg(cluster.kubeconfig()).args(work);
        command
    }
}

/// How often everything is measured: `BENCH_ROUNDS`, or as often as the benchmark thinks right.
pub(crate) fn rounds(usual: usize) -> usize {
    number("BENCH_ROUNDS", usual)
}

/// A number from the environment.
pub(crate) fn number(name: &str, usual: usize) -> usize {
    std::env::var(name).map_or(usual, |text| text.parse().unwrap_or_else(|_| panic!("{name}={text} is no number")))
}
