//! What scenarios of runbooks need: a namespace with objects in it, and a run of the built binary as a user starts it.

use crate::support::controlplane::ControlPlane;
use crate::support::fault_proxy::FaultProxy;
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
        Self { cluster, namespace: cluster.namespace(name), kubeconfig: cluster.kubeconfig() }
    }

    /// The same, for runs that reach the control plane through a proxy.
    pub(super) fn through(&self, proxy: &FaultProxy) -> Self {
        Self { cluster: self.cluster, namespace: self.namespace.clone(), kubeconfig: proxy.kubeconfig() }
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
        let started = Instant::now();
        loop {
            let arguments = ["-n", &self.namespace, "get", object, "-o", &format!("jsonpath={{{path}}}")];
            let seen = String::from_utf8(self.cluster.try_kubectl(&arguments).stdout).unwrap();
            if seen == wanted {
                return;
            }
            assert!(started.elapsed() < Duration::from_secs(20), "{object} {path}: {seen:?}, not {wanted:?}");
            std::thread::sleep(Duration::from_millis(50));
        }
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
        command.arg(&self.kubeconfig).stdin(Stdio::null());
        command
    }
}

fn path(runbook: &str) -> String {
    format!("{}/examples/runbooks/{runbook}.rhai", env!("CARGO_MANIFEST_DIR"))
}

impl Ran {
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
