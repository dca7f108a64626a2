//! Text from servers and scripts cannot move the cursor, change colours or forge lines of output.

use crate::support::memory_server::MemoryServer;
use rutter::cluster::Gateway;
use rutter::diag::{SourceMap, SourceText, Style, render};
use rutter::report::{self, Form};
use rutter::session::{RunOptions, Script, Session};
use rutter::value::{Budget, Node, json};
use rutter::world::MemoryWorld;
use std::sync::Arc;

/// Escape, bell, carriage return, delete, a C1 control, a right-to-left override, a line separator.
const EVIL: &str = "a\u{1b}[2J\u{7}\r\u{7f}\u{9b}31m\u{202e}\u{2028}\u{200f}z";

fn is_clean(text: &str) -> bool {
    text.chars().all(|c| {
        c == '\n'
            || (!c.is_control()
                && !matches!(c, '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
    })
}

#[test]
fn results_for_people_hold_no_control_characters() {
    let evil = Node::from(EVIL);
    let object = Node::from([
        ("kind", evil.clone()),
        ("metadata", Node::from([("name", evil.clone()), ("namespace", evil.clone())])),
    ]);
    let map = json::read(format!("{{{}: [1], \"b\": [2]}}", json::write(&evil)), "test", &Budget::default()).unwrap();
    let flat = json::read(format!("[{{{0}: {0}}}]", json::write(&evil)), "test", &Budget::default()).unwrap();
    for value in [evil.clone(), object.clone(), Node::list(vec![object]), map, flat, Node::list(vec![evil])] {
        let text = report::result(&value, Form::Text);
        assert!(text.contains('z'), "{text:?} has lost the value");
        assert!(is_clean(&text), "{text:?}");
    }
}

#[test]
fn documents_keep_the_characters_escaped() {
    let value = Node::from(EVIL);
    for form in [Form::Json, Form::Yaml] {
        let text = report::result(&value, form);
        assert!(!text.contains(['\u{1b}', '\u{7}', '\r', '\u{7f}', '\u{9b}']), "{form:?}: {text:?}");
        let back = match form {
            Form::Json => json::read(&text, "back", &Budget::default()).unwrap(),
            _ => rutter::value::yaml::read_one(&text, "back", &Budget::default()).unwrap().node().clone(),
        };
        assert_eq!(back, value, "{form:?}: {text:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_hold_no_control_characters() {
    let escaped = "a\\u001b[2J\\u0007\\r\\u007f\\u009b31m\\u202e\\u2028\\u200fz";
    let status =
        format!(r#"{{"kind":"Status","status":"Failure","reason":"Forbidden","message":"{escaped}","code":403}}"#);
    let server = MemoryServer::with_kinds().answering("GET /api/v1/namespaces/default/pods/web", 403, status);
    let session = Session::builder(Arc::new(MemoryWorld::new())).gateway(Gateway::to(server.target())).build();
    for script in [
        r#"cluster.get("Pod", "web")"#.to_owned(),
        format!("throw `{EVIL}`"),
        format!("let {EVIL} = 1"),
        format!("fail(`{EVIL}`, #{{ hint: `{EVIL}` }})"),
        format!("cluster.get(`{EVIL}`, `{EVIL}`)"),
        format!("#{{}}.require(`{EVIL}`)"),
        format!("yaml::decode(`a: {EVIL}: {EVIL}`)"),
        format!("no_function(`{EVIL}`)"),
        format!("`{EVIL}`; nope"),
        format!("import `{EVIL}` as x;"),
    ] {
        let error = match session.run(&Script::new(format!("{EVIL}.rhai"), script.clone()), RunOptions::default()).await
        {
            Ok(outcome) => panic!("{script:?} gave {}", outcome.value),
            Err(error) => error,
        };
        let text = render(&error.diagnostic, &error.sources, Style::Plain);
        assert!(is_clean(&text), "{script:?}: {text:?}");
    }
}

#[test]
fn an_excerpt_of_a_hostile_line_points_at_the_same_character() {
    let text = format!("let a = \"{EVIL}\"; nope");
    let column = u32::try_from(text.chars().count()).unwrap() - 3;
    let sources = SourceMap::default();
    sources.insert(SourceText::new("x.rhai", text));
    let diagnostic = rutter::diag::Diagnostic::error(rutter::diag::codes::UNKNOWN_VARIABLE, "no variable `nope`")
        .at(rutter::diag::Span::point("x.rhai", 1, column));
    let shown = render(&diagnostic, &sources, Style::Plain);
    assert!(is_clean(&shown), "{shown:?}");
    let lines: Vec<&str> = shown.lines().collect();
    let at = lines.iter().position(|line| line.starts_with("1 |")).unwrap();
    let caret = lines[at + 1].chars().position(|c| c == '^').unwrap();
    assert_eq!(lines[at].chars().skip(caret).collect::<String>(), "nope");
}
