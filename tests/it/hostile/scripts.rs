//! Scripts that never end, grow without bound, throw what they please, or ask for what does not exist.

use super::{fails, run, session, start};
use rutter::cluster::CancelToken;
use rutter::diag::{Code, codes};
use rutter::script::Limits;
use rutter::session::RunOptions;
use std::time::{Duration, Instant};

/// Loops that no error handling of their own can keep alive.
const ENDLESS: &[&str] = &[
    "loop {}",
    "loop { try { throw 1 } catch {} }",
    "loop { try { loop {} } catch {} }",
    "loop { try { fail(\"again\") } catch (err) { err.message; } }",
    "while true { if false { break; } }",
    "let last = 0; for i in 0..9223372036854775807 { last = i; }",
    "do {} while true",
    "[1].map(|x| { loop {} })",
    "[1, 2].filter(|x| { loop { try { throw x } catch {} } })",
    "parallel([1, 2, 3], |x| { loop {} })",
    "parallel([1, 2, 3], |x| { loop {} }, #{ fail_fast: false })",
    "parallel([1, 2], |x| { try { loop {} } catch {} loop {} }, #{ fail_fast: false })",
    "[3, 1, 2].sort(|a, b| { loop {} })",
    "step(\"for ever\", || { loop {} })",
    "fn f() { try { loop {} } catch {} f() } f()",
    "let all = #{}; all.again = || { loop {} }; all.again.call()",
];

/// What waits instead of working: no operation is counted meanwhile.
const WAITING: &[&str] = &[
    "sleep(1e9)",
    "sleep(1000000000)",
    "sleep(\"1000h\")",
    "loop { try { sleep(1000) } catch {} }",
    "parallel([1, 2, 3], |x| sleep(1000))",
    "retry(#{ attempts: 1000000, backoff: \"1h\" }, || fail(\"never\"))",
];

