//! API servers that misbehave. Every call ends in bounded time with an error that names cluster, call and object.

use crate::support::fault_proxy::Head;
use crate::support::memory_server::MemoryServer;
use rutter::cluster::connect::{ConnectPolicy, Connection, Kubeconfig, Overrides, Risk};
use rutter::cluster::{Gateway, Target};
use rutter::diag::{Code, codes};
use rutter::object::Namespace;
use rutter::session::{RunOptions, Script, Session};
use rutter::world::SystemWorld;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};

type Done<'a> = Pin<Box<dyn Future<Output = io::Result<()>> + Send + 'a>>;
type Misbehave = dyn for<'a> Fn(&'a str, &'a mut Wire) -> Done<'a> + Send + Sync;

/// A connection, and how much went over all of them.
struct Wire {
    stream: TcpStream,
    sent: Arc<AtomicU64>,
}

impl Wire {
    async fn send(&mut self, bytes: impl AsRef<[u8]>) -> io::Result<()> {
        self.stream.write_all(bytes.as_ref()).await?;
        self.sent.fetch_add(bytes.as_ref().len() as u64, Ordering::Relaxed);
        self.stream.flush().await
    }

    async fn answer(&mut self, status: u16, headers: &str, body: &str) -> io::Result<()> {
        let head =
            format!("HTTP/1.1 {status} X\r\nconnection: close\r\n{headers}content-length: {}\r\n\r\n", body.len());
        self.send(head).await?;
        self.send(body).await
    }
}

/// A server that answers discovery as it should, and everything else as the test says.
struct Server {
    port: u16,
    lines: Arc<Mutex<Vec<String>>>,
    sent: Arc<AtomicU64>,
}

impl Server {
    async fn start(misbehave: impl for<'a> Fn(&'a str, &'a mut Wire) -> Done<'a> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (lines, sent) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicU64::new(0)));
        let server = Self { port, lines: lines.clone(), sent: sent.clone() };
        let misbehave: Arc<Misbehave> = Arc::new(misbehave);
        tokio::spawn(async move {
            loop {
                let Ok((stream, _)) = listener.accept().await else { return };
                let wire = Wire { stream, sent: sent.clone() };
                tokio::spawn(talk(wire, misbehave.clone(), lines.clone()));
            }
        });
        server
    }

    fn target(&self) -> Target {
        let config = format!(
            r#"{{"current-context":"prod","clusters":[{{"name":"prod","cluster":{{"server":"http://127.0.0.1:{}"}}}}],
            "users":[{{"name":"u","user":{{}}}}],"contexts":[{{"name":"prod","context":{{"cluster":"prod","user":"u"}}}}]}}"#,
            self.port
        );
        let kubeconfig = Kubeconfig::parse("/nowhere/config".as_ref(), &config).unwrap();
        let mut policy = ConnectPolicy::default();
        policy.plain_http = Risk::Accept;
        let connection = Connection::from_kubeconfig(&kubeconfig, &Overrides::default(), &policy).unwrap();
        let transport = connection.transport(Arc::new(SystemWorld::new())).unwrap();
        Target::new("prod", Namespace::parse("shop").unwrap(), transport)
    }

    /// Runs a script whose calls may take [`TIME`]; gives its diagnostic as text.
    async fn fails(&self, script: &str, allowed: &[Code]) -> String {
        let session = Session::builder(Arc::new(SystemWorld::new())).gateway(Gateway::to(self.target()));
        let session = session.request_timeout(TIME).build();
        let started = Instant::now();
        let result = session.run(&Script::new("server.rhai", script), RunOptions::default()).await;
        assert!(started.elapsed() < Duration::from_secs(8), "{script} took {:?}", started.elapsed());
        let error = result.map(|outcome| outcome.value).expect_err(script).diagnostic;
        assert!(allowed.contains(&error.code), "{script}: {error:?}");
        assert!(!error.labels.is_empty(), "{script}: {error:?}");
        assert!(error.message.len() < 4_000, "{script}: a message of {} bytes", error.message.len());
        format!("{}\n{}", error.message, error.notes.join("\n"))
    }

    fn lines(&self) -> Vec<String> {
        self.lines.lock().unwrap().clone()
    }
}

async fn talk(mut wire: Wire, misbehave: Arc<Misbehave>, lines: Arc<Mutex<Vec<String>>>) {
    let Ok(Some(head)) = Head::read(&mut wire.stream).await else { return };
    let done = match MemoryServer::with_kinds().known(&format!("{} {}", head.seen.method, head.seen.path)) {
        Some((status, body)) => wire.answer(status, "content-type: application/json\r\n", &body).await,
        None => {
            let line = format!("{} {}", head.seen.method, head.seen.path);
            lines.lock().unwrap().push(line.clone());
            misbehave(&line, &mut wire).await
        }
    };
    // The other side may be gone by now: that is what it should do.
    if done.is_ok() {
        let _ = wire.stream.shutdown().await;
    }
}

