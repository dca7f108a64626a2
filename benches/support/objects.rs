//! Objects to work on, as large and as repetitive as those of real clusters.

use serde_json::{Value, json};

/// What the nodes of the pods are called: `node-000` to `node-049`.
pub(crate) const NODES: usize = 50;

/// A pod as an author writes it, with two containers: about 6.4 kB once the API server has added its part.
/// One in 50 pods of a workload differs in nothing but its names, numbers and hashes.
pub(crate) fn pod(number: usize) -> Value {
    let workload = format!("shop-service-{:03}", number / 50);
    let hash = format!("{:016x}{:016x}", scatter(number), scatter(number + 1_000_000));
    json!({
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": format!("{workload}-{}-{:05}", &hash[..10], number),
            "labels": {
                "app": workload, "app.kubernetes.io/name": workload, "app.kubernetes.io/instance": "production",
                "app.kubernetes.io/managed-by": "pipeline", "pod-template-hash": &hash[..10],
                "team": format!("team-{:02}", number / 50 % 20), "tier": "backend",
            },
            "annotations": {
                "checksum/config": hash, "prometheus.io/scrape": "true", "prometheus.io/port": "9090",
                "example.org/owner": "platform@example.org",
            },
        },
        "spec": {
            "nodeName": format!("node-{:03}", number % NODES),
            "serviceAccountName": "default",
            "automountServiceAccountToken": false,
            "containers": [container("main", &workload, 8080), container("proxy", "mesh/proxy", 15090)],
            "tolerations": [{ "key": "dedicated", "operator": "Equal", "value": "shop", "effect": "NoSchedule" }],
            "volumes": [
                { "name": "config", "configMap": { "name": workload } },
                { "name": "cache", "emptyDir": { "sizeLimit": "1Gi" } },
            ],
        },
    })
}

fn container(name: &str, image: &str, port: u16) -> Value {
    let variable = |name: &str, value: &str| json!({ "name": name, "value": value });
    json!({
        "name": name,
        "image": format!("registry.example.org/{image}:1.27.4"),
        "env": [
            variable("LOG_LEVEL", "info"), variable("REGION", "eu-central-1"), variable("WORKERS", "16"), variable("TRACING", "on"),
            { "name": "POD_IP", "valueFrom": { "fieldRef": { "fieldPath": "status.podIP" } } },
        ],
        "ports": [{ "name": "http", "containerPort": port }],
        "resources": { "requests": { "cpu": "250m", "memory": "256Mi" }, "limits": { "memory": "512Mi" } },
        "readinessProbe": { "httpGet": { "path": "/healthz", "port": "http" }, "periodSeconds": 10 },
        "volumeMounts": [
            { "name": "config", "mountPath": "/etc/service", "readOnly": true },
            { "name": "cache", "mountPath": "/var/cache" },
        ],
    })
}

/// Numbers that look like hashes, the same in each run.
pub(crate) fn scatter(number: usize) -> u64 {
    let mut state = (number as u64).wrapping_add(0x9e37_79b9_7f4a_7c15).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    state ^= state >> 27;
    state.wrapping_mul(0x94d0_49bb_1331_11eb) ^ (state >> 31)
}
