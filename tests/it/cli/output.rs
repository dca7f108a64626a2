//! stdout is data, stderr is talk; exit codes; colour; pipes that close.

use super::{document, finish, run, rutter};
use crate::support::temp::TempDir;
use std::io::{Read, Write};
use std::process::Stdio;
use std::time::Duration;

#[test]
fn a_result_goes_to_stdout_and_nothing_to_stderr() {
    for (script, text) in [
        ("1 + 1", "2\n"),
        ("\"text\"", "text\n"),
        ("()", ""),
        ("print(\"a\"); print(\"b\"); 3", "a\nb\n3\n"),
        ("#{ b: 1, a: [1, 2] }", "a:\n- 1\n- 2\nb: 1\n"),
        ("[#{ name: \"x\", size: 1 }, #{ name: \"longer\", size: 22 }]", "NAME     SIZE\nx        1\nlonger   22\n"),
    ] {
        let ran = run(&["run", "-e", script]);
        assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.as_str()), (0, text, ""), "{script}");
    }
}

#[test]
fn a_document_stands_alone_on_stdout() {
    let ran = run(&["run", "-o", "json", "-e", "print(\"talk\"); #{ a: [1, ()] }"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, "talk\n"));
    assert_eq!(document(&ran), serde_json::json!({ "a": [1, null] }));
    let ran = run(&["run", "-o", "json", "-e", "()"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "null\n"));
    let ran = run(&["run", "-o", "yaml", "-e", "print(\"talk\"); [\"on\", 1]"]);
    assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.as_str()), (0, "- \"on\"\n- 1\n", "talk\n"));
}

#[test]
fn every_failure_is_one_document_where_one_is_wanted() {
    let dir = TempDir::new();
    let header = "//! # T\n//! ```yaml\n//! apiVersion: rutter.dev/v1\n//! kind: Runbook\n//! name: t\n//! version: 1.0.0\n//! params: { type: object, required: [count], properties: { count: { type: integer, title: C } } }\n//! ```\nparams.count\n";
    let runbook = dir.file("t.rhai", header).display().to_string();
    for (args, code, exit) in [
        (vec!["run", "-o", "json", "-e", "nope"], "E0106", 1),
        (vec!["run", "-o", "json", "-e", "let ="], "E0101", 1),
        (vec!["run", "-o", "json", "-e", "fail(\"no\")"], "E0114", 1),
        (vec!["run", "-o", "json", "-e", "fail(\"no\", #{ blocked: true })"], "E0124", 3),
        (vec!["run", "-o", "json", "-e", "cluster.list(\"Pod\")"], "E0201", 1),
        (vec!["run", "-o", "json", "/nonexistent/x.rhai"], "E0123", 2),
        (vec!["run", "-o", "json", "-e", "1", "--nope"], "E0002", 2),
        (vec!["run", "--output=json"], "E0002", 2),
        (vec!["-ojson", "run", &runbook], "E0132", 2),
        (vec!["run", &runbook, "-o", "json", "--count", "x"], "E0133", 2),
        (vec!["run", &runbook, "-o", "json", "--cuont", "1"], "E0131", 2),
        (vec!["run", "-o", "json", "-e", "1", "--request-timeout", "soon"], "E0408", 1),
    ] {
        let ran = run(&args);
        let document = document(&ran);
        assert_eq!(document["error"]["code"], code, "{args:?}: {document}");
        assert_eq!(ran.code, exit, "{args:?}: {}", ran.stderr);
        assert!(ran.stderr.starts_with("error["), "{args:?}: {:?}", ran.stderr);
        assert!(!document["error"]["message"].as_str().unwrap().is_empty());
        // The same without a document: stdout stays empty.
        let plain: Vec<&str> =
            args.iter().copied().filter(|arg| !["-o", "json", "-ojson", "--output=json"].contains(arg)).collect();
        let ran = run(&plain);
        assert_eq!((ran.code, ran.stdout.as_str()), (exit, ""), "{plain:?}");
    }
}

#[test]
fn the_data_of_an_error_stands_in_its_document() {
    let details = |script: &str| document(&run(&["run", "-o", "json", "-e", script]))["error"]["details"].clone();
    let script = "fail(\"three are left\", #{ details: #{ left: [\"a\", 2] } })";
    assert_eq!(details(script), serde_json::json!({ "left": ["a", 2] }));
    assert_eq!(
        details(&format!("fn f() {{ {script} }} parallel([1], |x| f())")),
        serde_json::json!({ "left": ["a", 2] })
    );
    assert_eq!(details(&format!("try {{ {script} }} catch (err) {{ throw err; }}")), details(script));
    for script in ["fail(\"no\")", "nope", "throw #{ message: \"no\" }", "let ="] {
        let error = document(&run(&["run", "-o", "json", "-e", script]))["error"].clone();
        let names: Vec<&str> = error.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(names, ["code", "details", "hints", "labels", "message", "notes", "severity", "trace"], "{script}");
        assert!(error["details"].is_null(), "{script}: {error}");
    }
    let ran = run(&["run", "-o", "yaml", "-e", script]);
    assert!(ran.stdout.ends_with("details:\n    left:\n    - a\n    - 2\n"), "{}", ran.stdout);
}

