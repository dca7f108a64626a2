//! Empties 10 nodes of 20 pods each, whose budgets let one pod of a workload go at a time, beside `kubectl drain`.
//! A replacement is ready a second after it was placed.
// A benchmark prints its report, is its own embedder, and a panic is how it says that it cannot measure.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, clippy::disallowed_methods)]

mod support;

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use support::controlplane::{ControlPlane, Options};
use support::measure::{Score, Taken, run};
use support::report::{Limits, scores};
use support::{kubectl, rounds, rutter_script};

const WORKLOADS: usize = 20;
/// One on each node of the half that is emptied.
const REPLICAS: usize = 10;
const PODS: usize = WORKLOADS * REPLICAS;
/// How long the pods may take to come to rest.
const PATIENCE: Duration = Duration::from_secs(120);

/// What a drain did beside taking time.
#[derive(Default)]
struct Conduct {
    requests: f64,
    /// Pods that a workload was short of, over what its budget allows, at the worst moment.
    violations: i64,
}

fn main() -> ExitCode {
    if !support::is_wanted() {
        return ExitCode::SUCCESS;
    }
    let Some(cluster) = ControlPlane::private(&Options { nodes: 20, ..Options::default() }) else {
        return ExitCode::SUCCESS;
    };
    let halves: [Vec<String>; 2] = [0, 10].map(|first| (first..first + 10).map(|n| format!("node-{n:03}")).collect());
    fill(&cluster, &halves);
    let mut taken = ["kubectl drain", "rutter, evict_all"]
        .map(|name| (Score { name: name.into(), rounds: Vec::new() }, Conduct::default()));
    let mut full = 0;
    for round in 0..rounds(3) {
        for turn in 0..2 {
            let who = (round + turn) % 2;
            let nodes = &halves[full];
            let command = if who == 0 { drain(&cluster, nodes) } else { evict(&cluster, nodes) };
            let (score, conduct) = &mut taken[who];
            score.rounds.push(measure(&cluster, &score.name, command, conduct));
            full = 1 - full;
            settle(&cluster, nodes, &halves[full]);
        }
    }
    conclude(taken)
}

fn conclude(taken: [(Score, Conduct); 2]) -> ExitCode {
    let [(kubectl, rude), (rutter, polite)] = taken;
    let evicted = (PODS * rutter.rounds.len()) as f64;
    let mut limits = Limits::default();
    limits.at_least("rate of `kubectl drain`", kubectl.times(&rutter), 3.0, " ×");
    #[expect(clippy::cast_precision_loss, reason = "a count of pods")]
    limits.at_most("pods missing beyond what a budget allows", polite.violations as f64, 0.0, "");
    limits.at_most("eviction requests per pod", polite.requests / evicted, 1.3, "");
    scores("10 nodes of 20 pods", &[kubectl, rutter]);
    println!(
        "\nEviction requests per pod: kubectl drain {:.2}, rutter {:.2}.",
        rude.requests / evicted,
        polite.requests / evicted
    );
    limits.conclude()
}

fn drain(cluster: &ControlPlane, nodes: &[String]) -> Command {
    let mut command = kubectl(cluster, &["drain", "--ignore-daemonsets", "--timeout=10m"]);
    command.args(nodes);
    command
}

