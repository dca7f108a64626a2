//! `x509::`: what certificates say. Nothing is verified here.

mod decode;
mod decode_all;
mod expires_in;

use super::Failure;
use super::Spec;
use crate::diag::codes;
use crate::value::Node;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use std::net::IpAddr;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::pem::Pem;
use x509_parser::time::ASN1Time;

/// All functions of `x509::`.
pub(super) const FUNCTIONS: &[&Spec] = &[&decode::SPEC, &decode_all::SPEC, &expires_in::SPEC];

/// The certificates of a PEM text; other blocks, keys above all, are passed over unread.
fn blocks(text: &[u8]) -> impl Iterator<Item = Result<Pem, Failure>> {
    Pem::iter_from_buffer(text)
        .map(|block| block.map_err(|error| malformed(&error)))
        .filter(|block| block.as_ref().map_or(true, |block| block.label == "CERTIFICATE"))
}

fn none() -> Failure {
    Failure::new(codes::DECODE, "there is no certificate in the text")
        .hint("a certificate begins with `-----BEGIN CERTIFICATE-----`; the values of a Secret are base64")
}

fn malformed(error: &dyn std::fmt::Display) -> Failure {
    Failure::new(codes::DECODE, format!("the certificate does not decode: {error}"))
}

fn certificate(pem: &Pem) -> Result<X509Certificate<'_>, Failure> {
    pem.parse_x509().map_err(|error| malformed(&error))
}

fn described(pem: &Pem) -> Result<Node, Failure> {
    let certificate = certificate(pem)?;
    let alternative = certificate.subject_alternative_name().map_err(|error| malformed(&error))?;
    let names = alternative.iter().flat_map(|names| &names.value.general_names).filter_map(name);
    let fingerprint: Vec<String> = Sha256::digest(&pem.contents).iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Node::from([
        ("subject", Node::from(certificate.subject().to_string())),
        ("issuer", certificate.issuer().to_string().into()),
        ("serial", certificate.raw_serial_as_string().into()),
        ("names", Node::list(names.collect())),
        ("not_before", time(certificate.validity().not_before)?),
        ("not_after", time(certificate.validity().not_after)?),
        ("is_ca", certificate.is_ca().into()),
        ("fingerprint_sha256", fingerprint.concat().into()),
    ]))
}

fn time(time: ASN1Time) -> Result<Node, Failure> {
    Timestamp::from_second(time.timestamp()).map(|time| time.to_string().into()).map_err(|error| malformed(&error))
}

/// An alternative name; `None` for the kinds that nothing in a cluster uses.
fn name(name: &GeneralName<'_>) -> Option<Node> {
    match name {
        GeneralName::DNSName(name) | GeneralName::RFC822Name(name) | GeneralName::URI(name) => Some((*name).into()),
        GeneralName::IPAddress(bytes) => address(bytes).map(|address| address.to_string().into()),
        _ => None,
    }
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    let four = <[u8; 4]>::try_from(bytes).map(IpAddr::from);
    four.or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from)).ok()
}
