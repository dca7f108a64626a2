//! A real control plane for tests: etcd, API server, controllers, scheduler and simulated kubelets in child processes.
//! Most tests share one and keep to a namespace of their own; a test that stops or freezes parts of it takes a private one.
//!
//! ```ignore
//! let Some(cluster) = ControlPlane::shared() else { return };
//! let namespace = cluster.namespace("applies");
//! cluster.kubectl(&["-n", &namespace, "create", "configmap", "a"]);
//! ```

use serde_json::Value;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write, stderr};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// What a private control plane starts with.
#[derive(Debug, Clone, Default)]
pub(crate) struct Options {
    /// Nodes that exist from the start, `node-000` and so on.
    pub(crate) nodes: u32,
    /// Flags for the API server, as in `--etcd-compaction-interval=3s`.
    pub(crate) apiserver: Vec<String>,
    /// Further arguments of `up`, as in `--no-scheduler`.
    pub(crate) arguments: Vec<String>,
}

/// A running control plane. It ends with its value, the shared one with the test process: the pipe to it closes.
#[derive(Debug)]
pub(crate) struct ControlPlane {
    up: Child,
    commands: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    folder: PathBuf,
    server: String,
    token: String,
    pids: BTreeMap<String, u32>,
}

impl ControlPlane {
    /// The one that all tests of the process share, started by the first; `None`: there is none, skip the test.
    pub(crate) fn shared() -> Option<&'static Self> {
        static SHARED: OnceLock<Option<ControlPlane>> = OnceLock::new();
        SHARED.get_or_init(|| Self::private(&Options { nodes: 6, ..Options::default() })).as_ref()
    }

    /// One of the test's own, ended with the value; `None`: there is none, skip the test.
    pub(crate) fn private(options: &Options) -> Option<Self> {
        let program = program()?;
        let folder = new_folder();
        let log = folder.join("up.log");
        let mut command = Command::new(program);
        command.arg("up").arg("--dir").arg(&folder).args(["--nodes", &options.nodes.to_string()]);
        command.args(options.apiserver.iter().flat_map(|flag| ["--apiserver-arg", flag])).args(&options.arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(File::create(&log).unwrap());

        let mut up = command.spawn().unwrap_or_else(|error| panic!("cannot start {}: {error}", program.display()));
        let mut answers = BufReader::new(up.stdout.take().unwrap());
        let Some(report) = read_line(&mut answers) else {
            panic!("the control plane did not start; {}:\n{}", log.display(), fs::read_to_string(&log).unwrap());
        };
        Some(Self {
            commands: up.stdin.take(),
            up,
            answers,
            folder,
            server: report["server"].as_str().unwrap().to_owned(),
            token: report["token"].as_str().unwrap().to_owned(),
            pids: pids(&report),
        })
    }

    /// The kubeconfig of its administrator.
    pub(crate) fn kubeconfig(&self) -> PathBuf {
        self.file("admin.kubeconfig")
    }

    /// A file that the control plane wrote, as in `reader.kubeconfig`, `pki/ca.crt` or `pods.log`.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The API server's address.
    pub(crate) fn server(&self) -> &str {
        &self.server
    }

    /// The bearer token of user `reader`, who may do nothing but discovery.
    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    /// The process of a component, as in `kube-apiserver`.
    pub(crate) fn pid(&self, component: &str) -> u32 {
        *self.pids.get(component).unwrap_or_else(|| panic!("no component {component}: {:?}", self.pids))
    }

    /// Runs kubectl as the administrator, to its end, whatever that is.
    pub(crate) fn try_kubectl(&self, arguments: &[&str]) -> Output {
        self.kubectl_command(arguments).output().unwrap()
    }

    /// Runs kubectl as the administrator and gives what it printed; fails the test when kubectl fails.
    #[track_caller]
    pub(crate) fn kubectl(&self, arguments: &[&str]) -> String {
        printed(arguments, self.try_kubectl(arguments))
    }

    /// Runs kubectl with `input` as its standard input, as `apply -f -` wants it.
    #[track_caller]
    pub(crate) fn kubectl_with(&self, arguments: &[&str], input: &str) -> String {
        let mut command = self.kubectl_command(arguments);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        printed(arguments, child.wait_with_output().unwrap())
    }

    fn kubectl_command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(self.file("kubectl"));
        command.arg("--kubeconfig").arg(self.kubeconfig()).args(arguments).stdin(Stdio::null());
        command
    }

    /// Makes a namespace whose name begins with `name` and that no other test has. It is left behind.
    #[track_caller]
    pub(crate) fn namespace(&self, name: &str) -> String {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let name = format!("{name}-{}", MADE.fetch_add(1, Ordering::Relaxed));
        self.kubectl(&["create", "namespace", &name]);
        name
    }

    /// Kills a component and starts it again on the same port; returns when it is ready.
    pub(crate) fn restart(&mut self, component: &str) {
        self.command("restart", component);
    }

    /// Kills a component.
    pub(crate) fn stop(&mut self, component: &str) {
        self.command("stop", component);
    }

    /// Starts a component that was stopped; returns when it is ready.
    pub(crate) fn start(&mut self, component: &str) {
        self.command("start", component);
    }

    /// Freezes a component: its connections stay open and silent.
    pub(crate) fn freeze(&mut self, component: &str) {
        signal("STOP", self.pid(component));
    }

    /// Lets a frozen component go on.
    pub(crate) fn thaw(&mut self, component: &str) {
        signal("CONT", self.pid(component));
    }

    fn command(&mut self, verb: &str, component: &str) {
        writeln!(self.commands.as_mut().unwrap(), "{verb} {component}").unwrap();
        let answer =
            read_line(&mut self.answers).unwrap_or_else(|| panic!("{verb} {component}: the control plane has ended"));
        assert_eq!(answer["ok"], true, "{verb} {component}: {answer}");
        if let Some(pid) = answer["pid"].as_u64().filter(|_| verb != "stop") {
            self.pids.insert(component.to_owned(), u32::try_from(pid).unwrap());
        }
    }
}