fn evict(cluster: &ControlPlane, nodes: &[String]) -> Command {
    let names = json!(nodes);
    rutter_script(
        cluster,
        &format!(
            r#"let names = {names};
            for name in names {{ cluster.cordon(name); }}
            let pods = cluster.list("Pod", #{{ namespace: "*" }}).filter(|pod| pod.spec.nodeName in names);
            cluster.evict_all(pods, #{{ timeout: "10m" }}).evicted"#
        ),
    )
}

fn measure(cluster: &ControlPlane, name: &str, command: Command, conduct: &mut Conduct) -> Taken {
    let before = eviction_requests(cluster);
    let watch = Watch::begin(cluster);
    let taken = run(name, command, if name.starts_with("rutter") { "200" } else { "" });
    conduct.requests += eviction_requests(cluster) - before;
    conduct.violations += watch.end();
    taken
}

/// Workloads with a pod on each node of the first half, and their budgets.
fn fill(cluster: &ControlPlane, halves: &[Vec<String>; 2]) {
    let cordon: Vec<&str> = std::iter::once("cordon").chain(halves[1].iter().map(String::as_str)).collect();
    cluster.kubectl(&cordon);
    let objects: Vec<Value> = (0..WORKLOADS).flat_map(|number| workload(&format!("app-{number:02}"))).collect();
    let list = json!({ "apiVersion": "v1", "kind": "List", "items": objects });
    cluster.kubectl_with(&["apply", "-f", "-"], &list.to_string());
    settle(cluster, &halves[1], &halves[0]);
}

fn workload(name: &str) -> [Value; 2] {
    let labels = json!({ "app": name });
    let spread = json!({
        "maxSkew": 1, "topologyKey": "kubernetes.io/hostname", "whenUnsatisfiable": "DoNotSchedule",
        "labelSelector": { "matchLabels": labels }, "matchLabelKeys": ["pod-template-hash"],
    });
    let pod = json!({
        "metadata": { "labels": labels, "annotations": { "controlplane.test/ready-delay": "1s" } },
        "spec": { "containers": [{ "name": "main", "image": "main" }], "topologySpreadConstraints": [spread] },
    });
    let selector = json!({ "matchLabels": labels });
    [
        json!({
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": { "name": name },
            "spec": { "replicas": REPLICAS, "selector": selector, "template": pod },
        }),
        json!({
            "apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": { "name": name },
            "spec": { "maxUnavailable": 1, "selector": selector },
        }),
    ]
}

/// Waits until all pods are ready on the full half, with budgets that know, and lets the empty one take pods again.
fn settle(cluster: &ControlPlane, empty: &[String], full: &[String]) {
    let began = Instant::now();
    while !is_settled(cluster, full) {
        assert!(began.elapsed() < PATIENCE, "the pods do not come to rest on {full:?}");
        std::thread::sleep(Duration::from_millis(500));
    }
    // What is full has to be: cordoned until now was what is empty, or what is full when the work begins.
    for name in empty {
        cluster.kubectl(&["uncordon", name]);
    }
}

fn is_settled(cluster: &ControlPlane, full: &[String]) -> bool {
    let read = |kind: &str| -> Value { serde_json::from_str(&cluster.kubectl(&["get", kind, "-o", "json"])).unwrap() };
    let (pods, budgets) = (read("pods"), read("poddisruptionbudgets"));
    let (pods, budgets) = (pods["items"].as_array().unwrap(), budgets["items"].as_array().unwrap());
    let placed = |pod: &&Value| {
        is_healthy(pod) && pod["spec"]["nodeName"].as_str().is_some_and(|node| full.iter().any(|name| name == node))
    };
    pods.iter().filter(placed).count() == PODS
        && pods.len() == PODS
        && budgets.iter().all(|budget| budget["status"]["disruptionsAllowed"] == 1)
}

fn is_healthy(pod: &Value) -> bool {
    let is_ready = |condition: &Value| condition["type"] == "Ready" && condition["status"] == "True";
    pod["metadata"]["deletionTimestamp"].is_null()
        && pod["status"]["conditions"].as_array().is_some_and(|all| all.iter().any(is_ready))
}

/// How many evictions the API server has been asked for since it started.
fn eviction_requests(cluster: &ControlPlane) -> f64 {
    let metrics = cluster.kubectl(&["get", "--raw", "/metrics"]);
    let counts = metrics
        .lines()
        .filter(|line| line.starts_with("apiserver_request_total{") && line.contains("subresource=\"eviction\""));
    counts.map(|line| line.rsplit(' ').next().unwrap().parse::<f64>().unwrap()).sum()
}

/// Counts each workload's healthy pods, as the API server's own watch tells of them.
struct Watch {
    kubectl: Child,
    tally: Arc<Mutex<Tally>>,
}

#[derive(Default)]
struct Tally {
    /// The workload of each healthy pod.
    healthy: BTreeMap<String, String>,
    counts: BTreeMap<String, i64>,
    lowest: i64,
}

impl Watch {
    /// Returns once all pods are known.
    fn begin(cluster: &ControlPlane) -> Self {
        let mut command = kubectl(cluster, &["get", "--raw", "/api/v1/namespaces/default/pods?watch=true"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let tally = Arc::new(Mutex::new(Tally { lowest: i64::MAX, ..Tally::default() }));
        let shared = tally.clone();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                shared.lock().unwrap().take(&serde_json::from_str(&line).unwrap());
            }
        });
        let began = Instant::now();
        while tally.lock().unwrap().healthy.len() < PODS {
            assert!(began.elapsed() < PATIENCE, "the watch does not show all pods");
            std::thread::sleep(Duration::from_millis(50));
        }
        tally.lock().unwrap().lowest = i64::MAX;
        Self { kubectl: child, tally }
    }

    /// How many pods were missing at the worst moment beyond the one that each budget allows.
    fn end(mut self) -> i64 {
        self.kubectl.kill().unwrap();
        self.kubectl.wait().unwrap();
        let lowest = self.tally.lock().unwrap().lowest;
        assert!(lowest < i64::MAX, "the watch saw no pod go");
        (i64::try_from(REPLICAS).unwrap() - 1 - lowest).max(0)
    }
}

impl Tally {
    fn take(&mut self, event: &Value) {
        let pod = &event["object"];
        let (name, app) =
            (pod["metadata"]["name"].as_str().unwrap(), pod["metadata"]["labels"]["app"].as_str().unwrap());
        let is_healthy = event["type"] != "DELETED" && is_healthy(pod);
        if is_healthy && self.healthy.insert(name.to_owned(), app.to_owned()).is_none() {
            *self.counts.entry(app.to_owned()).or_default() += 1;
        } else if !is_healthy && self.healthy.remove(name).is_some() {
            let count = self.counts.entry(app.to_owned()).or_default();
            *count -= 1;
            self.lowest = self.lowest.min(*count);
        }
    }
}
