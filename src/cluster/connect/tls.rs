//! TLS as the kubeconfig wants it: whom to trust, as whom to appear, and what a failed handshake means.

use super::ConnectError;
use super::secret::{Material, Secret};
use super::settings::TlsSettings;
use crate::world::World;
use hyper_rustls::ConfigBuilderExt;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use std::sync::Arc;

/// All bytes that a TLS configuration is made of. When they change, so must the connections.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct TlsInputs {
    roots: Option<Vec<u8>>,
    identity: Option<Identity>,
}

#[derive(Clone, PartialEq, Eq)]
struct Identity {
    certificate: Vec<u8>,
    key: Vec<u8>,
    /// Where both stand, for errors.
    place: String,
}

impl TlsInputs {
    /// Reads what the settings name. A certificate that a plugin gave takes the place of the kubeconfig's.
    pub(super) fn load(
        world: &dyn World,
        settings: &TlsSettings,
        given: Option<&(Secret, Secret)>,
    ) -> Result<Self, ConnectError> {
        let roots = settings.roots.as_ref().map(|roots| roots.load(world, "the certificate authority")).transpose()?;
        let identity = match (given, &settings.identity) {
            (Some((certificate, key)), _) => Some(Identity {
                certificate: certificate.reveal().as_bytes().to_vec(),
                key: key.reveal().as_bytes().to_vec(),
                place: "given by the credential plugin".to_owned(),
            }),
            (None, Some(source)) => Some(Identity {
                certificate: source.certificate.load(world, "the client certificate")?,
                key: source.key.load(world, "the client key")?,
                place: source.certificate.place(),
            }),
            (None, None) => None,
        };
        Ok(Self { roots, identity })
    }
}

/// The configuration for new connections. It also holds their session tickets, which remember the client's certificate:
/// a changed certificate needs a new configuration.
pub(super) fn client_config(settings: &TlsSettings, inputs: &TlsInputs) -> Result<ClientConfig, ConnectError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider.clone()).with_safe_default_protocol_versions();
    let builder = builder.map_err(|error| unusable("TLS", &error.to_string()))?;
    let builder = if settings.skip_verify {
        builder.dangerous().with_custom_certificate_verifier(Arc::new(Unverified(provider)))
    } else if let Some(pem) = &inputs.roots {
        let place = settings.roots.as_ref().map(Material::place).unwrap_or_default();
        builder.with_root_certificates(roots(pem, &place)?)
    } else {
        builder
            .with_native_roots()
            .map_err(|error| unusable("the system's certificate authorities", &error.to_string()))?
    };
    match &inputs.identity {
        None => Ok(builder.with_no_client_auth()),
        Some(identity) => {
            let subject = format!("client certificate, {}", identity.place);
            let chain = certificates(&identity.certificate, &subject)?;
            let key = PrivateKeyDer::from_pem_slice(&identity.key)
                .map_err(|_| unusable(&subject, "its key is no PEM private key"))?;
            builder.with_client_auth_cert(chain, key).map_err(|error| match error {
                rustls::Error::InconsistentKeys(_) => unusable(&subject, "the key belongs to another certificate"),
                _ => unusable(&subject, "the certificate or its key is of an unsupported kind"),
            })
        }
    }
}

fn unusable(subject: &str, problem: &str) -> ConnectError {
    ConnectError::Tls { subject: subject.to_owned(), problem: problem.to_owned(), hint: None }
}

fn certificates(pem: &[u8], subject: &str) -> Result<Vec<CertificateDer<'static>>, ConnectError> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    match found {
        Ok(found) if !found.is_empty() => Ok(found),
        _ => Err(unusable(subject, "there is no PEM certificate")),
    }
}

fn roots(pem: &[u8], place: &str) -> Result<RootCertStore, ConnectError> {
    let subject = format!("certificate authority, {place}");
    let mut store = RootCertStore::empty();
    for certificate in certificates(pem, &subject)? {
        store.add(certificate).map_err(|_| unusable(&subject, "a certificate in it is malformed"))?;
    }
    Ok(store)
}

/// The name that the server's certificate must have.
pub(super) fn server_name(settings: &TlsSettings, host: &str) -> Result<ServerName<'static>, ConnectError> {
    let name = settings.server_name.as_deref().unwrap_or(host.trim_matches(['[', ']']));
    ServerName::try_from(name.to_owned())
        .map_err(|_| unusable(&format!("{name:?}"), "no certificate can have this name"))
}

/// What a failed handshake means, with advice.
pub(super) fn explain(server: &str, error: &std::io::Error) -> ConnectError {
    const AUTHORITY: &str = "does the kubeconfig's certificate-authority belong to this cluster?";
    const NAME: &str = "set tls-server-name in the kubeconfig's cluster if the address is right";
    const CLOCK: &str = "is this machine's clock right?";
    let server = server.to_owned();
    let (problem, hint) = match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        Some(rustls::Error::InvalidCertificate(problem)) => {
            let (problem, hint) = match problem {
                CertificateError::UnknownIssuer | CertificateError::BadSignature => {
                    ("the server's certificate is not signed by a trusted authority".to_owned(), Some(AUTHORITY))
                }
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                    ("the server's certificate is for another name".to_owned(), Some(NAME))
                }
                CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                    ("the server's certificate has expired".to_owned(), Some(CLOCK))
                }
                CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                    ("the server's certificate is not valid yet".to_owned(), Some(CLOCK))
                }
                other => (format!("the server's certificate is not valid: {other}"), None),
            };
            return ConnectError::Untrusted { server, problem, hint };
        }
        Some(rustls::Error::InvalidMessage(_)) => ("it does not speak TLS".to_owned(), Some("is the port right?")),
        Some(other) => (format!("the TLS handshake failed: {other}"), None),
        None => (format!("the TLS handshake failed: {error}"), None),
    };
    ConnectError::Tls { subject: server, problem, hint }
}

/// Takes any certificate; signatures are still checked, so that at least both ends use the same keys.
#[derive(Debug)]
struct Unverified(Arc<CryptoProvider>);

impl ServerCertVerifier for Unverified {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls12_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
