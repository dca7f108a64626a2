//! From an answer to what scripts see of it.

use crate::diag::codes;
use crate::host::{Call, Failure, Thrown, from_node};
use crate::value::{Budget, Map, Node, json};
use crate::world::HttpAnswer;
use ::http::HeaderMap;
use ::http::header::{CONTENT_TYPE, RETRY_AFTER};
use rhai::Dynamic;
use std::time::Duration;

/// The answer as a map. `title` names the call in messages.
pub(super) fn value(call: &Call<'_, '_>, title: &str, answer: HttpAnswer) -> Result<Dynamic, Thrown> {
    if call.flag("check") && answer.status.as_u16() >= 400 {
        return Err(refused(call, title, &answer).into());
    }
    let mut map = rhai::Map::new();
    map.insert("status".into(), i64::from(answer.status.as_u16()).into());
    map.insert("headers".into(), from_node(&headers(&answer.headers).into()));
    if call.flag("bytes") {
        map.insert("body".into(), Dynamic::from_blob(answer.body.into()));
        return Ok(Dynamic::from_map(map));
    }
    let text = std::str::from_utf8(&answer.body).map_err(|_| {
        Failure::new(codes::ENCODING, format!("{title}: the answer is not UTF-8 text"))
            .hint("the option `bytes: true` gives the body as bytes")
    })?;
    if text.len() > call.text_limit() {
        let most = call.text_limit();
        let why = format!("{title}: the answer is longer than a text may be, which is {most} bytes");
        return Err(Failure::new(codes::DATA_TOO_LARGE, why)
            .hint("the option `bytes: true` gives the body as bytes")
            .into());
    }
    if is_json(&answer.headers) {
        let name = format!("the answer to {title}");
        let decoded = if text.is_empty() { Node::Null } else { json::read(text, &name, &Budget::default())? };
        map.insert("json".into(), from_node(&decoded));
    }
    map.insert("body".into(), text.to_owned().into());
    Ok(Dynamic::from_map(map))
}

/// `application/json`, and whatever is built on it: `application/problem+json`.
fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || kind.ends_with("+json")
}

fn headers(headers: &HeaderMap) -> Map {
    let all = |name| headers.get_all(name).iter().map(|value| latin(value.as_bytes())).collect::<Vec<_>>().join(", ");
    headers.keys().map(|name| (name.as_str(), all(name))).collect()
}

/// Headers are ASCII; what is not is ISO 8859-1 by old custom, of which every byte is a character.
fn latin(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

fn refused(call: &Call<'_, '_>, title: &str, answer: &HttpAnswer) -> Failure {
    /// Enough for a reason, too little to fill a screen.
    const SHOWN: usize = 500;
    let mut failure = Failure::new(codes::HTTP, format!("{title}: status {}", answer.status));
    if let Ok(text) = std::str::from_utf8(&answer.body)
        && !text.trim().is_empty()
    {
        // Masked before it is cut: half a secret would not be found any more.
        let text = call.host().secrets.mask(text.trim());
        let start: String = text.chars().take(SHOWN).collect();
        let rest = if start.len() < text.len() { " …" } else { "" };
        failure = failure.note(format!("answer: {start}{rest}"));
    }
    let after = answer.headers.get(RETRY_AFTER).and_then(|after| after.to_str().ok()?.trim().parse().ok());
    failure.retry_after(after.map(Duration::from_secs))
}
