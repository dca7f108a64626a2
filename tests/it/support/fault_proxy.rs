//! A proxy that does harm: it stands before an API server and, where a rule says so, delays, cuts, fakes or garbles.
//!
//! It ends TLS itself, with a certificate of its own that [`FaultProxy::kubeconfig`] trusts, and speaks to the server as
//! the user of the kubeconfig it was given. Each connection carries one request, so that rules see every one of them.

use super::pki::Authority;
use super::temp::TempDir;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use serde_json::{Value, json};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::server::TlsStream;
use tokio_rustls::{TlsAcceptor, TlsConnector};

/// What happens to a request.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// It reaches the server so much later.
    Latency(Duration),
    /// The connection is reset before the server sees the request.
    ResetUnsent,
    /// The server acts on it; the connection is reset after so many bytes of its answer, head included.
    ResetAfter(usize),
    /// The server acts on it; the answer ends after so many bytes, as if it were complete.
    Truncate(usize),
    /// The server never sees it, and nobody answers.
    BlackHole,
    /// The server acts on it, and its answer is lost: nothing more is ever sent.
    Swallow,
    /// The server never sees it; this is the answer.
    Answer { status: u16, headers: Vec<(&'static str, String)>, body: String },
    /// The server never sees it; the answer is JSON white space of so many bytes.
    Huge(u64),
    /// The server never sees it; the answer is a stream of events without end.
    Endless(&'static str),
    /// The server never sees it; the answer is no HTTP.
    Garbage,
}

/// Which requests a fault befalls. The first rule that fits is taken.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    /// This method only.
    pub(crate) method: Option<&'static str>,
    /// Paths, with their query, that contain this.
    pub(crate) path_contains: String,
    /// Only the nth request that fits, counted from 1; all of them if `None`.
    pub(crate) nth: Option<usize>,
    /// What happens.
    pub(crate) fault: Fault,
}

impl Rule {
    /// A rule for every request whose path contains this.
    pub(crate) fn on(path_contains: &str, fault: Fault) -> Self {
        Self { method: None, path_contains: path_contains.to_owned(), nth: None, fault }
    }

    pub(crate) fn method(self, method: &'static str) -> Self {
        Self { method: Some(method), ..self }
    }

    pub(crate) fn nth(self, nth: usize) -> Self {
        Self { nth: Some(nth), ..self }
    }
}

/// A request that reached the proxy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) method: String,
    /// Path and query.
    pub(crate) path: String,
}

