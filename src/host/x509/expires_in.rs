//! Seconds until a certificate expires.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "x509",
    name: "expires_in",
    form: Form::Namespaced,
    summary: "Counts the seconds until the first certificate of a PEM text expires.",
    details: "",
    params: &[Param {
        name: "pem",
        kind: Type::Bytes,
        text: "The certificate in PEM form, as in `tls.crt`.",
        default: None,
    }],
    options: &[],
    returns: Returns { kind: Type::Integer, text: "Whole seconds; negative where it has expired." },
    errors: &[codes::DECODE],
    effect: Effect::World,
    since: "0.1.0",
    examples: &[
        Example {
            title: "Not yet",
            source: concat!("x509::expires_in(`", include_str!("example.pem"), "`) > 0"),
            result: Expect::Json("true"),
        },
        Example { title: "No certificate", source: r#"x509::expires_in("")"#, result: Expect::Error(codes::DECODE) },
    ],
    run: |call| expires_in(call),
};

fn expires_in(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let pem = super::blocks(&call.bytes(0)?).next().ok_or_else(super::none)??;
    let certificate = super::certificate(&pem)?;
    let end = certificate.validity().not_after.timestamp();
    Ok(Dynamic::from_int(end.saturating_sub(call.host().world.now().as_second())))
}
