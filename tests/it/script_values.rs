//! Values in scripts: what reading and changing them does to variables, constants and parts of both.

use rutter::diag::codes;
use rutter::session::{RunError, RunOptions, Script, Session};
use rutter::value::{Budget, Node, json, yaml};
use rutter::world::MemoryWorld;
use std::sync::Arc;
use std::time::{Duration, Instant};

async fn run_with(options: RunOptions, script: &str) -> Result<Node, RunError> {
    let session = Session::builder(Arc::new(MemoryWorld::new())).build();
    session.run(&Script::new("test.rhai", script), options).await.map(|outcome| outcome.value)
}

/// Runs a script with params of every shape.
async fn run(script: &str) -> Result<Node, RunError> {
    let params = yaml::read_one("{labels: {app: web}, hosts: [a, b]}", "params", &Budget::default()).unwrap();
    run_with(RunOptions::with_params(params.node().as_map().unwrap().clone()), script).await
}

async fn gives(script: &str, wanted: &str) {
    let wanted = json::read(wanted, "wanted", &Budget::default()).unwrap();
    assert_eq!(run(script).await.expect(script), wanted, "{script}");
}

async fn fails(script: &str, code: rutter::diag::Code) {
    assert_eq!(run(script).await.expect_err(script).diagnostic.code, code, "{script}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_of_a_constant_can_be_read_through_methods() {
    gives(r#"params.labels.get("app")"#, r#""web""#).await;
    gives(r#"params.hosts.map(|host| host + "1")"#, r#"["a1","b1"]"#).await;
    gives("params.hosts[0].len() + params.hosts.to_string().len()", "10").await;
    gives(r#"[params.labels.contains("app"), params.hosts.contains("b")]"#, "[true,true]").await;
    gives(r#"const MAP = #{ a: #{ b: 1 } }; MAP.a.get("b")"#, "1").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closure_may_name_what_its_method_is_called_on() {
    gives("params.hosts.filter(|host| params.hosts.contains(host)).len()", "2").await;
    gives("[1].map(|a| [2].map(|b| a + b + params.hosts.len()))", "[[5]]").await;
    gives("let params = #{ own: 1 }; [0].map(|at| params.own)", "[1]").await;
    fails("fn inside() { params.hosts } inside()", codes::UNKNOWN_VARIABLE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_constant_cannot_be_changed_through_methods() {
    for script in [
        r#"params.set("labels.app", "x")"#,
        r#"params.labels.set("app", "x")"#,
        r#"params.labels.remove("app")"#,
        "params.labels.merge(#{ app: 1 })",
        "params.hosts.push(1)",
        r#"let mine = params; mine.set("labels.app", "x")"#,
        "const MAP = #{ a: 1 }; MAP.merge(#{ a: 2 })",
    ] {
        fails(script, codes::CONSTANT).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_part_of_a_value_changes_the_variable() {
    gives(r#"let all = yaml::decode("[{a: {b: 1}}]"); all[0].a.set("b", 2); all"#, r#"[{"a":{"b":2}}]"#).await;
    gives(
        r#"let pod = yaml::decode("spec: {c: [{env: []}]}"); pod.spec.c[0].env.push(1); pod.spec.c"#,
        r#"[{"env":[1]}]"#,
    )
    .await;
    gives(r#"let map = #{ a: #{ b: 1 } }; map.a.merge(#{ b: (), c: 2 }); map"#, r#"{"a":{"c":2}}"#).await;
    gives(r#"let copy = params.to_map(); copy.set("labels.app", "x"); copy.labels.app"#, r#""x""#).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_copy_leaves_the_original() {
    gives(r#"let a = yaml::decode("x: {z: 1}"); let b = a; b.set("x.z", 2); [a.x.z, b.x.z]"#, "[1,2]").await;
    gives(r#"let a = yaml::decode("[1]"); let b = a; b.push(2); [a.len(), b.len()]"#, "[1,2]").await;
    gives(r#"let list = [3, 1, 2]; let sorted = list.sort_by("."); [list, sorted]"#, "[[3,1,2],[1,2,3]]").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_and_arrays_are_put_together_in_their_order() {
    let list = |text: &str| format!(r#"yaml::decode("{text}")"#);
    let (one, two, none) = (list("[1, {a: 2}]"), list("[3]"), list("[]"));
    for (left, right, wanted) in [
        (one.as_str(), two.as_str(), r#"[1,{"a":2},3]"#),
        (&one, "[3]", r#"[1,{"a":2},3]"#),
        ("[3]", &one, r#"[3,1,{"a":2}]"#),
        ("[[3]]", &two, "[[3],3]"),
        (&none, &two, "[3]"),
        (&two, &none, "[3]"),
        (&none, &none, "[]"),
        ("params.hosts", "params.hosts", r#"["a","b","a","b"]"#),
    ] {
        gives(&format!("{left} + {right}"), wanted).await;
        gives(&format!("let left = {left}; let sum = left + {right}; [left == {left}, sum.len()]"), &{
            let sum = json::read(wanted, "wanted", &Budget::default()).unwrap();
            format!("[true,{}]", sum.as_list().unwrap().len())
        })
        .await;
    }
    gives(&format!("let all = {one}; all += {two}; all += [4]; all.len()"), "4").await;
    gives(r#"let map = #{ a: yaml::decode("[1]") }; map.a += [2]; map"#, r#"{"a":[1,2]}"#).await;
    gives("([|n| n + 1] + yaml::decode(\"[5]\"))[0].call(1)", "2").await;
    for wrong in ["yaml::decode(\"[1]\") + 1", "1 + yaml::decode(\"[1]\")", "yaml::decode(\"[1]\") + #{}"] {
        fails(wrong, codes::SCRIPT_TYPE).await;
    }
    let doubled = r#"let all = yaml::decode("[1]"); for turn in 0..64 { all = all + all; } all.len()"#;
    fails(doubled, codes::DATA_TOO_LARGE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn both_kinds_of_lists_are_sorted_by_a_field() {
    for list in [r#"[#{ a: 2 }, #{ a: 1 }]"#, r#"yaml::decode("[{a: 2}, {a: 1}]")"#] {
        gives(&format!(r#"{list}.sort_by("a").map(|one| one.a)"#), "[1,2]").await;
    }
    let error = run("[2, 1].sort_by(|n| n)").await.unwrap_err().diagnostic;
    assert_eq!(error.message, "the closure of `sort` takes two items and says which comes first");
    assert_eq!(error.code, codes::WRONG_ARITY);
    assert!(error.hints[0].contains("`sort_by(\".\")`"), "{error:?}");
    let error = run(r#"yaml::decode("[2, 1]").sort_by(|n| n)"#).await.unwrap_err().diagnostic;
    assert_eq!(error.message, "`path` of `list.sort_by` must be a path, not a closure");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_variable_that_a_closure_shares_changes_for_both() {
    gives(r#"let seen = #{}; let note = |key| seen.set(key, true); note.call("a"); seen"#, r#"{"a":true}"#).await;
    gives("let all = []; [1, 2].map(|n| all.push(n * 2)); all", "[2,4]").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_map_keeps_what_no_document_can_hold() {
    gives(r#"let map = #{ add: |n| n + 1 }; map.set("a.b", 2); map.get("add").call(map.a.b)"#, "3").await;
    gives(r#"let map = #{ add: |n| n + 1, x: 1 }; map.merge(#{ x: 2 }); map.add.call(map.x)"#, "3").await;
    gives(r#"let map = #{ add: |n| n + 1, x: 1 }; map.remove("x"); map.keys()"#, r#"["add"]"#).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_that_cannot_be_set_changes_nothing() {
    gives(
        r#"let map = #{}; let code; try { map.set("a.b[1]", 1) } catch (err) { code = err.code; } [code, map]"#,
        r#"["E0413",{}]"#,
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_the_nearest_key_where_a_required_field_is_absent() {
    let error = run(r#"yaml::decode("spec: {replicas: 1}").require("spec.replica")"#).await.unwrap_err().diagnostic;
    assert_eq!(error.message, "spec.replica is absent; spec has: replicas");
    assert_eq!(error.hints, ["did you mean `replicas`?"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_put_into_itself_again_and_again_is_refused() {
    for step in [
        r#"value.set("a", value); value.set("b", value)"#,
        "value.a = [value, value, value, value]",
        r#"let next = yaml::decode("{}"); next.set("a", value); value = next"#,
    ] {
        let script = format!(r#"let value = yaml::decode("{{}}"); for turn in 0..100000 {{ {step}; }} value"#);
        fails(&script, codes::VALUE_BUDGET).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_in_quadratic_time_ends_with_the_run() {
    let script = r#"let text = text::repeat("A", 4000000); regex::find_all(text, ".*[^A-Z]|[A-Z]").len()"#;
    let started = Instant::now();
    let error = run_with(RunOptions::default().within(Some(Duration::from_millis(200))), script).await.unwrap_err();
    assert_eq!(error.diagnostic.code, codes::DEADLINE);
    assert!(started.elapsed() < Duration::from_secs(10), "took {:?}", started.elapsed());
}
