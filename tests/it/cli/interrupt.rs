//! Signals: whatever a script is doing, it ends in under 2 s, says what was done, and the exit code names the signal.

use super::{document, finish, kubeconfig, rutter, signal};
use crate::support::fault_proxy::Head;
use crate::support::memory_server::MemoryServer;
use crate::support::temp::TempDir;
use std::io::{BufRead, BufReader};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};
use tokio::io::AsyncWriteExt;

/// Starts a script, waits until it has printed `started`, sends the signal, and gives what came of it.
fn interrupted(args: &[&str], name: &str) -> (super::Ran, Duration) {
    interrupted_when(args, name, || std::thread::sleep(Duration::from_millis(100)))
}

/// The same, with something to wait for after `started`.
fn interrupted_when(args: &[&str], name: &str, ready: impl FnOnce()) -> (super::Ran, Duration) {
    let mut child = rutter(args).spawn().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    // Where stdout holds a document, what scripts print goes to stderr.
    let is_document = args.contains(&"json");
    if is_document { stderr.read_line(&mut line) } else { stdout.read_line(&mut line) }.unwrap();
    assert_eq!(line, "started\n");
    ready();
    let sent = Instant::now();
    signal(name, &child);
    let texts = (super::reader(Some(stdout)), super::reader(Some(stderr)));
    let mut ran = finish(child, Duration::from_secs(10));
    let took = sent.elapsed();
    (ran.stdout, ran.stderr) = (texts.0.join().unwrap(), texts.1.join().unwrap());
    (ran, took)
}

#[test]
fn an_interrupted_run_ends_at_once_and_says_what_was_done() {
    for script in [
        "print(\"started\"); loop {}",
        "print(\"started\"); loop { try { throw 1 } catch {} }",
        "print(\"started\"); sleep(1000)",
        "print(\"started\"); parallel([1, 2, 3], |x| loop { try { sleep(1000) } catch {} })",
        "print(\"started\"); retry(#{ attempts: 1000, backoff: \"1h\" }, || fail(\"never\"))",
    ] {
        let (ran, took) = interrupted(&["run", "-e", script], "INT");
        assert!(took < Duration::from_secs(2), "{script} took {took:?}");
        assert_eq!(ran.code, 130, "{script}: {}", ran.stderr);
        assert_eq!(ran.stderr, "interrupted: nothing was written\n", "{script}");
        assert_eq!(ran.stdout, "", "{script}");
    }
}

#[test]
fn the_exit_code_names_the_signal() {
    for (name, code) in [("INT", 130), ("TERM", 143), ("HUP", 129)] {
        let (ran, took) = interrupted(&["run", "-e", "print(\"started\"); sleep(1000)"], name);
        assert_eq!(ran.code, code, "{name}: {}", ran.stderr);
        assert!(took < Duration::from_secs(2), "{name} took {took:?}");
    }
    let (ran, _) = interrupted(&["run", "-o", "json", "-e", "print(\"started\"); sleep(1000)"], "INT");
    assert_eq!((ran.code, document(&ran)["error"]["code"].as_str()), (130, Some("E0003")));
}

