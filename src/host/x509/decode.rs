//! Reads a certificate.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type, from_node};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "x509",
    name: "decode",
    form: Form::Namespaced,
    summary: "Reads the first certificate of a PEM text: of a chain, the one of the server itself.",
    details: "`names` are the alternative names: DNS names, addresses, mail addresses and URIs. Times are in RFC 3339. `x509::decode_all` reads a whole chain. Nothing is verified.",
    params: &[Param {
        name: "pem",
        kind: Type::Bytes,
        text: "The certificate in PEM form, as in `tls.crt`.",
        default: None,
    }],
    options: &[],
    returns: Returns {
        kind: Type::Object,
        text: "A map of `subject`, `issuer`, `serial`, `names`, `not_before`, `not_after`, `is_ca` and `fingerprint_sha256`.",
    },
    errors: &[codes::DECODE],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "Who it is for",
            source: concat!("x509::decode(`", include_str!("example.pem"), "`).names"),
            result: Expect::Json(r#"["shop.example.com","10.0.0.7"]"#),
        },
        Example {
            title: "When it ends",
            source: concat!("x509::decode(`", include_str!("example.pem"), "`).not_after"),
            result: Expect::Json(r#""2036-11-21T01:18:13Z""#),
        },
        Example {
            title: "Who issued it",
            source: concat!("x509::decode(`", include_str!("example.pem"), "`).issuer"),
            result: Expect::Json(r#""CN=shop.example.com, O=Example""#),
        },
        Example {
            title: "No certificate",
            source: r#"x509::decode("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")"#,
            result: Expect::Error(codes::DECODE),
        },
    ],
    run: |call| decode(call),
};

fn decode(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let pem = super::blocks(&call.bytes(0)?).next().ok_or_else(super::none)??;
    Ok(from_node(&super::described(&pem)?))
}
