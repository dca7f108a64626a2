//! Puts a URL together.

use super::encode_query::encoded;
use crate::diag::codes;
use crate::diag::did_you_mean;
use crate::host::{Call, Effect, Example, Expect, Failure, Form, Param, Returns, Spec, Thrown, Type};
use crate::value::{Map, Node};
use rhai::Dynamic;
/// What a URL may be made of.
const PARTS: [&str; 8] = ["scheme", "username", "password", "host", "port", "path", "query", "fragment"];

pub(super) const SPEC: Spec = Spec {
    group: "url",
    name: "build",
    form: Form::Namespaced,
    summary: "Puts a URL together from its parts and encodes what must be encoded.",
    details: "Parts are those that `url::parse` gives; `query` may also be a map, as for `url::encode_query`.",
    params: &[Param {
        name: "parts",
        kind: Type::Object,
        text: "The parts; `scheme` and `host` are needed.",
        default: None,
    }],
    options: &[],
    returns: Returns { kind: Type::Text, text: "The URL." },
    errors: &[codes::DECODE, codes::INVALID_ARGUMENT],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "With a query",
            source: r#"url::build(#{ scheme: "https", host: "prom.example.com", path: "/api/v1/query", query: #{ query: "up == 0" } })"#,
            result: Expect::Json(r#""https://prom.example.com/api/v1/query?query=up+%3D%3D+0""#),
        },
        Example {
            title: "A port",
            source: r#"url::build(#{ scheme: "http", host: "web.shop.svc", port: 8080 })"#,
            result: Expect::Json(r#""http://web.shop.svc:8080/""#),
        },
        Example {
            title: "No host",
            source: r#"url::build(#{ scheme: "https" })"#,
            result: Expect::Error(codes::INVALID_ARGUMENT),
        },
        Example {
            title: "A part that no URL has",
            source: r#"url::build(#{ scheme: "https", host: "a", prot: 1 })"#,
            result: Expect::Error(codes::INVALID_ARGUMENT),
        },
    ],
    run: |call| build(call),
};

fn build(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let parts = call.node(0)?;
    let text = |key: &str| match parts.get(key) {
        None | Some(Node::Null) => Ok(None),
        Some(Node::Str(text)) => Ok(Some(text)),
        Some(other) => Err(wrong(call, &format!("`{key}` is {}, not a text", other.description()))),
    };
    for key in parts.as_map().into_iter().flat_map(Map::keys) {
        if !PARTS.contains(&&**key) {
            return Err(call.invalid("`parts`", &format!("a URL has no `{key}`"), did_you_mean(key, PARTS)).into());
        }
    }
    let (Some(scheme), Some(host)) = (text("scheme")?, text("host")?) else {
        return Err(wrong(call, "`scheme` and `host` are needed").into());
    };
    let mut url = super::url(&format!("{scheme}://{host}"))?;
    if url.host_str().is_none_or(|read| !read.eq_ignore_ascii_case(host)) || url.path().len() > 1 {
        return Err(wrong(call, &format!("`{host}` is no host")).into());
    }
    let settled = match parts.get("port") {
        None | Some(Node::Null) => Ok(()),
        Some(port) => {
            port.as_i64().and_then(|port| u16::try_from(port).ok()).ok_or(()).and_then(|port| url.set_port(Some(port)))
        }
    };
    settled.map_err(|()| wrong(call, "`port` is no port"))?;
    let users = url.set_username(text("username")?.map_or("", |user| user));
    users
        .and_then(|()| url.set_password(text("password").ok().flatten().map(|word| &**word)))
        .map_err(|()| wrong(call, &format!("a URL of `{scheme}` has no user")))?;
    url.set_path(text("path")?.map_or("", |path| path));
    url.set_fragment(text("fragment")?.map(|fragment| &**fragment));
    match parts.get("query") {
        None | Some(Node::Null) => {}
        Some(Node::Str(query)) => url.set_query(Some(query)),
        Some(query) => url.set_query(Some(&encoded(query)?)),
    }
    Ok(String::from(url).into())
}

fn wrong(call: &Call<'_, '_>, why: &str) -> Failure {
    call.invalid("`parts`", why, None)
}