/// A running proxy; it ends when dropped. Works with and without a runtime around it.
pub(crate) struct FaultProxy {
    dir: TempDir,
    state: Arc<State>,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

#[derive(Default)]
struct State {
    rules: Mutex<Vec<(Rule, usize)>>,
    seen: Mutex<Vec<Seen>>,
}

impl FaultProxy {
    /// Starts a proxy before the server of that kubeconfig's first cluster, acting as its first user.
    pub(crate) fn start(upstream_kubeconfig: &Path) -> Self {
        let upstream = Upstream::read(upstream_kubeconfig);
        let authority = Authority::new();
        let server = authority.server(&["127.0.0.1", "localhost"]);
        let tls = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(server.chain(), server.private_key())
            .unwrap();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let kubeconfig = json!({
            "apiVersion": "v1", "kind": "Config", "current-context": "fault-proxy",
            "clusters": [{"name": "fault-proxy", "cluster": {
                "server": format!("https://{address}"),
                "certificate-authority-data": STANDARD.encode(authority.pem()),
            }}],
            // The proxy ignores it, but without a credential kubectl asks for one.
            "users": [{"name": "fault-proxy", "user": {"token": "unused"}}],
            "contexts": [{"name": "fault-proxy", "context": {"cluster": "fault-proxy", "user": "fault-proxy"}}],
        });
        let dir = TempDir::new();
        dir.file("kubeconfig", kubeconfig.to_string());
        let state = Arc::new(State::default());
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let serving = serve(listener, TlsAcceptor::from(Arc::new(tls)), Arc::new(upstream), state.clone());
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                tokio::select! {
                    () = serving => {}
                    _ = stopped => {}
                }
            });
        });
        Self { dir, state, stop: Some(stop), thread: Some(thread) }
    }

    /// The path of a kubeconfig that leads through the proxy.
    pub(crate) fn kubeconfig(&self) -> PathBuf {
        self.dir.join("kubeconfig")
    }

    /// Adds a rule. Its count starts now.
    pub(crate) fn inject(&self, rule: Rule) {
        self.state.rules.lock().unwrap().push((rule, 0));
    }

    /// Takes all rules away.
    pub(crate) fn heal(&self) {
        self.state.rules.lock().unwrap().clear();
    }

    /// All requests so far, those that a fault befell included.
    pub(crate) fn requests(&self) -> Vec<Seen> {
        self.state.seen.lock().unwrap().clone()
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl State {
    fn fault_for(&self, seen: &Seen) -> Option<Fault> {
        self.seen.lock().unwrap().push(seen.clone());
        for (rule, count) in self.rules.lock().unwrap().iter_mut() {
            let fits =
                rule.method.is_none_or(|method| method == seen.method) && seen.path.contains(&rule.path_contains);
            if fits {
                *count += 1;
                if rule.nth.is_none_or(|nth| nth == *count) {
                    return Some(rule.fault.clone());
                }
            }
        }
        None
    }
}

/// The server behind the proxy.
struct Upstream {
    address: String,
    tls: Option<(TlsConnector, ServerName<'static>)>,
    token: Option<String>,
}

impl Upstream {
    fn read(kubeconfig: &Path) -> Self {
        let text = std::fs::read_to_string(kubeconfig).unwrap();
        let config: Value = serde_yaml::from_str(&text).unwrap();
        let (cluster, user) = (&config["clusters"][0]["cluster"], &config["users"][0]["user"]);
        let server: http::Uri = cluster["server"].as_str().unwrap().parse().unwrap();
        let address = format!("{}:{}", server.host().unwrap(), server.port_u16().unwrap());
        let token = user["token"].as_str().map(str::to_owned);
        if server.scheme_str() == Some("http") {
            return Self { address, tls: None, token };
        }
        let material = |entry: &Value, key: &str| match entry[format!("{key}-data")].as_str() {
            Some(data) => Some(STANDARD.decode(data).unwrap()),
            None => entry[key].as_str().map(|path| std::fs::read(kubeconfig.parent().unwrap().join(path)).unwrap()),
        };
        let mut roots = RootCertStore::empty();
        for root in CertificateDer::pem_slice_iter(&material(cluster, "certificate-authority").unwrap()) {
            roots.add(root.unwrap()).unwrap();
        }
        let tls = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots);
        let tls = match (material(user, "client-certificate"), material(user, "client-key")) {
            (Some(certificate), Some(key)) => {
                let chain = CertificateDer::pem_slice_iter(&certificate).map(Result::unwrap).collect();
                tls.with_client_auth_cert(chain, PrivateKeyDer::from_pem_slice(&key).unwrap()).unwrap()
            }
            _ => tls.with_no_client_auth(),
        };
        let name = ServerName::try_from(server.host().unwrap().to_owned()).unwrap();
        Self { address, tls: Some((TlsConnector::from(Arc::new(tls)), name)), token }
    }

    async fn connect(&self) -> io::Result<Box<dyn Duplex>> {
        let stream = TcpStream::connect(&self.address).await?;
        stream.set_nodelay(true)?;
        match &self.tls {
            None => Ok(Box::new(stream)),
            Some((connector, name)) => Ok(Box::new(connector.connect(name.clone(), stream).await?)),
        }
    }
}

trait Duplex: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Duplex for T {}

type Client = TlsStream<TcpStream>;

async fn serve(listener: std::net::TcpListener, tls: TlsAcceptor, upstream: Arc<Upstream>, state: Arc<State>) {
    let listener = TcpListener::from_std(listener).unwrap();
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        let (tls, upstream, state) = (tls.clone(), upstream.clone(), state.clone());
        tokio::spawn(async move {
            let _ = stream.set_nodelay(true);
            if let Ok(client) = tls.accept(stream).await {
                // A connection that breaks is what this proxy is for.
                let _ = one_request(client, &upstream, &state).await;
            }
        });
    }
}

async fn one_request(mut client: Client, upstream: &Upstream, state: &State) -> io::Result<()> {
    let Some(head) = Head::read(&mut client).await? else { return Ok(()) };
    match state.fault_for(&head.seen) {
        None => pass(client, upstream, &head).await,
        Some(Fault::Latency(time)) => {
            tokio::time::sleep(time).await;
            pass(client, upstream, &head).await
        }
        Some(Fault::ResetUnsent) => reset(&client),
        Some(Fault::ResetAfter(bytes)) => {
            answer_in_part(&mut client, upstream, &head, bytes).await?;
            reset(&client)
        }
        Some(Fault::Truncate(bytes)) => {
            answer_in_part(&mut client, upstream, &head, bytes).await?;
            client.shutdown().await
        }
        Some(Fault::BlackHole) => hang(&mut client).await,
        Some(Fault::Swallow) => {
            answer_in_part(&mut client, upstream, &head, 0).await?;
            hang(&mut client).await
        }
        Some(Fault::Answer { status, headers, body }) => {
            let mut text =
                format!("HTTP/1.1 {status} Fault\r\nconnection: close\r\ncontent-length: {}\r\n", body.len());
            if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
                text.push_str("content-type: application/json\r\n");
            }
            headers.iter().for_each(|(name, value)| text.push_str(&format!("{name}: {value}\r\n")));
            client.write_all(format!("{text}\r\n{body}").as_bytes()).await?;
            client.shutdown().await
        }
        Some(Fault::Huge(bytes)) => huge(&mut client, bytes).await,
        Some(Fault::Endless(event)) => {
            let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n";
            client.write_all(head.as_bytes()).await?;
            let events = event.repeat(1 + 4096 / event.len());
            loop {
                client.write_all(events.as_bytes()).await?;
                client.flush().await?;
                tokio::task::yield_now().await;
            }
        }
        Some(Fault::Garbage) => {
            client.write_all(b"\x16\x03\x01 this is no HTTP\r\n\r\n\0\0").await?;
            client.shutdown().await
        }
    }
}

