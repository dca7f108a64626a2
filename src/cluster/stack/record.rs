//! Writes to the journal what a mutating call is about to do and what became of it, and hands on the server's warnings.
//!
//! The intent is recorded before a byte is sent: a run that is killed in between shows a call without an outcome. Contents of
//! objects are never recorded.

use super::{Inner, info, settings};
use crate::cluster::AnswerBody;
use crate::cluster::context::{CallContext, Shape};
use crate::cluster::error::Error;
use crate::journal::{Event, Intent, Outcome};
use http::{HeaderMap, Request, Response};
use http_body_util::{BodyExt, Full};
use kube::client::Body;
use serde::Deserialize;
use tower::ServiceExt;

pub(super) fn record<S: Inner<Error>>(inner: S) -> impl Inner<Error> {
    tower::service_fn(move |request: Request<Body>| {
        let inner = inner.clone();
        async move {
            let call = settings(&request)?.clone();
            if !info(&request)?.is_mutating() {
                let answer = inner.oneshot(request).await?;
                warn(&call, answer.headers());
                return Ok(answer);
            }
            let id = call.run.next_call();
            call.run.record(Event::Intent(Intent {
                id,
                cluster: call.call.cluster.clone(),
                verb: call.call.verb.clone().into_owned(),
                object: call.call.object.clone(),
                path: request.uri().path().to_owned(),
                expects: call.expects.clone(),
            }));
            let answer = inner.oneshot(request).await;
            conclude(id, &call, answer).await
        }
    })
}

async fn conclude(
    id: u64,
    call: &CallContext,
    answer: Result<Response<AnswerBody>, Error>,
) -> Result<Response<AnswerBody>, Error> {
    let mut outcome = Outcome {
        id,
        cluster: call.call.cluster.clone(),
        status: None,
        uid: None,
        resource_version: None,
        latency: call.started.elapsed(),
        failure: None,
    };
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) => {
            outcome.failure = Some(error.to_string());
            call.run.record(Event::Done(outcome));
            return Err(error);
        }
    };
    warn(call, answer.headers());
    outcome.status = Some(answer.status().as_u16());
    let answer = if call.shape == Shape::Whole {
        // *retry* has read a whole answer to its end already; this takes it out of its box and puts it back.
        let (parts, body) = answer.into_parts();
        let bytes = body.collect().await.map_err(|error| Error::unbox(error, &call.call))?.to_bytes();
        if let Ok(Identified { metadata }) = serde_json::from_slice(&bytes) {
            outcome.uid = metadata.uid;
            outcome.resource_version = metadata.resource_version;
        }
        Response::from_parts(parts, Full::new(bytes).map_err(|never| match never {}).boxed_unsync())
    } else {
        answer
    };
    call.run.record(Event::Done(outcome));
    Ok(answer)
}

/// What the journal keeps of an object.
#[derive(Deserialize)]
struct Identified {
    metadata: Metadata,
}

#[derive(Deserialize)]
struct Metadata {
    uid: Option<String>,
    #[serde(rename = "resourceVersion")]
    resource_version: Option<String>,
}

fn warn(call: &CallContext, headers: &HeaderMap) {
    for header in headers.get_all(http::header::WARNING) {
        if let Some(text) = String::from_utf8_lossy(header.as_bytes()).strip_prefix("299 ").and_then(warning_text) {
            call.run.warn(&call.call.cluster, &text);
        }
    }
}

/// The text of `- "text"`, as in RFC 7234 §5.5; the server's only agent is `-`.
fn warning_text(rest: &str) -> Option<String> {
    let (_, quoted) = rest.split_once('"')?;
    let mut text = String::new();
    let mut letters = quoted.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => text.extend(letters.next()),
            '"' => return Some(text),
            other => text.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::warning_text;

    #[test]
    fn reads_the_text_of_a_warning_with_its_quotes() {
        assert_eq!(warning_text(r#"- "spec.x \"y\" is \\ gone" "date""#).as_deref(), Some(r#"spec.x "y" is \ gone"#));
        assert_eq!(warning_text("- no quotes"), None);
        assert_eq!(warning_text(r#"- "never ends"#), None);
    }
}
