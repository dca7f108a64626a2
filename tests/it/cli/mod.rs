//! The built binary as people and pipelines run it: streams, exit codes, colour, signals, help, the form of errors.

mod apiserver;
mod errors;
mod help;
mod interrupt;
mod man;
mod output;

use crate::support::temp::TempDir;
use std::io::Read;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// What a command did.
struct Ran {
    code: i32,
    stdout: String,
    stderr: String,
}

/// The binary with an environment of its own: no kubeconfig, no colour, no terminal.
fn rutter(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rutter"));
    command.args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.env_clear().env("PATH", "/usr/bin:/bin").env("HOME", "/nonexistent");
    command
}

fn run(args: &[&str]) -> Ran {
    finish(rutter(args).spawn().unwrap(), Duration::from_secs(30))
}

/// Waits for a process, but not for ever.
fn finish(mut child: Child, limit: Duration) -> Ran {
    let (stdout, stderr) = (reader(child.stdout.take()), reader(child.stderr.take()));
    let status = wait(&mut child, limit);
    let code = status.code().unwrap_or(-1);
    Ran { code, stdout: stdout.join().unwrap(), stderr: stderr.join().unwrap() }
}

fn reader(stream: Option<impl Read + Send + 'static>) -> std::thread::JoinHandle<String> {
    std::thread::spawn(move || {
        let mut text = Vec::new();
        if let Some(mut stream) = stream {
            stream.read_to_end(&mut text).unwrap();
        }
        String::from_utf8(text).unwrap()
    })
}

fn wait(child: &mut Child, limit: Duration) -> ExitStatus {
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        if started.elapsed() > limit {
            let _ = child.kill();
            let _ = child.wait();
            panic!("the process did not end within {limit:?}");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn signal(name: &str, child: &Child) {
    let status = Command::new("kill").arg(format!("-{name}")).arg(child.id().to_string()).status().unwrap();
    assert!(status.success());
}

/// A kubeconfig whose one context `prod` leads to that address over plain http.
fn kubeconfig(dir: &TempDir, server: &str) -> String {
    let text = format!(
        "apiVersion: v1\nkind: Config\ncurrent-context: prod\nclusters:\n- name: prod\n  cluster: {{ server: '{server}' }}\nusers:\n- name: me\n  user: {{ token: t }}\ncontexts:\n- name: prod\n  context: {{ cluster: prod, user: me, namespace: shop }}\n"
    );
    dir.file("kubeconfig", text).display().to_string()
}

/// The one JSON document that stdout holds.
#[track_caller]
fn document(ran: &Ran) -> serde_json::Value {
    serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {:?}\n{}", ran.stdout, ran.stderr))
}