/// Carries request and answer in both directions until one side is done.
async fn pass(mut client: Client, upstream: &Upstream, head: &Head) -> io::Result<()> {
    let mut server = upstream.connect().await?;
    server.write_all(&head.forwarded(upstream)).await?;
    server.flush().await?;
    tokio::io::copy_bidirectional(&mut client, &mut server).await?;
    Ok(())
}

/// Lets the server act on the whole request, and hands on only the first bytes of its answer.
async fn answer_in_part(client: &mut Client, upstream: &Upstream, head: &Head, bytes: usize) -> io::Result<()> {
    let mut server = upstream.connect().await?;
    server.write_all(&head.forwarded(upstream)).await?;
    let mut body = vec![0; head.body_left];
    client.read_exact(&mut body).await?;
    server.write_all(&body).await?;
    server.flush().await?;
    let mut left = bytes;
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let length = server.read(&mut buffer).await?;
        let part = length.min(left);
        client.write_all(&buffer[..part]).await?;
        client.flush().await?;
        left -= part;
        // With its first byte the answer is made; waiting for the end of a watch would take for ever.
        if left == 0 || length == 0 {
            return Ok(());
        }
    }
}

async fn huge(client: &mut Client, bytes: u64) -> io::Result<()> {
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {bytes}\r\n\r\n"
    );
    client.write_all(head.as_bytes()).await?;
    let chunk = [b' '; 64 * 1024];
    let mut left = bytes;
    while left > 0 {
        let part = left.min(chunk.len() as u64);
        client.write_all(&chunk[..part as usize]).await?;
        left -= part;
    }
    client.shutdown().await
}

/// Reads on so that the other side can write, and never answers.
async fn hang(client: &mut Client) -> io::Result<()> {
    tokio::io::copy(client, &mut tokio::io::sink()).await?;
    Ok(())
}

/// Makes the connection end with RST once it is dropped.
fn reset(client: &Client) -> io::Result<()> {
    client.get_ref().0.set_zero_linger()
}

/// The head of a request, and what of its body came with it.
pub(crate) struct Head {
    pub(crate) seen: Seen,
    /// Header lines, names as they came.
    pub(crate) headers: Vec<(String, String)>,
    /// The first part of the body.
    pub(crate) rest: Vec<u8>,
    /// How much of the body is still to be read, by its content-length.
    pub(crate) body_left: usize,
}

impl Head {
    /// Reads a request's head; `None` if the connection ends before one.
    pub(crate) async fn read(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<Self>> {
        let mut bytes = Vec::new();
        let mut buffer = [0; 8 * 1024];
        let end = loop {
            if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
                break end;
            }
            match stream.read(&mut buffer).await? {
                0 => return Ok(None),
                length => bytes.extend_from_slice(&buffer[..length]),
            }
        };
        let text = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let mut lines = text.split("\r\n");
        let mut first = lines.next().unwrap_or_default().split(' ');
        let seen = Seen {
            method: first.next().unwrap_or_default().to_owned(),
            path: first.next().unwrap_or_default().to_owned(),
        };
        let headers: Vec<(String, String)> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let rest = bytes[end + 4..].to_vec();
        let mut head = Self { seen, headers, rest, body_left: 0 };
        let length: usize = head.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        head.body_left = length.saturating_sub(head.rest.len());
        Ok(Some(head))
    }

    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The request as the server gets it: one per connection, and with the credential of the proxy's kubeconfig.
    fn forwarded(&self, upstream: &Upstream) -> Vec<u8> {
        let mut text = format!("{} {} HTTP/1.1\r\n", self.seen.method, self.seen.path);
        let is_upgrade = self.header("upgrade").is_some();
        for (name, value) in &self.headers {
            let is_ours = ["connection", "host", "authorization"].iter().any(|own| name.eq_ignore_ascii_case(own));
            if !is_ours || (is_upgrade && name.eq_ignore_ascii_case("connection")) {
                text.push_str(&format!("{name}: {value}\r\n"));
            }
        }
        if !is_upgrade {
            text.push_str("connection: close\r\n");
        }
        if let Some(token) = &upstream.token {
            text.push_str(&format!("authorization: Bearer {token}\r\n"));
        }
        text.push_str(&format!("host: {}\r\n\r\n", upstream.address));
        [text.as_bytes(), &self.rest].concat()
    }
}
