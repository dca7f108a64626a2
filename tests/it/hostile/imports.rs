//! Imports that go in circles, leave the package, hide host functions or fail inside.

use rutter::diag::codes;
use rutter::script::Limits;
use rutter::session::{RunError, RunOptions, Script, Session};
use rutter::value::Node;
use rutter::world::MemoryWorld;
use std::sync::Arc;

fn session() -> Session {
    let world = MemoryWorld::new()
        .with_file("/pkg/lib/a.rhai", "import \"./b\" as b; fn twice(x) { b::add(x, x) }")
        .with_file("/pkg/lib/b.rhai", "fn add(x, y) { x + y }")
        .with_file("/pkg/circle/one.rhai", "import \"./two\" as two; fn f() { 1 }")
        .with_file("/pkg/circle/two.rhai", "import \"./one\" as one; fn f() { 1 }")
        .with_file("/pkg/circle/self.rhai", "import \"./self\" as me;")
        .with_file("/pkg/bad/syntax.rhai", "fn f() {\n  let x = ;\n}")
        .with_file("/pkg/bad/run.rhai", "let a = 1;\nnope + a;")
        .with_file("/pkg/bad/deep.rhai", "import \"./run\" as run;")
        .with_file("/pkg/bad/endless.rhai", "loop { try { throw 1 } catch {} }")
        .with_file("/pkg/bad/hides.rhai", "import \"../lib/b\" as yaml; fn f() { 1 }")
        .with_file("/pkg/bad/bytes.rhai", vec![0xff_u8, 0xfe, 0])
        .with_file("/pkg/bad/large.rhai", "1;".repeat(100_000))
        .with_file("/secret.rhai", "fn word() { \"secret\" }")
        .with_file("/pkgs/secret.rhai", "fn word() { \"secret\" }");
    let mut limits = Limits::default();
    limits.operations = 100_000;
    Session::builder(Arc::new(world)).limits(limits).build()
}

async fn run(text: &str) -> Result<Node, RunError> {
    let script = Script::new("/pkg/main.rhai", text).in_package("/pkg");
    session().run(&script, RunOptions::default()).await.map(|outcome| outcome.value)
}

