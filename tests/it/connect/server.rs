//! A TLS server that notes who asks and answers as a test tells it. Connections are kept alive.

use crate::support::fault_proxy::Head;
use crate::support::pki::{Authority, Issued};
use rustls::ServerConfig;
use rustls::server::WebPkiClientVerifier;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// What the server saw of a request.
#[derive(Clone, Debug, Default)]
pub(super) struct Request {
    pub(super) path: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
    /// The common name of the client's certificate.
    pub(super) client: Option<String>,
    /// Which of the server's connections it came on, counted from 1.
    pub(super) connection: usize,
}

impl Request {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// A status, headers (each with its line end) and a body.
pub(super) type Answer = (u16, String, String);

pub(super) fn ok(body: impl Into<String>) -> Answer {
    (200, String::new(), body.into())
}

pub(super) struct Server {
    pub(super) port: u16,
    pub(super) authority: Arc<Authority>,
    seen: Arc<Mutex<Vec<Request>>>,
}

type Answering = dyn Fn(&Request) -> Answer + Send + Sync;

impl Server {
    /// A server for `127.0.0.1` and `localhost` that answers so.
    pub(super) async fn start(answer: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Self {
        let authority = Authority::new();
        let issued = authority.server(&["127.0.0.1", "localhost"]);
        Self::with(authority, &issued, answer).await
    }

    /// A server with that certificate. It asks clients for one of the same authority, and takes those that have none.
    pub(super) async fn with(
        authority: Authority,
        issued: &Issued,
        answer: impl Fn(&Request) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut roots = rustls::RootCertStore::empty();
        roots.add(authority.der()).unwrap();
        let clients = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone());
        let tls = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_client_cert_verifier(clients.allow_unauthenticated().build().unwrap())
            .with_single_cert(issued.chain(), issued.private_key())
            .unwrap();
        Self::serve(authority, TlsAcceptor::from(Arc::new(tls)), answer).await
    }

    async fn serve(
        authority: Authority,
        tls: TlsAcceptor,
        answer: impl Fn(&Request) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (answer, noted): (Arc<Answering>, _) = (Arc::new(answer), seen.clone());
        tokio::spawn(async move {
            for connection in 1.. {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(accept(stream, tls.clone(), connection, answer.clone(), noted.clone()));
            }
        });
        Self { port, authority: Arc::new(authority), seen }
    }

    pub(super) fn url(&self) -> String {
        format!("https://127.0.0.1:{}", self.port)
    }

    pub(super) fn requests(&self) -> Vec<Request> {
        self.seen.lock().unwrap().clone()
    }

    pub(super) fn last(&self) -> Request {
        self.requests().pop().unwrap()
    }
}

async fn accept(
    stream: TcpStream,
    tls: TlsAcceptor,
    connection: usize,
    answer: Arc<Answering>,
    seen: Arc<Mutex<Vec<Request>>>,
) {
    let Ok(stream) = tls.accept(stream).await else { return };
    let client = stream.get_ref().1.peer_certificates().map(|chain| common_name(&chain[0]));
    talk(stream, client, connection, &*answer, &seen).await;
}

fn common_name(certificate: &[u8]) -> String {
    let (_, parsed) = x509_parser::parse_x509_certificate(certificate).unwrap();
    parsed.subject().iter_common_name().last().unwrap().as_str().unwrap().to_owned()
}

async fn talk(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    client: Option<String>,
    connection: usize,
    answer: &Answering,
    seen: &Mutex<Vec<Request>>,
) {
    while let Ok(Some(mut head)) = Head::read(&mut stream).await {
        let mut rest = vec![0; head.body_left];
        if stream.read_exact(&mut rest).await.is_err() {
            return;
        }
        head.rest.extend(rest);
        let request = Request {
            path: head.seen.path,
            headers: head.headers,
            body: head.rest,
            client: client.clone(),
            connection,
        };
        let (status, headers, body) = answer(&request);
        let is_last = request.header("connection") == Some("close");
        seen.lock().unwrap().push(request);
        let close = if is_last { "connection: close\r\n" } else { "" };
        let head = format!("HTTP/1.1 {status} Stub\r\n{headers}{close}content-length: {}\r\n\r\n", body.len());
        if stream.write_all(format!("{head}{body}").as_bytes()).await.is_err() {
            return;
        }
        if is_last {
            let _ = stream.shutdown().await;
            return;
        }
    }
}
