//! `http::`: calls to anything that is not a cluster. Every status is an answer; redirects are answers too, because where
//! they lead may be none of the script's business.

mod answer;
mod delete;
mod get;
mod outgoing;
mod post;
mod put;
mod request;

use super::{Call, Opt, Param, Returns, Spec, Thrown, Type};
use crate::diag::Code;
use crate::diag::codes;
use ::http::Method;
use rhai::Dynamic;

/// All functions of `http::`.
pub(super) const FUNCTIONS: &[&Spec] = &[&delete::SPEC, &get::SPEC, &post::SPEC, &put::SPEC, &request::SPEC];

const URL: Param =
    Param { name: "url", kind: Type::Text, text: "The address, with `http://` or `https://`.", default: None };

const BODY: Param = Param {
    name: "body",
    kind: Type::Any,
    text: "What to send: a text or bytes as they are, an object or a list as JSON, `()` for nothing.",
    default: None,
};

const OPTIONS: &[Opt] = &[
    Opt {
        name: "headers",
        kind: Type::Object,
        text: "Headers to send, as texts.",
        default: "`content-type` by the kind of body, and `user-agent`",
    },
    Opt { name: "timeout", kind: Type::Duration, text: "How long the whole call may take.", default: "30s" },
    Opt {
        name: "limit",
        kind: Type::Integer,
        text: "The most bytes that the answer's body may have; a larger one is an error.",
        default: "16777216 (16 MiB)",
    },
    Opt {
        name: "bytes",
        kind: Type::Boolean,
        text: "Give the body as bytes, whatever it is, and do not read it as JSON.",
        default: "false",
    },
    Opt {
        name: "check",
        kind: Type::Boolean,
        text: "Whether a status of 400 and above is an error.",
        default: "false",
    },
];

const RETURNS: Returns = Returns {
    kind: Type::Object,
    text: "A map `#{ status, headers, body }`, with `json` where the answer says that it is JSON. The names of headers are \
           in lower case; one that came several times is joined by commas.",
};

const DETAILS: &str = "Every status is an answer, unless `check` is set. Redirects are not followed: their address is in \
                       `headers.location`. Nothing is sent twice: put `retry` around what may be repeated.";

const ERRORS: &[Code] =
    &[codes::HTTP, codes::ENCODING, codes::JSON, codes::DECODE, codes::INVALID_ARGUMENT, codes::DOOR_CLOSED];

/// Makes the call that the arguments say and waits for its answer.
fn call(call: &Call<'_, '_>, method: Method, url: &str, body: Option<&Dynamic>) -> Result<Dynamic, Thrown> {
    let request = outgoing::request(call, method, url, body)?;
    let title = outgoing::title(&request);
    let answer = call.wait(call.host().world.http(request))?;
    answer::value(call, &title, answer)
}