/// Answers discovery and writes of what is called `done-…`. Anything else it leaves waiting, and says what.
async fn stalling_server() -> (String, Receiver<String>) {
    let (stalled, asked) = channel();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let kinds = MemoryServer::with_kinds();
        loop {
            let Ok((mut stream, _)) = listener.accept().await else { return };
            let (kinds, stalled) = (kinds.clone(), stalled.clone());
            tokio::spawn(async move {
                while let Ok(Some(head)) = Head::read(&mut stream).await {
                    let mut body = vec![0; head.body_left];
                    let _ = tokio::io::AsyncReadExt::read_exact(&mut stream, &mut body).await;
                    let answer = match kinds.known(&format!("{} {}", head.seen.method, head.seen.path)) {
                        Some((_, answer)) => answer,
                        None if head.seen.path.contains("/done-") => {
                            r#"{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"done","uid":"u","resourceVersion":"1"}}"#.to_owned()
                        }
                        None => {
                            let _ = stalled.send(head.seen.path.clone());
                            std::future::pending().await
                        }
                    };
                    let text = format!(
                        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{answer}",
                        answer.len()
                    );
                    if stream.write_all(text.as_bytes()).await.is_err() {
                        return;
                    }
                }
            });
        }
    });
    (format!("http://{address}"), asked)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_call_ends_and_the_account_names_writes_done_and_in_doubt() {
    let dir = TempDir::new();
    let (server, asked) = stalling_server().await;
    let config = kubeconfig(&dir, &server);
    let object = |name: &str| {
        format!(r#"cluster.apply(#{{ apiVersion: "v1", kind: "ConfigMap", metadata: #{{ name: "{name}" }} }});"#)
    };
    let read = format!("{} {} print(\"started\"); cluster.get(\"Pod\", \"web\")", object("done-1"), object("done-2"));
    let write = format!("{} print(\"started\"); {}", object("done-1"), object("lost"));
    let ran = tokio::task::spawn_blocking(move || {
        let args = |script| ["run", "--allow-insecure", "--kubeconfig", &config, "-e", script].map(str::to_owned);
        [(args(&read), "/pods/web"), (args(&write), "/configmaps/lost")].map(|(args, path)| {
            let wait = || while !asked.recv_timeout(Duration::from_secs(20)).unwrap().contains(path) {};
            interrupted_when(&args.each_ref().map(String::as_str), "INT", wait)
        })
    });
    let [(read, read_took), (write, write_took)] = ran.await.unwrap();
    assert!(read_took < Duration::from_secs(2) && write_took < Duration::from_secs(2), "{read_took:?} {write_took:?}");
    assert_eq!((read.code, write.code), (130, 130), "{} {}", read.stderr, write.stderr);
    assert_eq!(read.stderr, "interrupted: 2 apply\n");
    assert!(write.stderr.starts_with("interrupted: 1 apply; in doubt: apply"), "{}", write.stderr);
    assert!(write.stderr.contains("lost"), "{}", write.stderr);
}

/// Has one pod; begins to tell of it, and of its log, and never ends.
async fn telling_server() -> String {
    const POD: &str = r#"{"kind":"Pod","apiVersion":"v1","metadata":{"name":"web","namespace":"shop","uid":"u","resourceVersion":"7"},"status":{"phase":"Pending"}}"#;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let kinds = MemoryServer::with_kinds();
        while let Ok((mut stream, _)) = listener.accept().await {
            let kinds = kinds.clone();
            tokio::spawn(async move {
                while let Ok(Some(head)) = Head::read(&mut stream).await {
                    let line = format!("{} {}", head.seen.method, head.seen.path);
                    let is_endless = line.contains("watch=") || line.contains("/log");
                    let body = match kinds.known(&line) {
                        Some((_, answer)) => answer,
                        None if line.contains("/log") => "a line\n".to_owned(),
                        None if is_endless => String::new(),
                        None if line.contains("/pods/web") => POD.to_owned(),
                        None => format!(
                            r#"{{"kind":"PodList","apiVersion":"v1","metadata":{{"resourceVersion":"7"}},"items":[{POD}]}}"#
                        ),
                    };
                    let length = if is_endless { 1_000_000 } else { body.len() };
                    let text = format!(
                        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
                    );
                    if stream.write_all(text.as_bytes()).await.is_err() {
                        return;
                    }
                    if is_endless {
                        std::future::pending::<()>().await;
                    }
                }
            });
        }
    });
    format!("http://{address}")
}

/// Calls that follow something for as long as it is there; each says `started` when it has begun to.
const FOLLOWING: [&str; 4] = [
    r#"print("started"); cluster.wait("Pod/web", "ready", #{ timeout: "1h" })"#,
    r#"cluster.wait("Pod/web", |pod| { if pod != () { print("started"); } false }, #{ timeout: "1h" })"#,
    r#"cluster.watch("Pod", |event| { if event.type == "synced" { print("started"); } true })"#,
    r#"cluster.logs("Pod/web", |line| { print("started"); true }, #{ follow: true })"#,
];

#[tokio::test(flavor = "multi_thread")]
async fn whatever_follows_an_object_ends_at_once_when_it_is_interrupted() {
    let dir = TempDir::new();
    let config = kubeconfig(&dir, &telling_server().await);
    for script in FOLLOWING {
        let args = ["run", "-q", "--allow-insecure", "--kubeconfig", &config, "-e", script].map(str::to_owned);
        let ran = tokio::task::spawn_blocking(move || interrupted(&args.each_ref().map(String::as_str), "INT"));
        let (ran, took) = ran.await.unwrap();
        assert!(took < Duration::from_secs(2), "{script} took {took:?}");
        assert_eq!((ran.code, ran.stderr.as_str()), (130, "interrupted: nothing was written\n"), "{script}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_follows_an_object_ends_at_the_deadline_of_the_run() {
    let dir = TempDir::new();
    let config = kubeconfig(&dir, &telling_server().await);
    for script in FOLLOWING {
        let args = ["run", "-q", "--run-timeout", "1s", "--allow-insecure", "--kubeconfig", &config, "-e", script];
        let (child, started) = (rutter(&args).spawn().unwrap(), Instant::now());
        let ran = tokio::task::spawn_blocking(move || finish(child, Duration::from_secs(10))).await.unwrap();
        assert!(started.elapsed() < Duration::from_secs(3), "{script} took {:?}", started.elapsed());
        assert_eq!((ran.code, ran.stdout.as_str()), (1, "started\n"), "{script}: {}", ran.stderr);
        assert!(
            ran.stderr.starts_with("error[E0004]: the run reached its deadline\n --> -e:1:"),
            "{script}: {}",
            ran.stderr
        );
    }
}
