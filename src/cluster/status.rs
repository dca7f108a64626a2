//! An API server's own account of an error (`metav1.Status`), and what it means.
//!
//! The server tells many different things with one HTTP status: 409 is four errors, 403 three. They are told apart here,
//! by reason and causes first, and by the server's fixed phrases where it has nothing better.

use super::error::{Call, Error};
use crate::diag::{Code, codes};
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;

/// What an API server said about an error.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Status {
    /// The HTTP status.
    pub code: u16,
    /// The machine's word, as in `AlreadyExists`; may be empty.
    pub reason: String,
    /// The sentence for people.
    pub message: String,
    /// What it is about: the plural name of a resource; may be empty.
    pub kind: String,
    /// The name of the object it is about; may be empty.
    pub name: String,
    /// Single causes, field by field.
    pub causes: Vec<Cause>,
    /// When to try again.
    pub retry_after: Option<Duration>,
    /// Whether an earlier attempt at the same call may have been done: then this may be an answer to ourselves.
    pub(crate) is_repeated: bool,
}

/// One cause within a [`Status`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cause {
    /// The machine's word, as in `FieldValueInvalid`.
    pub reason: String,
    /// The sentence for people.
    pub message: String,
    /// The field, as in `spec.replicas`; may be empty.
    pub field: String,
}

/// What an error answer means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Problem {
    /// The call is not what the server expects.
    BadRequest,
    /// The server does not know who is asking.
    Unauthorized,
    /// The caller may not do this.
    Forbidden,
    /// A quota is used up.
    QuotaExceeded,
    /// The namespace is being deleted and takes no new objects.
    NamespaceTerminating,
    /// An admission webhook or policy denied it.
    Admission,
    /// The object does not exist.
    NotFound,
    /// The resource, or the path, does not exist.
    NoSuchResource,
    /// An object of that name exists.
    AlreadyExists,
    /// The object was changed meanwhile.
    Conflict,
    /// The object was replaced by another one of the same name.
    Replaced,
    /// Another field manager owns a field.
    FieldConflict,
    /// The object is not valid.
    Invalid,
    /// A list or watch is older than the server remembers.
    Expired,
    /// The server is busy.
    TooManyRequests,
    /// A disruption budget does not allow the eviction now.
    EvictionBlocked,
    /// The server does not support the call.
    Unsupported,
    /// An admission webhook could not be called.
    WebhookFailed,
    /// The server failed.
    ServerError,
}

impl Problem {
    pub(crate) fn code(self) -> Code {
        match self {
            Self::BadRequest => codes::BAD_REQUEST,
            Self::Unauthorized => codes::UNAUTHORIZED,
            Self::Forbidden | Self::QuotaExceeded | Self::NamespaceTerminating => codes::FORBIDDEN,
            Self::Admission => codes::ADMISSION,
            Self::NotFound => codes::NOT_FOUND,
            Self::NoSuchResource | Self::Unsupported => codes::UNSUPPORTED,
            Self::AlreadyExists => codes::ALREADY_EXISTS,
            Self::Conflict | Self::Replaced => codes::CONFLICT,
            Self::FieldConflict => codes::FIELD_CONFLICT,
            Self::Invalid => codes::INVALID,
            Self::Expired => codes::EXPIRED,
            Self::TooManyRequests => codes::TOO_MANY_REQUESTS,
            Self::EvictionBlocked => codes::EVICTION_BLOCKED,
            Self::WebhookFailed | Self::ServerError => codes::SERVER_ERROR,
        }
    }

    pub(crate) fn hint(self, call: &Call, status: &Status) -> Option<String> {
        Some(match self {
            Self::Unauthorized => "the credential has expired or is not of this cluster".to_owned(),
            Self::Forbidden => return status.can_i_hint(),
            Self::QuotaExceeded => "see `kubectl describe resourcequota` in that namespace".to_owned(),
            Self::NamespaceTerminating => "wait until the namespace is gone, then create it again".to_owned(),
            Self::FieldConflict => {
                "leave the field to its manager, or take it over with `force_conflicts: true`".to_owned()
            }
            Self::Conflict => format!("read {} again and repeat the change on what it is now", call.object),
            Self::Replaced => format!("{} was deleted and created anew; its uid is another one", call.object),
            Self::AlreadyExists => "`apply` creates or changes; `create` only creates".to_owned(),
            Self::WebhookFailed => {
                "an admission webhook does not answer: look at its service, or at `failurePolicy`".to_owned()
            }
            Self::EvictionBlocked => "`evict_all` waits for budgets; `on_blocked` says what happens then".to_owned(),
            Self::TooManyRequests => "the server sheds load; fewer calls at once would help".to_owned(),
            _ => return None,
        })
    }
}