/// How long calls may take.
const TIME: Duration = Duration::from_millis(800);

const GET: &str = r#"cluster.get("Pod", "web")"#;
const LIST: &str = r#"cluster.list("Pod")"#;
const COUNT: &str = r#"cluster.stream("Pod").count()"#;
const APPLY: &str = r#"cluster.apply(#{ apiVersion: "v1", kind: "ConfigMap", metadata: #{ name: "web" }, data: #{} })"#;

/// What every error of a call says: which cluster, and which object or kind.
fn names_the_call(text: &str, script: &str) {
    assert!(text.contains("prod"), "{script}: no cluster in: {text}");
    let object = if script == LIST || script == COUNT { ["Pod", "pods"] } else { ["shop/web", "/web"] };
    assert!(object.iter().any(|word| text.contains(word)), "{script}: no object in: {text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_of_two_gigabytes_is_not_read() {
    let server = Server::start(|_, wire| {
        Box::pin(async move {
            wire.send(format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", 2_u64 << 30)).await?;
            let chunk = [b' '; 64 * 1024];
            loop {
                wire.send(chunk).await?;
            }
        })
    })
    .await;
    for script in [GET, APPLY] {
        let text = server.fails(script, &[codes::RESPONSE_TOO_LARGE]).await;
        names_the_call(&text, script);
    }
    assert!(server.sent.load(Ordering::Relaxed) < 64 << 20, "read {} bytes", server.sent.load(Ordering::Relaxed));
    for script in [LIST, COUNT] {
        let text = server.fails(script, &[codes::RESPONSE_TOO_LARGE, codes::MALFORMED_RESPONSE, codes::TIMEOUT]).await;
        names_the_call(&text, script);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_without_end_ends_at_the_deadline_or_at_the_cap() {
    let server = Server::start(|line, wire| {
        let is_list = line.contains("/pods?") || line.ends_with("/pods");
        Box::pin(async move {
            wire.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").await?;
            let (first, next) = match is_list {
                true => (
                    r#"{"kind":"PodList","apiVersion":"v1","metadata":{},"items":[{"metadata":{"name":"a"}}"#,
                    r#",{"metadata":{"name":"a"}}"#,
                ),
                false => (r#"{"kind":"Pod","metadata":{"name":"web"},"x":["#, "1,"),
            };
            wire.send(format!("{:x}\r\n{first}\r\n", first.len())).await?;
            let many = next.repeat(1_000);
            loop {
                wire.send(format!("{:x}\r\n{many}\r\n", many.len())).await?;
            }
        })
    })
    .await;
    for script in [GET, LIST, COUNT] {
        let text = server.fails(script, &[codes::RESPONSE_TOO_LARGE, codes::TIMEOUT]).await;
        names_the_call(&text, script);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_drips_ends_at_the_deadline() {
    let server = Server::start(|_, wire| {
        Box::pin(async move {
            wire.send("HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n{\"items\":[").await?;
            loop {
                tokio::time::sleep(Duration::from_millis(20)).await;
                wire.send(" ").await?;
            }
        })
    })
    .await;
    for script in [GET, LIST, COUNT] {
        let text = server.fails(script, &[codes::TIMEOUT]).await;
        names_the_call(&text, script);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_never_answers_is_named_at_the_deadline() {
    let server = Server::start(|_, _| Box::pin(std::future::pending())).await;
    for script in [GET, LIST, COUNT] {
        let started = Instant::now();
        let text = server.fails(script, &[codes::TIMEOUT]).await;
        names_the_call(&text, script);
        let elapsed = started.elapsed();
        assert!((750..3_000).contains(&elapsed.as_millis()), "{script}: {elapsed:?}");
    }
}

/// A write that was sent and never answered may have been done; a server-side apply may be repeated until the deadline.
#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_is_never_answered_says_so() {
    let server = Server::start(|_, _| Box::pin(std::future::pending())).await;
    for (script, allowed) in [
        (APPLY, [codes::TIMEOUT, codes::IN_DOUBT]),
        (r#"cluster.evict(#{ kind: "Pod", name: "web" })"#, [codes::IN_DOUBT, codes::IN_DOUBT]),
    ] {
        let text = server.fails(script, &allowed).await;
        names_the_call(&text, script);
    }
    let evictions = server.lines().iter().filter(|line| line.contains("eviction")).count();
    assert_eq!(evictions, 1, "an eviction is never repeated blindly: {:?}", server.lines());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_answer_is_refused() {
    let deep = format!(r#"{{"kind":"Pod","items":[{{"a":{}"#, "[".repeat(1_000_000));
    let bodies = [
        deep,
        "{".repeat(1_000_000),
        "<html>login</html>".to_owned(),
        String::new(),
        "null".to_owned(),
        "[]".to_owned(),
        "\"text\"".to_owned(),
        r#"{"kind":"Pod","kind":"Node","items":[]"#.to_owned(),
        r#"{"items":[{"metadata":{"name":"a"}},"#.to_owned(),
        r#"{"items":{}}"#.to_owned(),
        "{\"items\":[\u{0}]}".to_owned(),
    ];
    for body in bodies {
        let start: String = body.chars().take(40).collect();
        let body = Arc::new(body);
        let server = Server::start(move |_, wire| {
            let body = body.clone();
            Box::pin(async move { wire.answer(200, "content-type: application/json\r\n", &body).await })
        })
        .await;
        for script in [LIST, COUNT] {
            let text = server.fails(script, &[codes::MALFORMED_RESPONSE]).await;
            names_the_call(&text, script);
        }
        if !start.contains("\"items\":{}") {
            let text = server.fails(GET, &[codes::MALFORMED_RESPONSE]).await;
            names_the_call(&text, GET);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_http_is_refused() {
    for garbage in ["\u{16}\u{3}\u{1} no http\r\n\r\n", "", "HTTP/1.1 abc\r\n\r\n", "SSH-2.0-OpenSSH\r\n"] {
        let server = Server::start(move |_, wire| Box::pin(wire.send(garbage))).await;
        let text = server.fails(GET, &[codes::UNREACHABLE, codes::TIMEOUT, codes::MALFORMED_RESPONSE]).await;
        names_the_call(&text, GET);
        assert!((2..=7).contains(&server.lines().len()), "asked {} times", server.lines().len());
    }
    let server = Server::start(|_, wire| {
        Box::pin(async move {
            wire.send("HTTP/1.1 200 OK\r\n").await?;
            loop {
                wire.send("x-filler: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n".repeat(100)).await?;
            }
        })
    })
    .await;
    server.fails(GET, &[codes::UNREACHABLE, codes::TIMEOUT, codes::MALFORMED_RESPONSE]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_that_never_come_to_an_end_are_refused() {
    let page =
        r#"{"kind":"PodList","apiVersion":"v1","metadata":{"continue":"again"},"items":[{"metadata":{"name":"a"}}]}"#;
    let server = Server::start(move |_, wire| Box::pin(wire.answer(200, "", page))).await;
    for script in [LIST, COUNT] {
        let text = server.fails(script, &[codes::MALFORMED_RESPONSE]).await;
        names_the_call(&text, script);
        assert!(text.contains("continue"), "{text}");
    }
    assert!(server.lines().len() <= 6, "{:?}", server.lines());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_is_not_followed() {
    let elsewhere = Server::start(|_, wire| Box::pin(wire.answer(200, "", "{}"))).await;
    for status in [301, 302, 303, 307, 308] {
        let location = format!("location: http://127.0.0.1:{}/stolen\r\n", elsewhere.port);
        let server = Server::start(move |_, wire| {
            let location = location.clone();
            Box::pin(async move { wire.answer(status, &location, "").await })
        })
        .await;
        for script in [GET, LIST, APPLY] {
            let text = server.fails(script, &[codes::REDIRECT]).await;
            names_the_call(&text, script);
        }
    }
    assert_eq!(elsewhere.lines(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_cannot_make_a_run_wait_for_a_day() {
    for status in [429, 503] {
        let server = Server::start(move |_, wire| Box::pin(wire.answer(status, "retry-after: 100000\r\n", "{}"))).await;
        let started = Instant::now();
        let text = server.fails(GET, &[codes::TIMEOUT, codes::TOO_MANY_REQUESTS, codes::SERVER_ERROR]).await;
        names_the_call(&text, GET);
        assert!(text.contains(&status.to_string()) || text.contains("busy"), "no cause in: {text}");
        assert!(started.elapsed() < Duration::from_secs(4), "{:?}", started.elapsed());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_keep_what_the_server_says_and_escape_it() {
    let status = |code: u16, reason: &str| {
        format!(
            r#"{{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"{reason}","message":"no \u001b[31mway","code":{code}}}"#
        )
    };
    for (status, code, reason) in [
        (status(403, "Forbidden"), codes::FORBIDDEN, 403),
        (status(409, "Conflict"), codes::CONFLICT, 409),
        (status(422, "Invalid"), codes::INVALID, 422),
        (status(401, "Unauthorized"), codes::UNAUTHORIZED, 401),
    ] {
        let server = Server::start(move |_, wire| {
            let status = status.clone();
            Box::pin(async move { wire.answer(reason, "content-type: application/json\r\n", &status).await })
        })
        .await;
        let text = server.fails(APPLY, &[code]).await;
        names_the_call(&text, APPLY);
    }
}