impl Drop for ControlPlane {
    fn drop(&mut self) {
        // The end of its standard input ends it, and it ends its children; a frozen child is killed like the others.
        drop(self.commands.take());
        let _ = self.up.wait();
        if !std::thread::panicking() {
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

/// The built binary. Where it is missing the tests that need it are skipped, and stderr says so once.
fn program() -> Option<&'static Path> {
    static PROGRAM: OnceLock<Option<PathBuf>> = OnceLock::new();
    let found = PROGRAM.get_or_init(|| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/controlplane/controlplane");
        if path.is_file() {
            return Some(path);
        }
        // Not `eprintln!`: the test runner would swallow it with the output of a test that passes.
        let _ = writeln!(
            stderr(),
            "SKIPPED: every test against a real control plane; build it with: bash tests/controlplane/build.sh"
        );
        None
    });
    let required = std::env::var_os("RUTTER_REQUIRE_CONTROLPLANE").is_some_and(|value| value == "1");
    assert!(
        found.is_some() || !required,
        "RUTTER_REQUIRE_CONTROLPLANE=1 and no control plane: bash tests/controlplane/build.sh"
    );
    found.as_deref()
}

/// A folder of its own for each control plane. Those of test processes that are gone are removed on the way.
fn new_folder() -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let parent = Path::new(env!("CARGO_TARGET_TMPDIR")).join("controlplane");
    fs::create_dir_all(&parent).unwrap();
    for old in fs::read_dir(&parent).unwrap().map(|entry| entry.unwrap().path()) {
        let owner = old.file_name().and_then(|name| name.to_str()).and_then(|name| name.split('-').next());
        if owner.is_some_and(|pid| !Path::new("/proc").join(pid).exists()) {
            let _ = fs::remove_dir_all(old);
        }
    }
    let folder = parent.join(format!("{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed)));
    // Left by an earlier process with the same id.
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir(&folder).unwrap();
    folder
}

fn read_line(from: &mut BufReader<ChildStdout>) -> Option<Value> {
    let mut line = String::new();
    from.read_line(&mut line).unwrap();
    serde_json::from_str(&line).ok()
}

fn pids(report: &Value) -> BTreeMap<String, u32> {
    let pids = report["pids"].as_object().unwrap().iter();
    pids.map(|(name, pid)| (name.clone(), u32::try_from(pid.as_u64().unwrap()).unwrap())).collect()
}

#[track_caller]
fn printed(arguments: &[&str], output: Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "kubectl {}: {}\n{said}", arguments.join(" "), output.status);
    String::from_utf8(output.stdout).unwrap()
}

fn signal(name: &str, pid: u32) {
    let status = Command::new("kill").args([format!("-{name}"), pid.to_string()]).status().unwrap();
    assert!(status.success(), "kill -{name} {pid}: {status}");
}