/// How the server begins to say that it knows a field not, or twice.
const STRICT: &str = "strict decoding error: ";
/// A message with these words that is longer carries the object.
const LONGEST_STRICT: usize = 300;

/// The most of a message that is kept: a server can say more, nobody reads it.
const LONGEST_MESSAGE: usize = 4_000;

impl Status {
    /// The status in the body of an error answer. A body that holds none becomes a status with what there is.
    pub(crate) fn parse(code: u16, body: &[u8], retry_after: Option<Duration>) -> Self {
        let wire = serde_json::from_slice::<Wire>(body).ok().filter(|wire| wire.kind == "Status");
        let mut status = wire.map(Wire::into_status).unwrap_or_else(|| Self::from_text(code, body));
        status.code = code;
        status.retry_after = status.retry_after.or(retry_after);
        status.message = shorten(status.message);
        if status.message.is_empty() {
            status.message = format!("the server answered {}", http_phrase(code));
        }
        status
    }

    /// The `Status` in an ERROR event of a watch or in the error channel of a command.
    pub(crate) fn from_json(body: &[u8]) -> Option<Self> {
        let wire = serde_json::from_slice::<Wire>(body).ok()?;
        // The error channel of a command leaves the kind out.
        let is_status = wire.kind == "Status" || matches!(wire.status.as_deref(), Some("Success" | "Failure"));
        is_status.then(|| wire.into_status())
    }

    pub(crate) fn from_kube(status: &kube::core::Status) -> Self {
        let details = status.details.as_ref();
        Self {
            code: status.code,
            reason: status.reason.clone(),
            message: shorten(status.message.clone()),
            kind: details.map(|details| details.kind.clone()).unwrap_or_default(),
            name: details.map(|details| details.name.clone()).unwrap_or_default(),
            ..Self::default()
        }
    }

    /// Aggregated and proxied servers answer in plain text.
    fn from_text(code: u16, body: &[u8]) -> Self {
        let text: String = String::from_utf8_lossy(&body[..body.len().min(800)]).chars().take(200).collect();
        let text = crate::diag::printable(text.trim());
        let phrase = http_phrase(code);
        let message =
            if text.is_empty() { format!("the server answered {phrase}") } else { format!("{phrase}: {text}") };
        Self { code, message, ..Self::default() }
    }

    /// The typed error of a call that got this answer.
    pub(crate) fn into_error(self, call: Arc<Call>) -> Error {
        Error::Api { call, problem: self.problem(), status: Box::new(self) }
    }

    /// What the answer means.
    #[must_use]
    pub fn problem(&self) -> Problem {
        let says = |phrase: &str| self.message.contains(phrase);
        if self.is_denied() {
            return Problem::Admission;
        }
        match self.code {
            401 => Problem::Unauthorized,
            403 if self.caused_by("NamespaceTerminating") => Problem::NamespaceTerminating,
            403 if says("exceeded quota") => Problem::QuotaExceeded,
            403 => Problem::Forbidden,
            404 if self.is_about_an_object() => Problem::NotFound,
            404 => Problem::NoSuchResource,
            405 | 406 | 415 | 501 => Problem::Unsupported,
            409 if self.reason == "AlreadyExists" => Problem::AlreadyExists,
            409 if self.caused_by("FieldManagerConflict") => Problem::FieldConflict,
            409 if says("Precondition failed: UID") || says("the UID in the precondition") => Problem::Replaced,
            409 => Problem::Conflict,
            410 => Problem::Expired,
            413 | 422 => Problem::Invalid,
            429 if self.caused_by("DisruptionBudget") => Problem::EvictionBlocked,
            429 => Problem::TooManyRequests,
            400..=499 => Problem::BadRequest,
            _ if is_unknown_field(&self.message) => Problem::Invalid,
            _ if says("failed calling webhook") => Problem::WebhookFailed,
            _ => Problem::ServerError,
        }
    }

    /// Webhooks choose their own status code, policies and pod security have theirs: what they share is the phrase.
    fn is_denied(&self) -> bool {
        let says = |phrase: &str| self.message.contains(phrase);
        let webhook = says("admission webhook") && says("denied the request");
        let policy = says("ValidatingAdmissionPolicy") && says("denied request");
        (400..500).contains(&self.code) && (webhook || policy || says("violates PodSecurity"))
    }

    /// A server that knows the resource says which object it did not find; one that does not says nothing of the kind.
    fn is_about_an_object(&self) -> bool {
        self.reason == "NotFound" && (!self.name.is_empty() || self.message.ends_with("not found"))
    }