#[tokio::test(flavor = "multi_thread")]
async fn modules_of_the_package_are_found_from_where_the_import_stands() {
    assert_eq!(run("import \"./lib/a\" as a; a::twice(3)").await.unwrap().as_i64(), Some(6));
    assert_eq!(run("import \"./lib/../lib/b.rhai\" as b; b::add(1, 2)").await.unwrap().as_i64(), Some(3));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_circle_is_refused_and_named() {
    let error = run("import \"./circle/one\" as one; one::f()").await.unwrap_err().diagnostic;
    assert_eq!(error.code, codes::MODULE_CYCLE);
    assert_eq!(
        error.message,
        "modules import each other: /pkg/circle/one.rhai → /pkg/circle/two.rhai → /pkg/circle/one.rhai"
    );
    assert_eq!(error.labels[0].span.file, "/pkg/circle/two.rhai");
    let error = run("import \"./circle/self\" as me;").await.unwrap_err().diagnostic;
    assert_eq!(error.code, codes::MODULE_CYCLE);
}

/// Two threads that load one module at the same time are no circle.
#[tokio::test(flavor = "multi_thread")]
async fn threads_of_a_run_can_import_the_same_module() {
    let text = "parallel([1, 2, 3, 4, 5, 6, 7, 8], |n| { import \"./lib/a\" as a; a::twice(n) }).sum()";
    for _ in 0..20 {
        assert_eq!(run(text).await.unwrap().as_i64(), Some(72));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_outside_of_the_package_is_read() {
    for import in ["../secret", "./../secret", "./lib/../../secret", "../pkgs/secret", "./lib/../../pkgs/secret"] {
        let error = run(&format!("import {import:?} as s; s::word()")).await.unwrap_err().diagnostic;
        assert_eq!(error.code, codes::MODULE_OUTSIDE, "{import}: {error:?}");
        assert!(!error.message.contains("word"), "{import}: {error:?}");
    }
    for import in ["/secret", "/pkg/lib/a", "file:///secret", "https://example.com/a", "lib/a", "~/secret", ""] {
        let error = run(&format!("import {import:?} as s; s::word()")).await.unwrap_err().diagnostic;
        assert_eq!(error.code, codes::MODULE_NOT_FOUND, "{import}: {error:?}");
    }
    let script = Script::new("-e", "import \"./lib/a\" as a;");
    let error = session().run(&script, RunOptions::default()).await.unwrap_err();
    assert_eq!(error.diagnostic.code, codes::MODULE_OUTSIDE, "a one-liner has no package");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_cannot_hide_host_functions() {
    for text in [
        "import \"./lib/b\" as json; json::encode(1)",
        "fn f() { import \"./lib/b\" as text; 1 } 2",
        "let f = || { import \"./lib/b\" as regex; 1 }; 2",
    ] {
        let error = run(text).await.expect_err(text).diagnostic;
        assert_eq!(error.code, codes::RESERVED_NAME, "{text}: {error:?}");
        assert_eq!(error.labels[0].span.file, "/pkg/main.rhai");
    }
    let error = run("import \"./bad/hides\" as x;").await.unwrap_err().diagnostic;
    assert_eq!((error.code, error.labels[0].span.file.as_str()), (codes::RESERVED_NAME, "/pkg/bad/hides.rhai"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_inside_a_module_points_into_its_text() {
    let place = |error: &RunError| {
        let span = &error.diagnostic.labels[0].span;
        (span.file.clone(), span.start.line, span.start.column)
    };
    let error = run("import \"./bad/syntax\" as x;").await.unwrap_err();
    assert_eq!(error.diagnostic.code, codes::SCRIPT_SYNTAX);
    assert_eq!(place(&error), ("/pkg/bad/syntax.rhai".to_owned(), 2, 11));

    let error = run("1;\n  import \"./bad/deep\" as x;").await.unwrap_err();
    assert_eq!(error.diagnostic.code, codes::UNKNOWN_VARIABLE);
    assert_eq!(place(&error), ("/pkg/bad/run.rhai".to_owned(), 2, 1));
    assert_eq!(error.diagnostic.trace, ["imported at /pkg/bad/deep.rhai:1:8", "imported at /pkg/main.rhai:2:10"]);
    assert!(error.sources.find("/pkg/bad/run.rhai").is_some(), "the text is there to be shown");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_module_that_cannot_be_loaded_says_why() {
    for (import, code) in [
        ("./nowhere", codes::MODULE_NOT_FOUND),
        ("std/nowhere", codes::MODULE_NOT_FOUND),
        ("./bad/bytes", codes::ENCODING),
        ("./bad/endless", codes::SCRIPT_LIMIT),
    ] {
        let error = run(&format!("import {import:?} as x;")).await.expect_err(import).diagnostic;
        assert_eq!(error.code, code, "{import}: {error:?}");
    }
    let error = run("import \"./bad/large\" as x;").await.unwrap_err().diagnostic;
    assert!([codes::SOURCE_TOO_LARGE, codes::MODULE_NOT_FOUND].contains(&error.code), "{error:?}");
}

/// Whoever lays out a package's folder decides what its links lead to; a script cannot make one.
#[tokio::test(flavor = "multi_thread")]
async fn a_link_inside_the_package_is_followed() {
    let dir = crate::support::temp::TempDir::new();
    dir.file("outside.rhai", "fn f() { 7 }");
    std::fs::create_dir(dir.join("pkg")).unwrap();
    std::os::unix::fs::symlink("../outside.rhai", dir.join("pkg").join("link.rhai")).unwrap();
    let session = Session::builder(Arc::new(rutter::world::SystemWorld::new())).build();
    let name = dir.join("pkg").join("main.rhai").display().to_string();
    let script = Script::new(name, "import \"./link\" as l; l::f()").in_package(dir.join("pkg"));
    assert_eq!(session.run(&script, RunOptions::default()).await.unwrap().value.as_i64(), Some(7));
}