#[tokio::test(flavor = "multi_thread")]
async fn an_endless_script_ends_at_its_count_of_operations() {
    for script in ENDLESS {
        let mut limits = Limits::default();
        limits.operations = 20_000;
        let error = fails(limits, script, codes::SCRIPT_LIMIT).await;
        assert_eq!(error.diagnostic.labels.len(), 1, "{script}: {:?}", error.diagnostic);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endless_script_ends_at_the_deadline() {
    for script in ENDLESS.iter().chain(WAITING) {
        let options = RunOptions::default().within(Some(Duration::from_millis(50)));
        let started = Instant::now();
        let error = run(&session(Limits::default()), options, script).await.expect_err(script);
        assert_eq!(error.diagnostic.code, codes::DEADLINE, "{script}");
        assert!(started.elapsed() < Duration::from_secs(2), "{script}: {:?}", started.elapsed());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endless_script_ends_when_it_is_interrupted() {
    for script in ENDLESS.iter().chain(WAITING) {
        let cancel = CancelToken::new();
        let options = RunOptions::default().cancelled_by(cancel.clone());
        let session = session(Limits::default());
        let stop = async {
            tokio::time::sleep(Duration::from_millis(30)).await;
            cancel.cancel();
            Instant::now()
        };
        let (result, stopped) = tokio::join!(run(&session, options, script), stop);
        assert_eq!(result.expect_err(script).diagnostic.code, codes::INTERRUPTED, "{script}");
        assert!(stopped.elapsed() < Duration::from_secs(1), "{script}: {:?}", stopped.elapsed());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_grows_without_bound_is_refused() {
    for script in [
        r#"let s = "a"; loop { s += s; }"#,
        r#"let s = "a"; loop { s = `${s}${s}`; }"#,
        r#"let s = "a"; loop { s = s + s; }"#,
        r#"let s = ""; s.pad(1000000000, "xyz")"#,
        r#"let s = ""; s.pad(1000000000, 'x')"#,
        r#"text::pad_start("", 1000000000)"#,
        r#"text::pad_end("", 1000000000, "x")"#,
        r#"text::repeat("xyz", 1000000000)"#,
        r#"let s = "aaaaaaaaaaaaaaaaaaaa"; for i in 0..20 { s.replace("a", "aaaaaaaaaa"); }"#,
        r#"let s = "aaaaaaaaaaaaaaaaaaaa"; for i in 0..20 { s.replace('a', "aaaaaaaaaa"); }"#,
        r#"let s = "aaaaaaaaaaaaaaaaaaaa"; for i in 0..20 { s = text::replace(s, "a", "aaaaaaaaaa"); }"#,
        r#"regex::replace(text::repeat("a", 1000), "a", text::repeat("b", 100000))"#,
        "let a = [0]; loop { a += a; }",
        "let a = []; loop { a.push(a); }",
        "let a = []; a.pad(1000000000, 1)",
        "let a = [1]; loop { a = a.flat_map(|x| [x, x]); }",
        "let m = #{}; loop { m = #{ a: m, b: m }; }",
        "let m = #{}; loop { m.a = m; m = #{ b: m }; m += #{ c: m }; }",
        "let b = blob(1000000000)",
        "let m = #{}; let i = 0; loop { m[`k${i}`] = i; i += 1; }",
        "let m = #{ a: #{} }; let i = 0; loop { m.a[`k${i}`] = text::repeat(\"x\", 1000) + i; i += 1; }",
        "fn grow() { let m = #{}; let i = 0; loop { m[`k${i}`] = i; i += 1; } } grow()",
        "let a = []; loop { a = [[[[[[[[a]]]]]]]]; }",
        "let a = #{}; loop { a = #{ b: [a] }; }",
    ] {
        let error = fails(Limits::default(), script, codes::DATA_TOO_LARGE).await;
        assert_eq!(error.diagnostic.labels.len(), 1, "{script}: {:?}", error.diagnostic);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_end_by_its_own_calls_ends_at_the_depth_of_calls() {
    for script in [
        "fn f(n) { f(n + 1) } f(0)",
        "fn f(n) { g(n) } fn g(n) { f(n) } f(0)",
        "let f = |g| g.call(g); f.call(f)",
        "fn f(n) { [1].map(|x| [1].filter(|y| [1].any(|z| f(n + 1)))) } f(0)",
        "fn f(n) { retry(#{ attempts: 1 }, || f(n)) } f(0)",
        "fn f(n) { step(\"deeper\", || f(n)) } f(0)",
        "fn f(n) { [2, 1].sort(|a, b| f(n)) } f(0)",
        "fn f(n) { [1, 2].order_by(|x, y| f(n)) } f(0)",
        "fn f(n) { [1].all(|x| f(n)) } f(0)",
        "fn f(n) { try { f(n) } catch (err) { throw err; } } f(0)",
    ] {
        let error = fails(Limits::default(), script, codes::CALL_DEPTH).await;
        assert_eq!(error.diagnostic.labels.len(), 1, "{script}: {:?}", error.diagnostic);
        assert!(error.diagnostic.trace.len() <= 300, "{script}: a chain of {}", error.diagnostic.trace.len());
    }
}

/// Each call starts threads, each of which calls again: the run's threads are counted together.
#[tokio::test(flavor = "multi_thread")]
async fn nested_parallel_calls_start_a_bounded_number_of_threads() {
    let before = threads();
    let cancel = CancelToken::new();
    let options = RunOptions::default().cancelled_by(cancel.clone()).within(Some(Duration::from_secs(2)));
    let session = session(Limits::default());
    let script = "fn f(n) { if n == 5 { sleep(1000); } parallel(1..=64, |x| f(n + 1), #{ at_once: 64 }) } f(0)";
    let script = script.replace("1..=64", "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]");
    let watch = async {
        let mut most = 0;
        for _ in 0..40 {
            tokio::time::sleep(Duration::from_millis(10)).await;
            most = most.max(threads());
        }
        cancel.cancel();
        most
    };
    let (result, most) = tokio::join!(run(&session, options, &script), watch);
    assert_eq!(result.unwrap_err().diagnostic.code, codes::INTERRUPTED);
    // Other tests of this process have threads of their own.
    assert!(most < before + 600, "{most} threads, {before} before");

    let script = "fn f(n) { if n == 6 { 1 } else { parallel([1, 2, 3], |x| f(n + 1)).sum() } } f(0)";
    let value = run(&session, RunOptions::default(), script).await.unwrap();
    assert_eq!(value.as_i64(), Some(729), "the work is done whole where no thread is left");
}

fn threads() -> usize {
    std::fs::read_dir("/proc/self/task").map_or(0, Iterator::count)
}

#[tokio::test(flavor = "multi_thread")]
async fn scripts_cannot_make_scripts_or_reach_past_their_doors() {
    for (script, code) in [
        ("eval(\"1\")", codes::SCRIPT_SYNTAX),
        ("let f = eval; f(\"1\")", codes::SCRIPT_SYNTAX),
        ("Fn(\"eval\").call(\"1\")", codes::RESERVED_NAME),
        ("timestamp()", codes::UNKNOWN_FUNCTION),
        ("open_file(\"/etc/passwd\")", codes::UNKNOWN_FUNCTION),
        ("sleep(-1)", codes::INVALID_ARGUMENT),
        ("sleep(0.0 / 0.0)", codes::INVALID_ARGUMENT),
        ("sleep(1e300)", codes::INVALID_ARGUMENT),
    ] {
        fails(Limits::default(), script, code).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closure_that_holds_itself_is_no_part_of_a_document() {
    for script in [
        "let m = #{}; m.f = || m; m",
        "let m = #{}; m.f = || m; json::encode(m)",
        "let m = #{}; m.f = || m; yaml::encode(m)",
        "let m = #{}; m.f = || m; m.to_json()",
        "let a = #{ b: [] }; let f = || a; a.b += f; a",
    ] {
        fails(Limits::default(), script, codes::UNREPRESENTABLE).await;
    }
    // Printing it ends.
    let script = "let m = #{}; m.f = || m; print(m); `${m}`.len() > 0";
    assert_eq!(run(&session(Limits::default()), RunOptions::default(), script).await.unwrap().as_bool(), Some(true));
}

/// The engine's own `sort` and `dedup` take an error of the closure for an answer, and panic at an order that is none.
#[tokio::test(flavor = "multi_thread")]
async fn an_error_in_a_comparison_is_not_swallowed() {
    for script in [
        "[2, 1].sort(|a, b| fail(\"no\"))",
        "[2, 1].sort(|a, b| { throw 1 })",
        "let a = [1, 1]; a.dedup(|x, y| fail(\"no\"))",
        "let seen = 0; let a = [3, 1, 2]; a.sort(|x, y| { seen += 1; if seen == 2 { fail(\"no\") } x - y })",
    ] {
        fails(Limits::default(), script, codes::FAILED).await;
    }
    for script in ["[2, 1].sort(|a, b| \"x\")", "[2, 1].sort(|a, b| ())", "[2, 1].order_by(|a, b| #{})"] {
        fails(Limits::default(), script, codes::WRONG_TYPE).await;
    }
    let gives =
        async |script: &str| run(&session(Limits::default()), RunOptions::default(), script).await.unwrap().to_string();
    assert_eq!(gives("let a = [3, 1, 2, 10, 5]; a.sort(|x, y| x - y); a").await, "[1,2,3,5,10]");
    assert_eq!(
        gives("let a = [3, 1, 2]; a.sort(|x, y| if x < y { 1 } else if x > y { -1 } else { 0 }); a").await,
        "[3,2,1]"
    );
    assert_eq!(
        gives("let a = [[1, 2], [0, 1], [1, 1], [0, 2]]; a.sort(|x, y| x[0] - y[0]); a").await,
        "[[0,1],[0,2],[1,2],[1,1]]"
    );
    assert_eq!(gives("let a = [3, 1, 2]; a.sort_by(|x, y| x < y); a").await, "[1,2,3]");
    assert_eq!(gives("let a = [3, 1, 2]; [a.order(|x, y| y - x), a]").await, "[[3,2,1],[3,1,2]]");
    assert_eq!(gives("let a = [1, 1, 2, 2, 1]; a.dedup(|x, y| x == y); a").await, "[1,2,1]");
    assert_eq!(gives("let a = []; a.sort(|x, y| 1); a.dedup(|x, y| true); a").await, "[]");
    // No order at all: any result, but no crash.
    let script = "let n = 7; let a = []; a.pad(2000, 0); a.sort(|x, y| { n = n * 31 % 101; n % 3 - 1 }); a.len()";
    assert_eq!(gives(script).await, "2000");
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_thrown_becomes_an_error_with_a_place() {
    for (thrown, message) in [
        ("()", "the script threw `()`"),
        ("1", "the script threw 1"),
        ("#{}", "the script threw {}"),
        ("#{ message: \"no\" }", "no"),
        ("\"text\"", "text"),
        ("'x'", "x"),
        ("[1, [2]]", "the script threw [1,[2]]"),
        ("|| 1", "the script threw a value without a text"),
        ("cluster", "the script threw a value without a text"),
        ("blob(3)", "the script threw a value without a text"),
    ] {
        let error = fails(Limits::default(), &format!("throw {thrown}"), codes::FAILED).await;
        assert_eq!(error.diagnostic.message, message, "{thrown}");
        assert_eq!(error.diagnostic.labels.len(), 1, "{thrown}");
    }
    let error = fails(Limits::default(), "let a = []; a.pad(500000, 12345); throw a", codes::FAILED).await;
    assert!(error.diagnostic.message.len() < 2_000, "a message of {} bytes", error.diagnostic.message.len());
}

fn repeated(open: &str, inner: &str, close: &str, times: usize) -> String {
    format!("{}{inner}{}", open.repeat(times), close.repeat(times))
}

/// Shapes that parse recursively, each deeper than any stack.
#[tokio::test(flavor = "multi_thread")]
async fn deep_nesting_of_source_is_refused_before_it_is_run() {
    let shapes: &[(&str, &str, &str, usize)] = &[
        ("(", "1", ")", 60_000),
        ("[", "1", "]", 60_000),
        ("#{a:", "1", "}", 20_000),
        ("{", "1", "}", 60_000),
        ("if true {", "1", "}", 10_000),
        ("if true {1} else ", "{1}", "", 7_000),
        ("while true {", "", "}", 10_000),
        ("for a in ", "1 {}", "", 10_000),
        ("try {", "", "} catch {}", 6_000),
        ("switch 1 { _ => ", "1", "}", 7_000),
        ("|x| ", "1", "", 30_000),
        ("`${", "1", "}`", 20_000),
        ("f(", "", ")", 40_000),
        ("a.f(", "", ")", 20_000),
        ("!", "true", "", 120_000),
        ("1+", "1", "", 60_000),
        ("2**", "1", "", 40_000),
        ("1 ?? ", "1", "", 20_000),
        ("a", ".b", ".b", 40_000),
        ("[1]", "[0]", "[0]", 30_000),
    ];
    for (open, inner, close, times) in shapes {
        let script = match *open {
            "a" | "[1]" => format!("let a = #{{}}; {open}{}", inner.repeat(*times)),
            _ => repeated(open, inner, close, *times),
        };
        let error = fails(Limits::default(), &script, codes::CALL_DEPTH).await;
        assert!(!error.diagnostic.hints.is_empty(), "{open}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn long_flat_source_takes_time_in_proportion() {
    let many = |count: usize, item: &dyn Fn(usize) -> String| (0..count).map(item).collect::<String>();
    let works = [
        format!("switch 1 {{ {} }}", many(9_000, &|i| format!("{i}=>{i},"))),
        format!("switch 1 {{ {} }}", many(6_000, &|i| format!("{i} if true=>{i},"))),
        format!("switch 1 {{ {} }}", many(6_000, &|i| format!("{}..{}=>1,", 2 * i, 2 * i + 1))),
        format!("#{{ {} }}.len()", many(12_000, &|i| format!("a{i}:1,"))),
        format!("[{}].len()", many(60_000, &|_| "1,".to_owned())),
        many(30_000, &|_| "1;".to_owned()) + "1",
        format!("`{}`.len()", "x".repeat(120_000)),
    ];
    for script in works {
        let result = run(&session(Limits::default()), RunOptions::default(), &script).await;
        assert!(result.is_ok(), "{}: {:?}", start(&script), result.unwrap_err().diagnostic);
    }
    fails(Limits::default(), &many(9_000, &|i| format!("fn f{i}(){{}}")), codes::SCRIPT_SYNTAX).await;
    fails(Limits::default(), &many(9_000, &|i| format!("let a{i}=1;")), codes::SCRIPT_LIMIT).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_over_its_limit_is_refused() {
    let most = Limits::default().source_bytes;
    let just = format!("//{}\n1", "x".repeat(most - 4));
    assert_eq!(just.len(), most);
    assert!(run(&session(Limits::default()), RunOptions::default(), &just).await.is_ok());
    for script in [format!("{just} "), "1;".repeat(512 * 1024)] {
        let result = run(&session(Limits::default()), RunOptions::default(), &script).await;
        assert_eq!(result.unwrap_err().diagnostic.code, codes::SOURCE_TOO_LARGE);
    }
}

/// No text, however broken, may do more than fail with a code of scripts.
#[tokio::test(flavor = "multi_thread")]
async fn broken_source_is_an_error_of_syntax() {
    let expected: [Code; 4] =
        [codes::SCRIPT_SYNTAX, codes::RESERVED_NAME, codes::UNKNOWN_VARIABLE, codes::UNKNOWN_FUNCTION];
    for script in [
        "let x = ;",
        "fn (",
        "\u{0}",
        "\u{feff}let",
        "}",
        "\"open",
        "`open ${",
        "'ab'",
        "--1",
        "let let = 1",
        "let go = 1",
        "fn f(a, a) {}",
        "0x",
        "1e",
        "switch",
        "import",
        "export",
        "private",
        "fn f() { fn g() {} }",
        "break",
        "\u{202e}",
        "é",
        "#{a}",
        "a ? b : c",
        "let x = 1; x() = 2",
        "#!/bin/sh\nlet",
    ] {
        let result = run(&session(Limits::default()), RunOptions::default(), script).await;
        let diagnostic = result.expect_err(script).diagnostic;
        assert!(expected.contains(&diagnostic.code), "{script:?}: {diagnostic:?}");
        assert!(!diagnostic.labels.is_empty(), "{script:?}: {diagnostic:?}");
    }
}
