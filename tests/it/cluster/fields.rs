//! Fields that are absent, and fields that do not exist: told apart by the schemas of a real API server.

use crate::support::controlplane::ControlPlane;
use serde_json::{Value, json};
use std::process::Command;

/// A namespace with a pod that has one container.
struct Place {
    cluster: &'static ControlPlane,
    namespace: String,
}

impl Place {
    /// `None`: there is no control plane, skip the test.
    fn new(name: &str) -> Option<Self> {
        let cluster = ControlPlane::shared()?;
        let namespace = cluster.namespace(name);
        let pod = r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","labels":{"app":"a"}},
            "spec":{"containers":[{"name":"app","image":"registry.example/app:1"}]}}"#;
        cluster.kubectl_with(&["-n", &namespace, "create", "-f", "-"], pod);
        Some(Self { cluster, namespace })
    }

    /// What a script gives, or what it fails with. `pod` is the pod.
    fn run(&self, options: &[&str], script: &str) -> Result<Value, String> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rutter"));
        command.env_clear().arg("run").arg("--kubeconfig").arg(self.cluster.kubeconfig());
        command.args(["-o", "json", "-n", &self.namespace]).args(options);
        command.args(["-e", &format!(r#"let pod = cluster.get("Pod", "a"); {script}"#)]);
        let output = command.output().unwrap();
        if output.status.success() {
            return Ok(serde_json::from_slice(&output.stdout).unwrap());
        }
        Err(String::from_utf8(output.stderr).unwrap())
    }

    #[track_caller]
    fn gives(&self, script: &str, wanted: &str) {
        assert_eq!(self.run(&[], script), Ok(serde_json::from_str(wanted).unwrap()), "{script}");
    }

    #[track_caller]
    fn refuses(&self, script: &str, message: &str, hint: &str) {
        let said = self.run(&[], script).expect_err(script);
        assert!(said.contains(&format!("error[E0217]: {message}\n")), "{script}: {said}");
        assert!(said.contains(hint), "{script}: {said}");
    }
}

#[test]
fn a_mistyped_field_is_refused_wherever_it_stands() {
    let Some(place) = Place::new("mistyped") else { return };
    place.refuses("pod.spce", "Pod has no field `spce`", "did you mean `spec`?");
    place.refuses("pod.status.phas", "Pod.status has no field `phas`", "did you mean `phase`?");
    place.refuses("pod.metadata.labls", "Pod.metadata has no field `labls`", "did you mean `labels`?");
    let imag = "Pod.spec.containers has no field `imag`";
    place.refuses("pod.spec.containers[0].imag", imag, "did you mean `image`?");
    place.refuses("for one in pod.spec.containers { one.imag; }", imag, "did you mean `image`?");
    place.refuses("pod.spec.containers.map(|one| one.imag)", imag, "did you mean `image`?");
    let script = "pod.spec.containers[0].resources.banana";
    let all = "the fields of Pod.spec.containers.resources are: claims, limits, requests";
    place.refuses(script, "Pod.spec.containers.resources has no field `banana`", all);
}

#[test]
fn a_field_that_is_only_absent_reads_as_nothing() {
    let Some(place) = Place::new("absent") else { return };
    place.gives("pod.spec.activeDeadlineSeconds == ()", "true");
    place.gives("pod.spec.containers[0].livenessProbe == ()", "true");
    place.gives(r#"pod.get("spec.affinity.podAffinity", 7)"#, "7");
    place.gives("[pod.name, pod.labels.app, pod.annotations.mine ?? 1, pod.ref.kind]", r#"["a","a",1,"Pod"]"#);
    place.gives("pod.metadata.labels.mine == ()", "true");
    place.gives("pod.spec.nodeSelector == ()", "true");
    place.gives(r#"[pod.get("spec.banana", 7), pod.get("spec.banana") == ()]"#, "[7,true]");
    place.gives(r#"[pod.has("spec.banana"), "banana" in pod.spec]"#, "[false,false]");
    place.gives(r#"pod.set("spec.banana", 1); pod.spec.banana"#, "1");
}

#[test]
fn a_field_that_does_not_exist_cannot_be_set() {
    let Some(place) = Place::new("set") else { return };
    place.refuses("pod.spec.nodeNmae = 1;", "Pod.spec has no field `nodeNmae`", "did you mean `nodeName`?");
    place.refuses(r#"pod["spce"] = #{};"#, "Pod has no field `spce`", "did you mean `spec`?");
    let imag = "Pod.spec.containers has no field `imag`";
    place.refuses(r#"pod.spec.containers[0].imag = "app:2";"#, imag, "did you mean `image`?");
    place.refuses(
        "let spec = pod.spec; spec.volumse = [];",
        "Pod.spec has no field `volumse`",
        "did you mean `volumes`?",
    );
    place.refuses("pod.ref = 1;", "Pod has no field `ref`", "the fields of Pod are: ");
}

#[test]
fn a_field_that_exists_can_be_set_whether_the_object_has_it_or_not() {
    let Some(place) = Place::new("settable") else { return };
    place.gives("pod.spec.activeDeadlineSeconds = 5; pod.spec.activeDeadlineSeconds", "5");
    place.gives(r#"pod.spec.containers[0].image = "b"; pod.spec.containers[0].image"#, r#""b""#);
    place.gives(r#"pod.metadata.labels["any.example/key"] = "x"; pod.metadata.labels["any.example/key"]"#, r#""x""#);
    // The way out: paths, and maps of the script's own.
    place.gives(r#"pod.set("spec.banana", 1); pod.spec.banana = 2; pod.spec.banana"#, "2");
    place.gives("let own = pod.to_map(); own.spec.banana = 1; own.spec.banana", "1");
    place.gives("let own = #{ spec: pod.spec }; own.banana = 1; own.banana", "1");
}

#[test]
fn what_is_read_by_a_short_name_is_set_by_it() {
    let Some(place) = Place::new("short") else { return };
    let script = r#"pod.labels.mine = "x"; pod.annotations["b/c"] = "y"; pod.name = "b"; pod.namespace = "n";
        let all = pod.metadata; [all.labels.mine, all.labels.app, all.annotations, all.name, all.namespace, pod.keys().to_array().contains("labels")]"#;
    place.gives(script, r#"["x","a",{"b/c":"y"},"b","n",false]"#);
    // A method that changes its text in place (`trim`) has it written back: to where it was read.
    let script = r#"let before = pod; let used = [
            pod.name.to_upper(), pod.name.trim(), pod.ref.name.to_upper(), pod.ref.keys().len() > 3, pod.labels.len() > 0,
            pod.ref.name.split("-").len(), pod.labels.app.sub_string(0, 1), pod.annotations.is_empty(),
        ];
        [used, pod == before]"#;
    place.gives(script, r#"[["A",null,"A",true,true,1,"a",true],true]"#);
}

#[test]
fn what_a_script_made_itself_may_have_any_field() {
    let Some(place) = Place::new("own") else { return };
    place.gives(r#"#{ kind: "Pod", apiVersion: "v1" }.banana == ()"#, "true");
    place.gives(r#"yaml::decode(pod.to_yaml()).spec.banana == ()"#, "true");
    place.gives("pod.to_map().spec.banana == ()", "true");
}

#[test]
fn objects_keep_their_kind_on_their_way_through_lists() {
    let Some(place) = Place::new("lists") else { return };
    let phas = "Pod.status has no field `phas`";
    for script in [
        r#"cluster.list("Pod").filter(|pod| pod.status.phas == "Running")"#,
        r#"cluster.list("Pod").filter(|pod| true)[0].status.phas"#,
        r#"cluster.list("Pod").sort_by("metadata.name").first().status.phas"#,
        r#"cluster.list("Pod").group_by("metadata.name").a[0].status.phas"#,
        r#"(cluster.list("Pod") + cluster.list("Pod"))[1].status.phas"#,
        r#"(cluster.list("Pod") + cluster.list("Pod")).sort_by("status.phas")"#,
        r#"(cluster.list("Pod") + cluster.list("ConfigMap"))[0].status.phas"#,
        r#"(cluster.list("Deployment") + cluster.list("Pod"))[0].status.phas"#,
        r#"([] + cluster.list("Pod"))[0].status.phas"#,
        r#"cluster.list("Pod").where("status.phas", "Running")"#,
        r#"cluster.list("Pod").sort_by("status.phas")"#,
        r#"cluster.list("Pod").group_by("status.phas")"#,
        r#"for pod in cluster.stream("Pod") { pod.status.phas; }"#,
        r#"cluster.stream("Pod").filter(|pod| true)[0].status.phas"#,
        r#"cluster.stream("Pod").group_by("status.phas")"#,
        r#"cluster.find("Pod", "a").status.phas"#,
        r#"cluster.label(pod, #{ x: "y" }).status.phas"#,
        r#"cluster.watch("Pod", #{ timeout: "10s" }, |event| event.object.status.phas)"#,
        r#"cluster.wait(pod, "exists").status.phas"#,
        r#"cluster.wait(pod, |pod| pod.status.phas == "Running")"#,
        r#"parallel([pod, pod], |pod| pod.status.phas)"#,
        r#"pod.require("status.phas")"#,
        r#"pod.get("status").phas"#,
    ] {
        place.refuses(script, phas, "did you mean `phase`?");
    }
    place.refuses(
        r#"pod.require("spec.affinity.podAfinity.x")"#,
        "Pod.spec.affinity has no field `podAfinity`",
        "`podAffinity`?",
    );
}

#[test]
fn an_unknown_field_can_be_caught() {
    let Some(place) = Place::new("caught") else { return };
    let script = "let said = (); try { pod.status.phas; } catch (err) { said = [err.kind, err.code]; } said";
    place.gives(script, r#"["unknown_field","E0217"]"#);
}

#[test]
fn a_custom_resource_is_checked_as_far_as_its_schema_goes() {
    let Some(place) = Place::new("custom") else { return };
    place.cluster.kubectl_with(&["apply", "-f", "-"], CRD);
    place.cluster.kubectl(&["wait", "--for=condition=Established", "--timeout=20s", "crd/gadgets.fields.example.com"]);
    let gadget = r#"{"apiVersion":"fields.example.com/v1","kind":"Gadget","metadata":{"name":"g"},
        "spec":{"closed":{"size":1},"open":{"x":{"y":1},"inner":{"a":1}},"each":{"one":{"size":1}}}}"#;
    place.cluster.kubectl_with(&["-n", &place.namespace, "create", "-f", "-"], gadget);
    let gadget = |script: &str| format!(r#"let gadget = cluster.get("Gadget", "g"); {script}"#);
    // The server writes the schemas of CRDs a moment after they are established.
    let typo = gadget("gadget.spec.closed.sice");
    let published = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while place.run(&[], &typo).is_ok() && std::time::Instant::now() < published {
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
    place.refuses(&typo, "Gadget.spec.closed has no field `sice`", "did you mean `size`?");
    place.refuses(&gadget("gadget.spec.open.inner.b"), "Gadget.spec.open.inner has no field `b`", ": a");
    place.refuses(&gadget("gadget.spec.each.one.sice"), "Gadget.spec.each.one has no field `sice`", "`size`?");
    place.refuses(&gadget("gadget.status"), "Gadget has no field `status`", ": apiVersion, kind, metadata, spec");
    place.gives(&gadget("gadget.spec.closed.color == ()"), "true");
    place.gives(&gadget("gadget.spec.open.banana == ()"), "true");
    place.gives(&gadget("gadget.spec.open.x.z == ()"), "true");
    place.gives(&gadget("gadget.spec.each.two == ()"), "true");
}

#[test]
fn without_the_right_to_read_schemas_an_unknown_field_reads_as_nothing() {
    let Some(place) = Place::new("forbidden") else { return };
    let user = format!("blind-{}", place.namespace);
    let role = format!(
        r#"{{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRole","metadata":{{"name":"{user}"}},"rules":[
            {{"nonResourceURLs":["/api","/api/*","/apis","/apis/*"],"verbs":["get"]}},
            {{"apiGroups":[""],"resources":["pods"],"verbs":["get"]}}]}}"#
    );
    place.cluster.kubectl_with(&["create", "-f", "-"], &role);
    let named = [format!("--clusterrole={user}"), format!("--user={user}")];
    place.cluster.kubectl(&["create", "clusterrolebinding", &user, &named[0], &named[1]]);
    // Whoever is authenticated may read schemas: this user is not.
    let blind = ["--as", &user, "--as-group", "system:unauthenticated"];
    let read = place.run(&blind, "[pod.status.phas ?? 1, pod.status.phas ?? 2, pod.name]");
    assert_eq!(read, Ok(json!([1, 2, "a"])));
}

const CRD: &str = r#"{"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition",
    "metadata":{"name":"gadgets.fields.example.com"},
    "spec":{"group":"fields.example.com","scope":"Namespaced",
        "names":{"kind":"Gadget","plural":"gadgets","singular":"gadget","listKind":"GadgetList"},
        "versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","properties":{
            "spec":{"type":"object","properties":{
                "closed":{"type":"object","properties":{"size":{"x-kubernetes-int-or-string":true},"color":{"type":"string"}}},
                "open":{"type":"object","x-kubernetes-preserve-unknown-fields":true,
                    "properties":{"inner":{"type":"object","properties":{"a":{"type":"integer"}}}}},
                "each":{"type":"object","additionalProperties":{
                    "type":"object","properties":{"size":{"type":"integer"}}}}}}}}}}]}}"#;
