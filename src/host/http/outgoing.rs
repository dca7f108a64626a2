//! From a call's arguments to the request that leaves. What the headers and the body hold is in no message.

use crate::diag::{codes, printable};
use crate::host::{Call, Failure, to_node};
use crate::value::{Map, json};
use crate::world::HttpRequest;
use ::http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use ::http::{Method, Uri};
use bytes::Bytes;
use rhai::Dynamic;
use url::Url;

/// The most that an answer may have whatever the call says: it is kept in memory whole.
const MOST: u64 = 64 * 1024 * 1024;

/// The request, checked.
pub(super) fn request(
    call: &Call<'_, '_>,
    method: Method,
    url: &str,
    body: Option<&Dynamic>,
) -> Result<HttpRequest, Failure> {
    let mut request = HttpRequest::new(method, address(call, url)?);
    request.headers = headers(call)?;
    if let Some(body) = body.filter(|body| !body.is_unit()) {
        let (bytes, kind) = content(body)?;
        request.body = bytes;
        request.headers.entry(CONTENT_TYPE).or_insert(HeaderValue::from_static(kind));
    }
    let agent = concat!("rutter/", env!("CARGO_PKG_VERSION"));
    request.headers.entry(USER_AGENT).or_insert(HeaderValue::from_static(agent));
    if let Some(timeout) = call.duration_option("timeout")? {
        request.timeout = timeout;
    }
    if let Some(limit) = call.count_option("limit")? {
        if limit > MOST {
            return Err(call.invalid("option `limit`", &format!("it is more than {MOST} bytes"), None));
        }
        request.body_limit = usize::try_from(limit).unwrap_or(usize::MAX);
    }
    Ok(request)
}

/// A request in messages: its method, and its address without credentials and query, which may hold secrets.
pub(super) fn title(request: &HttpRequest) -> String {
    let url = &request.url;
    let port = url.port_u16().map(|port| format!(":{port}")).unwrap_or_default();
    let scheme = url.scheme_str().unwrap_or_default();
    printable(&format!("{} {scheme}://{}{port}{}", request.method, url.host().unwrap_or_default(), url.path()))
}

fn address(call: &Call<'_, '_>, text: &str) -> Result<Uri, Failure> {
    // The text may hold a password: only the reason is told.
    let unread = |why: String| {
        Failure::new(codes::DECODE, format!("the URL does not parse: {why}"))
            .hint("a URL begins with its scheme: `https://example.com/`")
    };
    let url = Url::parse(text).map_err(|error| unread(error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(call.invalid("`url`", &format!("its scheme is `{}`, not `http` or `https`", url.scheme()), None));
    }
    if !url.username().is_empty() || url.password().is_some() {
        let hint = r#"send them as a header: `authorization: "Basic " + base64::encode(user + ":" + password)`"#;
        return Err(call.invalid("`url`", "it holds credentials", Some(hint.to_owned())));
    }
    let mut url = url;
    url.set_fragment(None);
    url.as_str().parse().map_err(|error: ::http::uri::InvalidUri| unread(error.to_string()))
}

fn headers(call: &Call<'_, '_>) -> Result<HeaderMap, Failure> {
    let mut headers = HeaderMap::new();
    let given = call.option("headers").and_then(crate::value::Node::as_map);
    for (name, value) in given.into_iter().flat_map(Map::iter) {
        let shown = printable(name);
        let wrong = |why: &str| call.invalid(&format!("header `{shown}`"), why, None);
        let parsed = HeaderName::try_from(&**name).map_err(|_| wrong("no header can have that name"))?;
        let text = value.as_str().ok_or_else(|| wrong(&format!("it must be a text, not {}", value.description())))?;
        let mut value = HeaderValue::from_str(text).map_err(|_| wrong("it holds what no header can hold"))?;
        value.set_sensitive(true);
        if headers.insert(parsed, value).is_some() {
            return Err(wrong("it stands twice, in different spellings"));
        }
    }
    Ok(headers)
}

/// The bytes of a body, and what they are.
fn content(body: &Dynamic) -> Result<(Bytes, &'static str), Failure> {
    if let Ok(bytes) = body.as_blob_ref() {
        return Ok((Bytes::copy_from_slice(&bytes), "application/octet-stream"));
    }
    if let Ok(text) = body.as_immutable_string_ref() {
        return Ok((Bytes::copy_from_slice(text.as_bytes()), "text/plain; charset=utf-8"));
    }
    Ok((json::write(&to_node(body)?).into(), "application/json"))
}
