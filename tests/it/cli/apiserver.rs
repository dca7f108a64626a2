//! An API server that dies or freezes in the middle of a run.

use super::{finish, rutter};
use crate::support::controlplane::{ControlPlane, Options};
use std::io::{BufRead, BufReader};
use std::time::{Duration, Instant};

#[test]
fn a_run_outlives_its_api_server_and_a_frozen_one_ends_a_call_at_its_deadline() {
    let Some(mut cluster) = ControlPlane::private(&Options::default()) else { return };
    let kubeconfig = cluster.kubeconfig().display().to_string();
    let namespace = cluster.namespace("outlives");
    outlives(&mut cluster, &kubeconfig, &namespace);
    freezes(&mut cluster, &kubeconfig);
}

fn outlives(cluster: &mut ControlPlane, kubeconfig: &str, namespace: &str) {
    let script = r#"
        for n in 0..30 {
            cluster.apply(#{ apiVersion: "v1", kind: "ConfigMap", metadata: #{ name: `cm-${n}` }, data: #{ n: `${n}` } });
            if n == 5 { print("now"); }
            sleep(0.02);
        }
        cluster.list("ConfigMap").filter(|cm| cm.name.starts_with("cm-")).len()
    "#;
    let mut child = rutter(&["run", "-v", "--kubeconfig", kubeconfig, "-n", namespace, "-e", script]).spawn().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    assert_eq!(line, "now\n");
    cluster.stop("kube-apiserver");
    std::thread::sleep(Duration::from_millis(1_500));
    cluster.start("kube-apiserver");
    let rest = super::reader(Some(stdout));
    let ran = finish(child, Duration::from_secs(60));
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(rest.join().unwrap(), "30\n");
    assert!(ran.stderr.contains("retry: "), "the run noticed nothing: {}", ran.stderr);
    let written = cluster.kubectl(&["-n", namespace, "get", "configmaps", "-o", "name"]);
    assert_eq!(written.lines().filter(|line| line.starts_with("configmap/cm-")).count(), 30, "{written}");
}

fn freezes(cluster: &mut ControlPlane, kubeconfig: &str) {
    let args = ["run", "--kubeconfig", kubeconfig, "--request-timeout", "2s", "-e"];
    let with =
        |script: &str| finish(rutter(&[&args[..], &[script]].concat()).spawn().unwrap(), Duration::from_secs(30));
    assert_eq!(with("cluster.get(\"Namespace\", \"default\").name").stdout, "default\n");
    cluster.freeze("kube-apiserver");
    let started = Instant::now();
    let ran = with("cluster.get(\"Namespace\", \"default\")");
    let took = started.elapsed();
    cluster.thaw("kube-apiserver");
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!((1_900..6_000).contains(&took.as_millis()), "took {took:?}");
    assert!(ran.stderr.contains("error[E0302]") || ran.stderr.contains("error[E0301]"), "{}", ran.stderr);
    assert!(ran.stderr.contains("-e:1:9"), "{}", ran.stderr);
}
