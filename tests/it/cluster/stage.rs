//! What scenarios of runbooks need: a namespace with objects in it, and a run of the built binary as a user starts it.

use crate::support::controlplane::ControlPlane;
use crate::support::fault_proxy::FaultProxy;
use crate::support::temp::TempDir;
use serde_json::Value;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A namespace of a control plane.
pub(super) struct Stage<'a> {
    pub(super) cluster: &'a ControlPlane,
    pub(super) namespace: String,
    /// What runs are given.
    kubeconfig: PathBuf,
    /// How long their calls may take.
    request_timeout: &'static str,
}

/// What came of a run.
#[derive(Debug)]
pub(super) struct Ran {
    pub(super) code: Option<i32>,
    /// The JSON document on stdout.
    pub(super) value: Value,
    /// What was said on stderr.
    pub(super) said: String,
}

impl Stage<'static> {
    /// A fresh namespace of the shared control plane; `None`: there is none, skip the test.
    pub(super) fn new(name: &str) -> Option<Self> {
        ControlPlane::shared().map(|cluster| Self::on(cluster, name))
    }
}

impl<'a> Stage<'a> {
    /// A fresh namespace of that control plane.
    pub(super) fn on(cluster: &'a ControlPlane, name: &str) -> Self {
        let namespace = cluster.namespace(name);
        Self { cluster, namespace, kubeconfig: cluster.kubeconfig(), request_timeout: "2m" }
    }

    /// The same, for runs that reach the control plane through a proxy.
    pub(super) fn through(&self, proxy: &FaultProxy) -> Self {
        Self { kubeconfig: proxy.kubeconfig(), namespace: self.namespace.clone(), ..*self }
    }

    /// The same, for runs whose calls may take so long.
    pub(super) fn calls_within(&self, request_timeout: &'static str) -> Self {
        Self { kubeconfig: self.kubeconfig.clone(), namespace: self.namespace.clone(), request_timeout, ..*self }
    }

    /// The same, for runs that bear this token. Their kubeconfig stands in that folder.
    pub(super) fn as_token(&self, dir: &TempDir, token: &str) -> Self {
        let admin = std::fs::read_to_string(self.cluster.kubeconfig()).unwrap();
        let mut config: Value = serde_yaml::from_str(&admin).unwrap();
        config["users"][0]["user"] = serde_json::json!({ "token": token.trim() });
        let kubeconfig = dir.file("kubeconfig", config.to_string());
        Self { kubeconfig, namespace: self.namespace.clone(), ..*self }
    }

    /// Applies manifests to the namespace.
    #[track_caller]
    pub(super) fn apply(&self, manifests: &str) {
        self.cluster.kubectl_with(&["-n", &self.namespace, "apply", "-f", "-"], manifests);
    }

    /// Runs kubectl in the namespace.
    #[track_caller]
    pub(super) fn kubectl(&self, arguments: &[&str]) -> String {
        self.cluster.kubectl(&[&["-n", &self.namespace], arguments].concat())
    }

    /// Replaces parts of an object's status, as its controller would.
    #[track_caller]
    pub(super) fn status(&self, object: &str, status: &Value) {
        let patch = serde_json::json!({ "status": status }).to_string();
        self.kubectl(&["patch", object, "--subresource=status", "--type=merge", "-p", &patch]);
    }

    /// One field of an object, as `kubectl get -o jsonpath` prints it.
    #[track_caller]
    pub(super) fn field(&self, object: &str, path: &str) -> String {
        self.kubectl(&["get", object, "-o", &format!("jsonpath={{{path}}}")])
    }

    /// Waits until a field has a value.
    #[track_caller]
    pub(super) fn until(&self, object: &str, path: &str, wanted: &str) {
        let arguments = ["-n", &self.namespace, "get", object, "-o", &format!("jsonpath={{{path}}}")];
        eventually(&format!("{object} {path} is {wanted:?}"), || {
            self.cluster.try_kubectl(&arguments).stdout == wanted.as_bytes()
        });
    }

    /// Waits until the rollout of a workload is done.
    #[track_caller]
    pub(super) fn rolled_out(&self, workload: &str) {
        self.kubectl(&["rollout", "status", workload, "--timeout=30s"]);
    }

    /// Runs one of `examples/runbooks/` in the namespace.
    #[track_caller]
    pub(super) fn run(&self, runbook: &str, arguments: &[&str]) -> Ran {
        self.rutter(&[&[path(runbook).as_str()], arguments].concat())
    }

    /// Starts one of `examples/runbooks/` and does not wait for its end.
    #[track_caller]
    pub(super) fn start(&self, runbook: &str, arguments: &[&str]) -> Child {
        let mut command = self.command(&[&[path(runbook).as_str()], arguments].concat());
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// Starts a script in the namespace and does not wait for its end.
    pub(super) fn begin(&self, script: &str) -> Child {
        self.command(&["-e", script]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// Runs a script in the namespace.
    #[track_caller]
    pub(super) fn evaluate(&self, script: &str) -> Ran {
        self.rutter(&["-e", script])
    }

    fn rutter(&self, arguments: &[&str]) -> Ran {
        let output = self.command(arguments).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        let value = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
        Ran { code: output.status.code(), value, said }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rutter"));
        command.arg("run").args(arguments).args(["-o", "json", "-n", &self.namespace, "--kubeconfig"]);
        command.arg(&self.kubeconfig).args(["--request-timeout", self.request_timeout]).stdin(Stdio::null());
        command
    }
}

fn path(runbook: &str) -> String {
    format!("{}/examples/runbooks/{runbook}.rhai", env!("CARGO_MANIFEST_DIR"))
}

impl Ran {
    /// What comes of a run that Ctrl-C stops now, and how long that takes.
    #[track_caller]
    pub(super) fn interrupted(child: Child) -> (Self, Duration) {
        let began = Instant::now();
        assert!(Command::new("kill").arg("-INT").arg(child.id().to_string()).status().unwrap().success());
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        let value = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
        (Self { code: output.status.code(), value, said }, began.elapsed())
    }

    /// The result of a run that must have succeeded.
    #[track_caller]
    pub(super) fn done(self) -> Value {
        assert_eq!(self.code, Some(0), "{}\n{}", self.said, self.value);
        self.value
    }

    /// What a run that must have failed said.
    #[track_caller]
    pub(super) fn failed(self) -> String {
        assert_eq!(self.code, Some(1), "{}\n{}", self.said, self.value);
        self.said
    }
}

/// Waits until something holds.
#[track_caller]
pub(super) fn eventually(what: &str, holds: impl Fn() -> bool) {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < Duration::from_secs(20), "never: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// The texts of a JSON list.
#[track_caller]
pub(super) fn texts(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect()
}

/// A Deployment, StatefulSet or DaemonSet of two replicas; `spec` and `annotations` (of the pods) are YAML flow maps' insides.
pub(super) fn workload(kind: &str, name: &str, spec: &str, annotations: &str) -> String {
    let own = match kind {
        "Deployment" => "replicas: 2,",
        "StatefulSet" => "replicas: 2, serviceName: none,",
        _ => "",
    };
    format!(
        "{{apiVersion: apps/v1, kind: {kind}, metadata: {{name: {name}, labels: {{app: {name}, set: it}}}}, \
         spec: {{{own} {spec} selector: {{matchLabels: {{app: {name}}}}}, \
         template: {{metadata: {{labels: {{app: {name}}}, annotations: {{{annotations}}}}}, \
         spec: {{terminationGracePeriodSeconds: 0, containers: [{{name: app, image: 'app:1'}}]}}}}}}}}\n---\n"
    )
}
