//! Takes a URL apart.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type, from_node};
use crate::value::Node;
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "url",
    name: "parse",
    form: Form::Namespaced,
    summary: "Takes an absolute URL apart.",
    details: "The port is the scheme's own where none is written. Parts stay percent-encoded; `url::decode_query(query)` reads the query.",
    params: &[Param { name: "url", kind: Type::Text, text: "The URL.", default: None }],
    options: &[],
    returns: Returns {
        kind: Type::Object,
        text: "A map of `scheme`, `username`, `password`, `host`, `port`, `path`, `query` and `fragment`; `()` for what is absent.",
    },
    errors: &[codes::DECODE],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "An image registry",
            source: r#"url::parse("https://reg.example.com/v2/app?n=5")"#,
            result: Expect::Json(
                r#"{"scheme":"https","username":null,"password":null,"host":"reg.example.com","port":443,"path":"/v2/app","query":"n=5","fragment":null}"#,
            ),
        },
        Example { title: "Not absolute", source: r#"url::parse("/v2/app")"#, result: Expect::Error(codes::DECODE) },
    ],
    run: |call| parse(call),
};

fn parse(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let url = super::url(&call.text(0)?)?;
    let user = Some(url.username()).filter(|user| !user.is_empty());
    Ok(from_node(&Node::from([
        ("scheme", Node::from(url.scheme())),
        ("username", user.into()),
        ("password", url.password().into()),
        ("host", url.host_str().into()),
        ("port", url.port_or_known_default().map(|port| Node::from(i64::from(port))).into()),
        ("path", url.path().into()),
        ("query", url.query().into()),
        ("fragment", url.fragment().into()),
    ])))
}
