//! Scenarios on a real control plane. Each test has a namespace of its own; none relies on what another left behind.

mod evictions;
mod fields;
mod namespaces;
mod nodes;
mod pods;
mod references;
mod refusals;
mod rollback;
mod stage;
mod triage;
mod wait;
mod workloads;

use crate::support::controlplane::ControlPlane;
use rutter::cluster::connect::{ConnectPolicy, Connection, Kubeconfig, Overrides};
use rutter::cluster::read::ListOptions;
use rutter::cluster::{Context, Scope, Target};
use rutter::object::{GroupVersionKind, KindQuery, Name, Namespace, ObjectRef};
use rutter::value::Node;
use rutter::world::SystemWorld;
use serde_json::{Value, json};
use std::sync::Arc;

/// A shared control plane, a namespace of the test's own, and a target whose default it is.
pub(crate) struct Place {
    pub(crate) cluster: &'static ControlPlane,
    pub(crate) namespace: String,
    pub(crate) target: Target,
    pub(crate) run: Context,
}

impl Place {
    /// `None`: there is no control plane, skip the test. Must be called inside a runtime.
    pub(crate) fn new(name: &str) -> Option<Self> {
        let cluster = ControlPlane::shared()?;
        let namespace = cluster.namespace(name);
        Some(Self { cluster, target: target(cluster, &namespace), namespace, run: Context::default() })
    }

    /// Applies objects with kubectl, in the test's namespace.
    #[track_caller]
    pub(crate) fn apply(&self, objects: &[Value]) {
        let list = json!({"apiVersion": "v1", "kind": "List", "items": objects});
        self.kubectl_with(&["apply", "-f", "-"], &list.to_string());
    }

    #[track_caller]
    pub(crate) fn kubectl(&self, arguments: &[&str]) -> String {
        self.kubectl_with(arguments, "")
    }

    #[track_caller]
    fn kubectl_with(&self, arguments: &[&str], input: &str) -> String {
        let mut all = vec!["-n", self.namespace.as_str()];
        all.extend_from_slice(arguments);
        self.cluster.kubectl_with(&all, input)
    }

    pub(crate) fn reference(&self, api_version: &str, kind: &str, name: &str) -> ObjectRef {
        ObjectRef {
            gvk: GroupVersionKind::parse(api_version, kind).unwrap(),
            namespace: Some(Namespace::parse(&self.namespace).unwrap()),
            name: Name::parse(name).unwrap(),
            uid: None,
        }
    }

    pub(crate) async fn pods(&self) -> Vec<Node> {
        let mut options = ListOptions::default();
        options.scope = Scope::Default;
        self.target.list(&self.run, &KindQuery::parse("v1/Pod").unwrap(), &options).await.unwrap().items
    }
}

/// A target of a control plane, as its administrator. Must be called inside a runtime.
pub(crate) fn target(cluster: &ControlPlane, namespace: &str) -> Target {
    let world = Arc::new(SystemWorld::new());
    let kubeconfig = Kubeconfig::load(&*world, Some(&cluster.kubeconfig())).unwrap();
    let connection =
        Connection::from_kubeconfig(&kubeconfig, &Overrides::default(), &ConnectPolicy::default()).unwrap();
    Target::new("test", Namespace::parse(namespace).unwrap(), connection.transport(world).unwrap())
}

/// A pod template whose pods carry these annotations.
pub(crate) fn template(app: &str, annotations: &Value) -> Value {
    json!({
        "metadata": {"labels": {"app": app}, "annotations": annotations},
        "spec": {"containers": [{"name": "app", "image": "registry.example/app:1"}]},
    })
}

/// A Deployment whose pods carry these annotations.
pub(crate) fn deployment(name: &str, replicas: u32, annotations: &Value) -> Value {
    let selector = json!({"matchLabels": {"app": name}});
    let spec = json!({"replicas": replicas, "selector": selector, "template": template(name, annotations)});
    json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name}, "spec": spec})
}

/// A pod without a controller.
pub(crate) fn bare_pod(name: &str, annotations: &Value) -> Value {
    let mut pod = template(name, annotations);
    pod["apiVersion"] = "v1".into();
    pod["kind"] = "Pod".into();
    pod["metadata"]["name"] = name.into();
    pod
}

/// A disruption budget for the pods of an app.
pub(crate) fn budget(name: &str, app: &str, rule: &str, value: impl Into<Value>) -> Value {
    let mut spec = json!({"selector": {"matchLabels": {"app": app}}});
    spec[rule] = value.into();
    json!({"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": name}, "spec": spec})
}