    /// Whether one of the causes has that reason.
    #[must_use]
    pub fn caused_by(&self, reason: &str) -> bool {
        self.causes.iter().any(|cause| cause.reason == reason)
    }

    /// The other managers that a field conflict names, each once.
    #[must_use]
    pub fn conflicting_managers(&self) -> Vec<&str> {
        let conflicts = self.causes.iter().filter(|cause| cause.reason == "FieldManagerConflict");
        // `conflict with "hpa" using autoscaling/v2`
        let mut managers: Vec<&str> = conflicts.filter_map(|cause| cause.message.split('"').nth(1)).collect();
        managers.sort_unstable();
        managers.dedup();
        managers
    }

    pub(crate) fn notes(&self) -> Vec<String> {
        const MOST: usize = 20;
        let line = |cause: &Cause| match (cause.field.as_str(), cause.message.as_str()) {
            ("", message) => message.to_owned(),
            (field, message) if message.contains(field) => message.to_owned(),
            (field, message) => format!("{field}: {message}"),
        };
        // A single cause is already in the message, unless it names a manager or a budget.
        let mut notes: Vec<String> =
            self.causes.iter().map(line).map(shorten).filter(|note| !self.message.contains(note)).collect();
        if notes.len() > MOST {
            let more = notes.len() - MOST;
            notes.truncate(MOST);
            notes.push(format!("and {more} more"));
        }
        notes
    }

    /// `User "u" cannot list resource "pods" in API group "" in the namespace "n"` → how to ask.
    fn can_i_hint(&self) -> Option<String> {
        let (_, rest) = self.message.split_once(" cannot ")?;
        let (verb, rest) = rest.split_once(" resource \"")?;
        let (resource, rest) = rest.split_once('"')?;
        let group =
            rest.strip_prefix(" in API group \"").and_then(|rest| rest.split_once('"')).map_or("", |(group, _)| group);
        let (plural, subresource) = resource.split_once('/').unwrap_or((resource, ""));
        let mut command = format!("kubectl auth can-i {verb} {plural}");
        if !group.is_empty() {
            command = format!("{command}.{group}");
        }
        if !subresource.is_empty() {
            command = format!("{command} --subresource={subresource}");
        }
        if let Some((_, namespace)) = rest.split_once(" in the namespace \"") {
            command = format!("{command} -n {}", namespace.trim_end_matches('"'));
        }
        Some(format!("the caller needs a role for this; try `{command}`"))
    }
}

/// Servers answer a server-side apply of a field that its kind does not have with 500, as if it were their own failure.
pub(crate) fn is_unknown_field(message: &str) -> bool {
    message.contains("failed to create typed patch object") || message.contains("field not declared in schema")
}

fn shorten(message: String) -> String {
    // A patch with an unknown field is answered with the whole object before the few words that matter.
    let message = match message.rfind(STRICT) {
        Some(at) if message.len() > LONGEST_STRICT => message[at..].to_owned(),
        _ => message,
    };
    match message.char_indices().nth(LONGEST_MESSAGE) {
        Some((at, _)) => format!("{}…", &message[..at]),
        None => message,
    }
}

fn http_phrase(code: u16) -> String {
    let phrase = http::StatusCode::from_u16(code).ok().and_then(|code| code.canonical_reason()).unwrap_or_default();
    format!("{code} {phrase}").trim_end().to_owned()
}