#[test]
fn without_a_kubeconfig_the_message_says_how_to_start() {
    let ran = run(&["run", "-e", "cluster.list(\"Pod\")"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("error[E0201]: no cluster is configured"), "{}", ran.stderr);
    assert!(ran.stderr.contains("/nonexistent/.kube/config"), "{}", ran.stderr);
    assert!(ran.stderr.contains("= help: name one with --kubeconfig FILE"), "{}", ran.stderr);
    assert_eq!(run(&["run", "-e", "1"]).code, 0, "a script that uses no cluster needs none");
}

#[test]
fn colour_is_used_when_it_is_wanted() {
    let coloured = |args: &[&str], env: &[(&str, &str)]| {
        let child = rutter(args).envs(env.iter().copied()).spawn().unwrap();
        let ran = finish(child, Duration::from_secs(30));
        assert_ne!(ran.code, 0);
        assert!(!ran.stdout.contains('\u{1b}'));
        ran.stderr.contains('\u{1b}')
    };
    let error = ["run", "-e", "nope"];
    assert!(!coloured(&error, &[]), "a pipe is no terminal");
    assert!(coloured(&["run", "--color", "always", "-e", "nope"], &[]));
    assert!(coloured(&["--color=always", "run", "-e", "nope"], &[("NO_COLOR", "1")]), "the option is stronger");
    assert!(!coloured(&["run", "--color=never", "-e", "nope"], &[]));
    // The same where the command line itself is wrong.
    assert!(coloured(&["run", "--color=always", "--nope", "-e", "1"], &[]));
    assert!(!coloured(&["run", "--nope", "-e", "1"], &[]));
}

/// On a terminal colour is the default; `script` gives the process one.
#[test]
fn a_terminal_gets_colour_unless_it_says_no() {
    let on_terminal = |env: &str, args: &str| {
        let line = format!("{env} {} run {args} -e nope", env!("CARGO_BIN_EXE_rutter"));
        let output =
            std::process::Command::new("script").args(["-qec", &line, "/dev/null"]).stdin(Stdio::null()).output();
        output.ok().map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let Some(plain) = on_terminal("TERM=xterm", "") else { return };
    assert!(plain.contains("E0106"), "{plain:?}");
    assert!(plain.contains("\u{1b}["), "{plain:?}");
    for (env, args) in [("TERM=xterm NO_COLOR=1", ""), ("TERM=dumb", ""), ("TERM=xterm", "--color=never")] {
        let text = on_terminal(env, args).unwrap();
        assert!(text.contains("E0106") && !text.contains("\u{1b}["), "{env} {args}: {text:?}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_crash() {
    let mut child = rutter(&["run", "-e", "for i in 0..200000 { print(i); }"]).spawn().unwrap();
    let mut first = [0; 2];
    let mut stdout = child.stdout.take().unwrap();
    stdout.read_exact(&mut first).unwrap();
    drop(stdout);
    let ran = finish(child, Duration::from_secs(30));
    assert_eq!(&first, b"0\n");
    assert!(!ran.stderr.contains("panic"), "{}", ran.stderr);
    assert!(ran.code == 0 || ran.code == 141, "{} {}", ran.code, ran.stderr);

    let mut child = rutter(&["run", "-o", "json", "-e", "let a = []; a.pad(300000, 1); a"]).spawn().unwrap();
    drop(child.stdout.take());
    let ran = finish(child, Duration::from_secs(30));
    assert!(!ran.stderr.contains("panic") && ran.code == 0, "{} {}", ran.code, ran.stderr);
}

#[test]
fn a_script_can_come_from_standard_input() {
    let mut child = rutter(&["run", "-"]).stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"let x = 20;\nx * 2 + nope").unwrap();
    let ran = finish(child, Duration::from_secs(30));
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains(" --> stdin:2:9\n"), "{}", ran.stderr);
}

#[test]
fn control_characters_of_scripts_reach_no_terminal() {
    for script in
        ["print(\"\\x1b[2Jx\"); 1", "\"\\x1b[2Jx\"", "throw \"\\x1b[2Jx\"", "fail(\"\\x1b[2Jx\", #{ hint: \"\\x07\" })"]
    {
        let ran = run(&["run", "-e", script]);
        for text in [&ran.stdout, &ran.stderr] {
            assert!(!text.contains(['\u{1b}', '\u{7}']), "{script}: {text:?}");
        }
        assert!(format!("{}{}", ran.stdout, ran.stderr).contains("\\u{1b}[2Jx"), "{script}");
    }
}
