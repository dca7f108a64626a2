//! What a mistake looks like: code, place, source line, caret, call chain, hint. The whole text, as a user sees it.

use super::{Ran, rutter};
use crate::support::temp::TempDir;
use std::time::Duration;

/// Runs scripts of a folder in that folder, so that messages name no other path.
fn run_in(dir: &TempDir, args: &[&str]) -> Ran {
    super::finish(rutter(args).current_dir(dir.join("")).spawn().unwrap(), Duration::from_secs(30))
}

#[track_caller]
fn shows(script: &str, wanted: &str) {
    let ran = super::run(&["run", "-e", script]);
    assert_eq!(ran.stderr, wanted.trim_start_matches('\n'), "{script}");
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{script}");
}

#[test]
fn a_typo_in_the_name_of_a_function() {
    shows(
        "yaml::decod(\"a: 1\")",
        r#"
error[E0102]: no function `yaml::decod`
 --> -e:1:7
  |
1 | yaml::decod("a: 1")
  |       ^
  = help: did you mean `yaml::decode`?
"#,
    );
    shows(
        "let list = [1];\nlist.fliter(|x| x > 1)",
        r#"
error[E0102]: no function `fliter`
 --> -e:2:6
  |
2 | list.fliter(|x| x > 1)
  |      ^
  = help: did you mean `filter`?
"#,
    );
    shows(
        "yml::decode(\"a: 1\")",
        r#"
error[E0108]: no module `yml`
 --> -e:1:1
  |
1 | yml::decode("a: 1")
  | ^
  = help: did you mean `yaml`?
"#,
    );
}

#[test]
fn a_wrong_number_of_arguments() {
    shows(
        "text::trim()",
        r#"
error[E0103]: `text::trim` takes 1 to 2 arguments, got 0
 --> -e:1:7
  |
1 | text::trim()
  |       ^
  = help: `text::trim(text, [characters])`
"#,
    );
    shows(
        "fn greet(name) { name }\ngreet(1, 2)",
        r#"
error[E0103]: `greet` takes 1 argument, got 2
 --> -e:2:1
  |
2 | greet(1, 2)
  | ^
"#,
    );
}

#[test]
fn a_wrong_type() {
    shows(
        "text::trim(1)",
        r#"
error[E0104]: `text` of `text::trim` must be a text, not an integer
 --> -e:1:7
  |
1 | text::trim(1)
  |       ^
"#,
    );
    shows(
        "let n = 1;\n\t\"é\" - n",
        r#"
error[E0119]: cannot apply `-` to a text and an integer
 --> -e:2:6
  |
2 |  "é" - n
  |      ^
"#,
    );
}

#[test]
fn an_unknown_option() {
    shows(
        "fail(\"x\", #{ hnt: \"a\" })",
        r#"
error[E0105]: `fail` has no option `hnt`
 --> -e:1:1
  |
1 | fail("x", #{ hnt: "a" })
  | ^
  = help: did you mean `hint`?
"#,
    );
    shows(
        "cluster.list(\"Pod\", #{ namespce: \"x\" })",
        r#"
error[E0105]: `cluster.list` has no option `namespce`
 --> -e:1:9
  |
1 | cluster.list("Pod", #{ namespce: "x" })
  |         ^
  = help: did you mean `namespace`?
"#,
    );
}

#[test]
fn an_unknown_variable_or_property() {
    shows(
        "clster.list(\"Pod\")",
        r#"
error[E0106]: no variable `clster`
 --> -e:1:1
  |
1 | clster.list("Pod")
  | ^
  = help: did you mean `cluster`?
"#,
    );
    shows(
        "fn f() { params.size }\nf()",
        r#"
error[E0106]: no variable `params`
 --> -e:1:10
  |
1 | fn f() { params.size }
  |          ^
  = called from `main` at -e:2:1
  = help: functions see no variables from outside: pass `params` as an argument
"#,
    );
    shows(
        "let c = cluster; c.nmae",
        r#"
error[E0107]: a cluster has no property `nmae`
 --> -e:1:20
  |
1 | let c = cluster; c.nmae
  |                    ^
  = help: did you mean `name`?
"#,
    );
}

#[test]
fn what_does_not_parse() {
    shows(
        "let x = ;",
        r#"
error[E0101]: unexpected ';'
 --> -e:1:9
  |
1 | let x = ;
  |         ^
"#,
    );
}

const HEADER: &str = "//! # Test\n//!\n//! ```yaml\n//! apiVersion: rutter.dev/v1\n//! kind: Runbook\n//! name: test\n//! version: 1.0.0\n//! params:\n//!   type: object\n//!   properties:\n//!     size: { type: integer, title: Size, default: 1 }\n//! ```\n";

#[test]
fn an_unknown_param_in_the_script_and_on_the_command_line() {
    let dir = TempDir::new();
    dir.file("test.rhai", format!("{HEADER}params.sise\n"));
    let ran = run_in(&dir, &["run", "test.rhai"]);
    assert_eq!(
        ran.stderr,
        "error[E0131]: no param `sise`\n  --> test.rhai:13:7\n   |\n13 | params.sise\n   |       ^\n  = help: did you mean `size`?\n"
    );
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "the script is wrong, not the command line");
    let caught = "try { params.sise; } catch (err) { throw err; }";
    assert_eq!(super::run(&["run", "-e", caught]).code, 1);
    let ran = run_in(&dir, &["run", "test.rhai", "--sise", "3"]);
    assert_eq!(ran.stderr, "error[E0131]: test has no param or option `--sise`\n  = help: did you mean `--size`?\n");
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    let ran = run_in(&dir, &["run", "test.rhai", "--size", "many"]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stderr.starts_with("error[E0133]: "), "{}", ran.stderr);
}

#[test]
fn the_chain_of_calls_leads_through_modules_and_closures() {
    let dir = TempDir::new();
    dir.file("main.rhai", "import \"./lib\" as lib;\n\nfn outer(list) {\n    lib::check(list)\n}\n\nouter([1, 2])\n");
    dir.file(
        "lib.rhai",
        "import \"./inner\" as inner;\n\nfn check(list) {\n    list.filter(|item| inner::is_good(item))\n}\n",
    );
    dir.file("inner.rhai", "fn is_good(item) {\n    item.status.phase == \"Running\"\n}\n");
    let ran = run_in(&dir, &["run", "main.rhai"]);
    assert_eq!(
        ran.stderr,
        r#"error[E0107]: an integer has no property `status`
 --> inner.rhai:2:10
  |
2 |     item.status.phase == "Running"
  |          ^
  = called from a closure at lib.rhai:4:31
  = called from `check` at lib.rhai:4:10
  = called from `outer` at main.rhai:4:10
  = called from `main` at main.rhai:7:1
"#
    );
}

#[test]
fn a_failure_of_a_host_function_inside_a_closure() {
    shows(
        "let texts = [\"1\", \"x:\\n -\"];\ntexts.map(|text| yaml::decode(text).require(\"a\"))",
        r#"
error[E0104]: an integer has no method `require`
 --> -e:2:37
  |
2 | texts.map(|text| yaml::decode(text).require("a"))
  |                                     ^
  = called from `main` at -e:2:7
  = help: there is `object.require(path)`
"#,
    );
}