/// The form on the wire; what we do not use is not read.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    status: Option<String>,
    #[serde(default)]
    code: u16,
    #[serde(default)]
    reason: Option<String>,
    #[serde(default)]
    message: Option<String>,
    #[serde(default)]
    details: Option<WireDetails>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct WireDetails {
    name: Option<String>,
    kind: Option<String>,
    retry_after_seconds: Option<u64>,
    causes: Option<Vec<WireCause>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct WireCause {
    reason: Option<String>,
    message: Option<String>,
    field: Option<String>,
}

impl Wire {
    fn into_status(self) -> Status {
        let details = self.details.unwrap_or_default();
        let causes = details.causes.unwrap_or_default().into_iter().map(|cause| Cause {
            reason: cause.reason.unwrap_or_default(),
            message: shorten(cause.message.unwrap_or_default()),
            field: cause.field.unwrap_or_default(),
        });
        Status {
            code: self.code,
            reason: self.reason.unwrap_or_default(),
            message: shorten(self.message.unwrap_or_default()),
            kind: details.kind.unwrap_or_default(),
            name: details.name.unwrap_or_default(),
            causes: causes.take(1_000).collect(),
            retry_after: details.retry_after_seconds.filter(|seconds| *seconds > 0).map(Duration::from_secs),
            is_repeated: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Problem, Status};

    fn status(code: u16, rest: &str) -> Status {
        let body = format!(r#"{{"kind":"Status","apiVersion":"v1","status":"Failure","code":{code},{rest}}}"#);
        Status::parse(code, body.as_bytes(), None)
    }

    #[test]
    fn tells_the_answers_of_one_http_status_apart() {
        let cases = [
            (409, r#""reason":"AlreadyExists","message":"pods \"a\" already exists""#, Problem::AlreadyExists),
            (
                409,
                r#""reason":"Conflict","message":"Operation cannot be fulfilled: the object has been modified""#,
                Problem::Conflict,
            ),
            (
                409,
                r#""reason":"Conflict","message":"Precondition failed: UID in precondition: a, UID in object meta: b""#,
                Problem::Replaced,
            ),
            (
                409,
                r#""reason":"Conflict","message":"Apply failed","details":{"causes":[{"reason":"FieldManagerConflict","message":"conflict with \"hpa\"","field":".spec.replicas"}]}"#,
                Problem::FieldConflict,
            ),
            (
                403,
                r#""reason":"Forbidden","message":"pods is forbidden: User \"u\" cannot list resource \"pods\"""#,
                Problem::Forbidden,
            ),
            (403, r#""reason":"Forbidden","message":"exceeded quota: q""#, Problem::QuotaExceeded),
            (
                403,
                r#""reason":"Forbidden","message":"x","details":{"causes":[{"reason":"NamespaceTerminating"}]}"#,
                Problem::NamespaceTerminating,
            ),
            (403, r#""message":"admission webhook \"a.b\" denied the request: no""#, Problem::Admission),
            (400, r#""message":"admission webhook \"a.b\" denied the request: no""#, Problem::Admission),
            (
                422,
                r#""message":"ValidatingAdmissionPolicy 'a' with binding 'b' denied request: no""#,
                Problem::Admission,
            ),
            (422, r#""reason":"Invalid","message":"Deployment is invalid""#, Problem::Invalid),
            (
                429,
                r#""message":"Cannot evict pod","details":{"causes":[{"reason":"DisruptionBudget","message":"x"}]}"#,
                Problem::EvictionBlocked,
            ),
            (429, r#""message":"too many requests""#, Problem::TooManyRequests),
            (
                404,
                r#""reason":"NotFound","message":"pods \"a\" not found","details":{"name":"a","kind":"pods"}"#,
                Problem::NotFound,
            ),
            (
                404,
                r#""reason":"NotFound","message":"the server could not find the requested resource""#,
                Problem::NoSuchResource,
            ),
            (
                500,
                r#""message":"failed to create typed patch object (a; /v1, Kind=ConfigMap): .dota: field not declared in schema""#,
                Problem::Invalid,
            ),
            (
                409,
                r#""reason":"Conflict","message":"the UID in the precondition (a) does not match the UID in record (b)""#,
                Problem::Replaced,
            ),
            (410, r#""reason":"Expired","message":"too old""#, Problem::Expired),
            (
                500,
                r#""message":"Internal error occurred: failed calling webhook \"x\": timeout""#,
                Problem::WebhookFailed,
            ),
            (504, r#""message":"Timeout""#, Problem::ServerError),
        ];
        for (code, rest, expected) in cases {
            assert_eq!(status(code, rest).problem(), expected, "{code} {rest}");
        }
    }

    #[test]
    fn a_plain_text_404_is_an_unknown_path() {
        let status = Status::parse(404, b"404 page not found\n", None);
        assert_eq!(status.problem(), Problem::NoSuchResource);
        assert_eq!(status.message, "404 Not Found: 404 page not found");
    }

    #[test]
    fn garbage_of_any_depth_becomes_a_short_message() {
        let deep = vec![b'['; 1_000_000];
        assert!(Status::parse(500, &deep, None).message.len() < 300);
        assert_eq!(Status::parse(500, b"\x1b[31m", None).message, "500 Internal Server Error: \\u{1b}[31m");
    }

    #[test]
    fn a_refusal_says_how_to_ask_for_the_right() {
        let message = r#""message":"pods \"a\" is forbidden: User \"u\" cannot create resource \"pods/eviction\" in API group \"\" in the namespace \"shop\"""#;
        let hint = status(403, message).can_i_hint().unwrap();
        assert!(hint.contains("`kubectl auth can-i create pods --subresource=eviction -n shop`"), "{hint}");
        let message = r#""message":"x: User \"u\" cannot list resource \"deployments\" in API group \"apps\" at the cluster scope""#;
        assert!(status(403, message).can_i_hint().unwrap().ends_with("`kubectl auth can-i list deployments.apps`"));
    }
}
