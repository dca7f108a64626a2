//! Scripts and the real world: programs that run, servers that answer.

use rutter::diag::codes;
use rutter::session::{RunError, RunOptions, Script, Session};
use rutter::value::Node;
use rutter::world::SystemWorld;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

async fn run(script: &str) -> Result<Node, RunError> {
    let session = Session::builder(Arc::new(SystemWorld::new())).build();
    session.run(&Script::new("test.rhai", script), RunOptions::default()).await.map(|outcome| outcome.value)
}

/// A server that answers every call with the head and body of the call itself, under that answer's head.
async fn echo(head: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut connection, _)) = listener.accept().await {
            let mut buffer = [0; 4096];
            let length = connection.read(&mut buffer).await.unwrap();
            let head = format!("{head}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n");
            connection.write_all(head.as_bytes()).await.unwrap();
            connection.write_all(&buffer[..length]).await.unwrap();
        }
    });
    address
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_gets_its_input_its_variables_and_its_folder() {
    let script = r#"process::run("sh", ["-c", "cat; echo $GREETING $PWD; echo no >&2; exit 3"],
        #{ stdin: "in ", env: #{ GREETING: "hello" }, cwd: "/" })"#;
    let ended = run(script).await.unwrap();
    assert_eq!(ended.int_at(&["status"]), Some(3));
    assert_eq!(ended.text_at(&["stdout"]), Some("in hello /\n"));
    assert_eq!(ended.text_at(&["stderr"]), Some("no\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checked_program_that_fails_shows_the_end_of_its_stderr() {
    let script = r#"process::run("sh", ["-c", "seq 1 9 >&2; exit 3"], #{ check: true })"#;
    let error = run(script).await.unwrap_err().diagnostic;
    assert_eq!((error.code, &*error.message), (codes::PROCESS, "sh ended with status 3"));
    assert_eq!(error.notes, ["stderr: 5\n6\n7\n8\n9"]);
    let error = run(r#"process::run("sleep", ["60"], #{ timeout: "100ms" })"#).await.unwrap_err().diagnostic;
    assert_eq!(error.code, codes::PROCESS);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_is_sent_as_what_it_is() {
    let address = echo("HTTP/1.1 200 OK").await;
    for (body, kind, sent) in [
        (r#"#{ a: [1] }"#, "application/json", r#"{"a":[1]}"#),
        (r#""text""#, "text/plain; charset=utf-8", "text"),
        (r#"base64::decode("YWJj")"#, "application/octet-stream", "abc"),
    ] {
        let answer = run(&format!(r#"http::post("{address}/x?q=1#part", {body}).body"#)).await.unwrap();
        let answer = answer.as_str().unwrap();
        assert!(answer.starts_with("POST /x?q=1 HTTP/1.1\r\n"), "{answer}");
        assert!(answer.contains(&format!("content-type: {kind}\r\n")), "{answer}");
        assert!(answer.contains("user-agent: rutter/") && answer.ends_with(&format!("\r\n\r\n{sent}")), "{answer}");
    }
    let script = format!(r#"http::get("{address}", #{{ headers: #{{ "User-Agent": "me", "X-A": "b" }} }}).body"#);
    let answer = run(&script).await.unwrap().to_string();
    assert!(answer.contains("user-agent: me") && answer.contains("x-a: b") && !answer.contains("rutter/"), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_says_that_it_is_json_is_read_as_json() {
    let address = echo("HTTP/1.1 200 OK\r\ncontent-type: application/problem+json; charset=utf-8").await;
    let error = run(&format!(r#"http::get("{address}/?token=geheim")"#)).await.unwrap_err().diagnostic;
    assert_eq!(error.code, codes::JSON);
    assert!(!format!("{error:?}").contains("geheim"), "{error:?}");
    let script =
        format!(r#"let answer = http::get("{address}", #{{ bytes: true }}); [answer.body.len() > 0, answer.json]"#);
    assert_eq!(run(&script).await.unwrap(), Node::list(vec![true.into(), Node::Null]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_status_is_an_error_only_where_it_is_checked() {
    let address = echo("HTTP/1.1 503 Service Unavailable\r\nretry-after: 7\r\nset-cookie: a\r\nset-cookie: b").await;
    let answer = run(&format!(r#"http::get("{address}").headers["set-cookie"]"#)).await.unwrap();
    assert_eq!(answer.as_str(), Some("a, b"));
    let script = format!(
        r#"let seen; try {{ http::delete("{address}/a", #{{ check: true }}) }} catch (err) {{ seen = [err.code, err.retry_after] }} seen"#
    );
    assert_eq!(run(&script).await.unwrap(), Node::list(vec!["E0502".into(), 7.into()]));
    let error = run(r#"http::get("http://127.0.0.1:1/", #{ timeout: "5s" })"#).await.unwrap_err().diagnostic;
    assert_eq!(error.code, codes::HTTP);
}

#[tokio::test(flavor = "multi_thread")]
async fn devices_and_pipes_are_no_files() {
    for script in [r#"file::read("/dev/zero")"#, r#"file::write("/dev/null", "x")"#] {
        let error = run(script).await.unwrap_err().diagnostic;
        assert_eq!(error.code, codes::FILE, "{script}");
        assert!(error.message.contains("no regular file"), "{script}: {}", error.message);
    }
}
