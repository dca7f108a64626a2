//! An API server that dies or freezes in the middle of a run.

use super::{finish, kubeconfig, rutter};
use crate::support::controlplane::{ControlPlane, Options};
use crate::support::fault_proxy::Head;
use crate::support::memory_server::MemoryServer;
use crate::support::temp::TempDir;
use std::io::{BufRead, BufReader};
use std::time::{Duration, Instant};
use tokio::io::AsyncWriteExt;

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
        for n in 0..60 {
            cluster.apply(#{ apiVersion: "v1", kind: "ConfigMap", metadata: #{ name: `cm-${n}` }, data: #{ n: `${n}` } });
            if n == 5 { print("now"); }
            sleep(0.1);
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
    assert_eq!(rest.join().unwrap(), "60\n");
    // It says what it waits for, and a call whose answer was cut off is said to be repeated.
    let noticed = ["cannot be reached, 1 call waits", "retry: "].iter().any(|words| ran.stderr.contains(words));
    assert!(noticed, "the run noticed nothing: {}", ran.stderr);
    let written = cluster.kubectl(&["-n", namespace, "get", "configmaps", "-o", "name"]);
    assert_eq!(written.lines().filter(|line| line.starts_with("configmap/cm-")).count(), 60, "{written}");
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

/// Answers, late about the pod `slow`, until it was asked for the pod `last`; then there is nobody at its address any more.
async fn leaving_server() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let kinds = MemoryServer::with_kinds();
        let (leave, mut left) = tokio::sync::watch::channel(false);
        loop {
            let mut stream = tokio::select! {
                accepted = listener.accept() => accepted.unwrap().0,
                _ = left.changed() => return,
            };
            let (kinds, leave, mut left) = (kinds.clone(), leave.clone(), left.clone());
            let serve = async move {
                while let Ok(Some(head)) = Head::read(&mut stream).await {
                    if head.seen.path.ends_with("/slow") {
                        tokio::time::sleep(Duration::from_millis(300)).await;
                    }
                    let known = kinds.known(&format!("{} {}", head.seen.method, head.seen.path));
                    let body = known.map_or_else(|| r#"{"kind":"Pod","metadata":{}}"#.to_owned(), |(_, body)| body);
                    let text = format!(
                        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
                        body.len()
                    );
                    stream.write_all(text.as_bytes()).await.unwrap();
                    if head.seen.path.ends_with("/last") {
                        leave.send_replace(true);
                    }
                }
            };
            tokio::spawn(async move {
                tokio::select! {
                    () = serve => {}
                    _ = left.wait_for(|left| *left) => {}
                }
            });
        }
    });
    format!("http://{address}")
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_that_wait_for_one_cluster_are_one_line() {
    let dir = TempDir::new();
    let config = kubeconfig(&dir, &leaving_server().await);
    let script = r#"
        cluster.get("Pod", "last");
        sleep(0.1);
        let names = [];
        for n in 0..32 { names.push(`p${n}`); }
        let answers = parallel(names, |name| cluster.get("Pod", name), #{ at_once: 32, fail_fast: false });
        answers.filter(|answer| answer.ok).len()
    "#;
    let args = ["run", "--request-timeout", "3s", "--allow-insecure", "--kubeconfig", &config, "-e", script];
    let child = rutter(&args).spawn().unwrap();
    let ran = tokio::task::spawn_blocking(move || finish(child, Duration::from_secs(30))).await.unwrap();
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "0\n"), "{}", ran.stderr);
    let lines: Vec<&str> = ran.stderr.lines().collect();
    assert_eq!(lines.len(), 1, "{}", ran.stderr);
    let wanted = "cluster prod: cannot be reached, 1 call waits, next attempt ";
    assert!(lines[0].starts_with(wanted) && lines[0].contains("Connection refused"), "{}", ran.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_timeout_of_zero_sets_no_limit() {
    let dir = TempDir::new();
    let config = kubeconfig(&dir, &leaving_server().await);
    let with = async |timeout: &str| {
        let args = ["run", "--request-timeout", timeout, "--allow-insecure", "--kubeconfig", &config, "-e"];
        let child = rutter(&[&args[..], &[r#"cluster.get("Pod", "slow").kind"#]].concat()).spawn().unwrap();
        tokio::task::spawn_blocking(move || finish(child, Duration::from_secs(30))).await.unwrap()
    };
    for zero in ["0", "0s"] {
        let ran = with(zero).await;
        assert_eq!((ran.code, ran.stdout.as_str()), (0, "Pod\n"), "{}", ran.stderr);
    }
    let ran = with("200ms").await;
    assert!(ran.stderr.contains("error[E0302]"), "{}", ran.stderr);
}
