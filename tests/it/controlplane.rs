//! The harness itself: a test that relies on a fault must be able to rely on the harness.

use crate::support::controlplane::{ControlPlane, Options};
use std::process::Command;

#[test]
fn tests_share_one_control_plane_and_no_namespace() {
    let Some(cluster) = ControlPlane::shared() else { return };
    let (one, two) = (cluster.namespace("same"), cluster.namespace("same"));
    assert_ne!(one, two);
    assert_eq!(cluster.pid("kube-apiserver"), ControlPlane::shared().unwrap().pid("kube-apiserver"));

    cluster.kubectl_with(
        &["-n", &one, "apply", "-f", "-"],
        r#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}"#,
    );
    assert_eq!(cluster.kubectl(&["-n", &one, "get", "configmap", "a", "-o", "name"]).trim(), "configmap/a");
    assert!(!cluster.try_kubectl(&["-n", &two, "get", "configmap", "a"]).status.success());
    // Scenarios that run beside this one make nodes of other names.
    let nodes = cluster.kubectl(&["get", "nodes", "-o", "name"]);
    assert_eq!(nodes.lines().filter(|name| name.starts_with("node/node-0")).count(), 6);
}

#[test]
fn a_restarted_api_server_keeps_its_address_and_its_objects() {
    let Some(mut cluster) = ControlPlane::private(&Options::default()) else { return };
    let (namespace, server, pid) =
        (cluster.namespace("kept"), cluster.server().to_owned(), cluster.pid("kube-apiserver"));
    cluster.restart("kube-apiserver");
    assert_ne!(cluster.pid("kube-apiserver"), pid);
    assert_eq!(cluster.server(), server);
    cluster.kubectl(&["get", "namespace", &namespace]);

    cluster.stop("kube-apiserver");
    assert!(!cluster.try_kubectl(&["get", "namespace", &namespace]).status.success());
    cluster.start("kube-apiserver");
    cluster.kubectl(&["get", "namespace", &namespace]);
}

#[test]
fn a_frozen_api_server_is_silent_until_it_is_thawed() {
    let options = Options {
        apiserver: vec!["--etcd-compaction-interval=1s".to_owned()],
        arguments: vec!["--no-kwok".to_owned()],
        nodes: 1,
    };
    let Some(mut cluster) = ControlPlane::private(&options) else { return };
    cluster.freeze("kube-apiserver");
    assert!(!cluster.try_kubectl(&["get", "nodes", "--request-timeout=500ms"]).status.success());
    cluster.thaw("kube-apiserver");
    assert_eq!(cluster.kubectl(&["get", "nodes", "-o", "name"]).trim(), "node/node-000");
}

#[test]
fn the_reader_is_known_and_may_nothing() {
    let Some(cluster) = ControlPlane::shared() else { return };
    let reader = |arguments: &[&str]| {
        let kubeconfig = cluster.file("reader.kubeconfig");
        Command::new(cluster.file("kubectl")).arg("--kubeconfig").arg(kubeconfig).args(arguments).output().unwrap()
    };
    assert!(reader(&["api-versions"]).status.success());
    assert!(String::from_utf8_lossy(&reader(&["get", "pods"]).stderr).contains("forbidden"));
    assert!(!cluster.token().is_empty());
}

#[test]
fn a_control_plane_ends_with_its_value() {
    let Some(cluster) =
        ControlPlane::private(&Options { arguments: vec!["--no-kwok".to_owned()], ..Options::default() })
    else {
        return;
    };
    let (pid, folder) = (cluster.pid("etcd"), cluster.file(""));
    drop(cluster);
    assert!(!std::path::Path::new("/proc").join(pid.to_string()).exists());
    assert!(!folder.exists());
}
