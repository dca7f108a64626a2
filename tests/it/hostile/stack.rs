//! Calls as deep as the limits allow, through every kind of statement at its deepest nesting: the stack must hold them, in
//! debug builds too. An overflow would end this process.

use super::{fails, run, session};
use rutter::diag::codes;
use rutter::script::Limits;
use rutter::session::RunOptions;

/// What stands before and after the inner part, once a level.
const SHAPES: &[(&str, &str, &str)] = &[
    ("(", "f(n)", ")"),
    ("1 + (", "f(n)", ")"),
    ("true && (", "f(n)", ")"),
    ("if true { ", "f(n)", " }"),
    ("switch 1 { 1 => ", "f(n)", " }"),
    ("try { ", "f(n);", " } catch (err) { throw err; }"),
    ("for i in 0..1 { ", "f(n);", " }"),
    ("while true { ", "f(n);", " }"),
    ("[", "f(n)", "]"),
    ("#{ a: ", "f(n)", " }"),
    ("same(", "f(n)", ")"),
    ("list[", "f(n)", "]"),
    ("list.get(", "f(n)", ")"),
    ("`${", "f(n)", "}`"),
    ("[1].filter(|x| ", "f(n)", ")"),
    ("[1].map(|x| ", "f(n)", ")"),
    ("[2, 1].sort(|x, y| ", "f(n)", ")"),
    ("step(\"a\", || ", "f(n)", ")"),
    ("retry(#{ attempts: 1 }, || ", "f(n)", ")"),
    ("parallel([1], |x| ", "f(n)", ", #{ at_once: 1 })"),
];

fn script((open, inner, close): (&str, &str, &str), levels: usize) -> String {
    let body = format!("{}{inner}{}", open.repeat(levels), close.repeat(levels));
    format!("fn same(x) {{ x }}\nfn f(n) {{ let list = [0]; {body} }}\nf(0)")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_deepest_calls_through_the_deepest_statements_fit_the_stack() {
    for shape in SHAPES {
        // The deepest nesting that parses, found from above.
        let mut levels = 64;
        loop {
            let error = run(&session(Limits::default()), RunOptions::default(), &script(*shape, levels)).await;
            let error = error.expect_err(shape.0).diagnostic;
            assert_eq!(error.code, codes::CALL_DEPTH, "{shape:?} {levels}: {error:?}");
            if error.message.contains("each other") {
                break;
            }
            levels -= 1;
        }
        assert!(levels >= 4, "{shape:?} can be nested {levels} times only");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_depth_of_calls_up_to_the_limit_is_reached() {
    let mut limits = Limits::default();
    let depth = limits.call_levels;
    let script = |n: usize| format!("fn f(n) {{ if n == 0 {{ 0 }} else {{ f(n - 1) }} }} f({n})");
    let value = run(&session(limits), RunOptions::default(), &script(depth - 2)).await.unwrap();
    assert_eq!(value.as_i64(), Some(0));
    fails(limits, &script(depth + 1), codes::CALL_DEPTH).await;

    // Twice the default still fits the thread's stack.
    limits.call_levels = 2 * depth;
    for shape in SHAPES {
        fails(limits, &self::script(*shape, 6), codes::CALL_DEPTH).await;
    }
}
