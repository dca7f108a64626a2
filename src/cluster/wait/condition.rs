//! What can be waited for, in kubectl's words, and whether an object fulfils it. Pure.

use crate::diag::{closest, printable};
use crate::object::{Readiness, meta, readiness};
use crate::value::{FieldPath, Node};
use std::fmt;
use std::sync::Arc;

/// What to wait for. Printed as it is written.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Condition {
    /// The object is what it is meant to be, by the rules of its kind: `ready`.
    Ready,
    /// The object is gone: `deleted`. One that was replaced under its name is gone too.
    Deleted,
    /// The object is there: `exists`.
    Exists,
    /// An entry of `status.conditions` has that status: `condition=Available`, `condition=Ready=False`.
    Status {
        /// The type of the entry.
        name: String,
        /// Its status; letter case does not count, as with kubectl.
        status: String,
    },
    /// A field has that value, or is there at all: `jsonpath={.status.phase}=Running`.
    Field {
        /// Where it is.
        path: FieldPath,
        /// The value as text; none: any value will do.
        value: Option<String>,
    },
}

/// A text that is no condition.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidCondition {
    /// The text.
    pub given: String,
    /// What is wrong with it.
    pub problem: String,
    /// What would be right.
    pub hint: String,
}

/// How far an object is on its way to a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The condition holds.
    Met,
    /// It does not hold yet, and why.
    Pending(String),
    /// It will not hold however long one waits, and why.
    Hopeless(String),
}

const WORDS: [&str; 3] = ["ready", "deleted", "exists"];
const FORMS: &str =
    "a condition is `ready`, `deleted`, `exists`, `condition=TYPE[=STATUS]` or `jsonpath={PATH}[=VALUE]`";

impl Condition {
    /// Reads a condition.
    ///
    /// # Errors
    /// The text is none, with what it probably stands for.
    pub fn parse(text: &str) -> Result<Self, InvalidCondition> {
        let refuse = |problem: &str, hint: String| InvalidCondition {
            given: text.to_owned(),
            problem: problem.to_owned(),
            hint,
        };
        match text.split_once('=') {
            Some(("condition", rest)) => {
                let (name, status) = rest.split_once('=').unwrap_or((rest, "True"));
                if name.is_empty() || status.is_empty() {
                    return Err(refuse("a type or a status is missing", FORMS.to_owned()));
                }
                Ok(Self::Status { name: name.to_owned(), status: status.to_owned() })
            }
            Some(("jsonpath", rest)) => field(rest).map_err(|(problem, hint)| refuse(&problem, hint)),
            Some((word, rest)) => {
                let hint = closest(word, ["condition", "jsonpath"])
                    .map_or(format!("did you mean `condition={text}`? {FORMS}"), |near| {
                        format!("did you mean `{near}={rest}`?")
                    });
                Err(refuse("no such condition", hint))
            }
            None => Self::word(text).ok_or_else(|| refuse("no such condition", advice(text))),
        }
    }

    fn word(text: &str) -> Option<Self> {
        match text {
            "ready" => Some(Self::Ready),
            "deleted" => Some(Self::Deleted),
            "exists" => Some(Self::Exists),
            _ => None,
        }
    }

    /// How far the object is; none where there is no such object.
    #[must_use]
    pub fn judge(&self, object: Option<&Node>) -> Verdict {
        match (self, object) {
            (Self::Deleted, None) | (Self::Exists, Some(_)) => Verdict::Met,
            (Self::Deleted, Some(object)) => Verdict::Pending(remains(object)),
            (_, None) => Verdict::Pending("it does not exist".to_owned()),
            (Self::Ready, Some(object)) => ready(object),
            (Self::Status { name, status }, Some(object)) => {
                hopeless_if_ended(object, has_status(object, name, status))
            }
            (Self::Field { path, value }, Some(object)) => has_value(object, path, value.as_deref()),
        }
    }

    /// What an object that has not come so far in time was not, as in `was not ready`.
    pub(super) fn unmet(&self) -> String {
        match self {
            Self::Ready => "was not ready".to_owned(),
            Self::Deleted => "was not deleted".to_owned(),
            Self::Exists => "did not exist".to_owned(),
            other => format!("did not reach {other}"),
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ready => f.write_str("ready"),
            Self::Deleted => f.write_str("deleted"),
            Self::Exists => f.write_str("exists"),
            Self::Status { name, status } if status == "True" => write!(f, "condition={name}"),
            Self::Status { name, status } => write!(f, "condition={name}={status}"),
            Self::Field { path, value: None } => write!(f, "jsonpath={{.{path}}}"),
            Self::Field { path, value: Some(value) } => write!(f, "jsonpath={{.{path}}}={value}"),
        }
    }
}

/// Advice for a word that is no condition; kubectl's own words for the same things included.
fn advice(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let near = match lower.as_str() {
        "delete" | "gone" | "absent" => Some("deleted"),
        "create" | "created" | "present" => Some("exists"),
        _ => closest(&lower, WORDS),
    };
    match near {
        Some(near) => format!("did you mean `{near}`?"),
        None if text.starts_with(|first: char| first.is_ascii_uppercase()) => {
            format!("did you mean `condition={}`?", printable(text))
        }
        None => FORMS.to_owned(),
    }
}

/// What follows `jsonpath=`: `{.status.phase}=Running`, `.status.phase=Running`, either without the value.
fn field(text: &str) -> Result<Condition, (String, String)> {
    let (path, value) = match text.rfind('}') {
        Some(end) if text.starts_with('{') => {
            let rest = &text[end + 1..];
            let value = rest.strip_prefix('=');
            if value.is_none() && !rest.is_empty() {
                return Err(("after the path comes `=` and the value".to_owned(), FORMS.to_owned()));
            }
            (&text[..=end], value)
        }
        _ => text.split_once('=').map_or((text, None), |(path, value)| (path, Some(value))),
    };
    let value = value.map(|value| value.trim_matches(['\'', '"']));
    if value.is_some_and(str::is_empty) {
        return Err(("the value is empty".to_owned(), "leave `=` out to wait until the field is there".to_owned()));
    }
    let path = FieldPath::parse_jsonpath(path).map_err(|error| {
        let hint = match error {
            _ if path.contains("conditions[?") => "an entry of conditions is waited for as `condition=TYPE`".to_owned(),
            _ => FORMS.to_owned(),
        };
        (error.to_string(), hint)
    })?;
    Ok(Condition::Field { path, value: value.map(str::to_owned) })
}

fn ready(object: &Node) -> Verdict {
    match readiness(object) {
        Readiness::Ready => Verdict::Met,
        Readiness::Failed(why) => Verdict::Hopeless(why.to_string()),
        Readiness::Progressing(why) => Verdict::Pending(why.to_string()),
        Readiness::Unknown(why) => Verdict::Pending(format!("it cannot be told: {why}")),
    }
}

/// A condition that was computed for an older generation says nothing about the present one.
fn has_status(object: &Node, name: &str, status: &str) -> Verdict {
    let all = meta::conditions(object);
    let Some(found) = all.iter().find(|condition| condition.name.eq_ignore_ascii_case(name)) else {
        let names: Vec<&str> = all.iter().map(|condition| condition.name).collect();
        return Verdict::Pending(match (closest(name, names.iter().copied()), names.is_empty()) {
            (Some(near), _) => format!("it has no condition `{name}`, but `{near}`"),
            (None, true) => "it has no conditions".to_owned(),
            (None, false) => format!("it has no condition `{name}`; it has: {}", names.join(", ")),
        });
    };
    let observed = found.observed_generation.or_else(|| meta::observed_generation(object));
    if let (Some(observed), Some(generation)) = (observed, meta::generation(object))
        && observed < generation
    {
        return Verdict::Pending(format!("generation {generation} was not observed yet, only {observed}"));
    }
    if found.status.eq_ignore_ascii_case(status) {
        return Verdict::Met;
    }
    Verdict::Pending(described(found))
}

/// A job or a pod that has ended in error is not taken up again, whatever is waited for.
fn hopeless_if_ended(object: &Node, verdict: Verdict) -> Verdict {
    let ends = meta::is_kind(object, "batch", "Job") || meta::is_kind(object, "", "Pod");
    match (verdict, readiness(object)) {
        (Verdict::Pending(_), Readiness::Failed(why)) if ends => Verdict::Hopeless(why.to_string()),
        (verdict, _) => verdict,
    }
}

/// `False (MinimumReplicasUnavailable)`
pub(super) fn described(condition: &meta::Condition<'_>) -> String {
    let text = match (condition.reason, condition.message) {
        ("", "") => condition.status.to_owned(),
        (reason, "") => format!("{} ({reason})", condition.status),
        ("", message) => format!("{}: {message}", condition.status),
        (reason, message) => format!("{} ({reason}): {message}", condition.status),
    };
    printable(&text)
}

fn has_value(object: &Node, path: &FieldPath, value: Option<&str>) -> Verdict {
    let found = object.lookup_all(path);
    let Some(value) = value else {
        let is_there = found.iter().any(|node| !node.is_null());
        return if is_there { Verdict::Met } else { Verdict::Pending(format!("{path} is absent")) };
    };
    match found.as_slice() {
        [] | [Node::Null] => Verdict::Pending(format!("{path} is absent")),
        [Node::Map(_) | Node::List(_)] => {
            Verdict::Hopeless(format!("{path} is not a single value, so it cannot be compared with `{value}`"))
        }
        [node] => match plain(node) {
            text if *text == *value => Verdict::Met,
            text => Verdict::Pending(format!("{path} is `{}`", printable(&text))),
        },
        several => Verdict::Hopeless(format!("{path} stands for {} values, not one", several.len())),
    }
}

/// A scalar as text, as kubectl prints it.
fn plain(node: &Node) -> Arc<str> {
    match node {
        Node::Str(text) => text.clone(),
        Node::Bool(value) => value.to_string().into(),
        Node::Int(value) => value.to_string().into(),
        Node::UInt(value) => value.to_string().into(),
        Node::Float(value) => value.to_string().into(),
        Node::Null | Node::List(_) | Node::Map(_) => "".into(),
    }
}

fn remains(object: &Node) -> String {
    if !meta::is_being_deleted(object) {
        return "nobody has asked for its deletion".to_owned();
    }
    match meta::finalizers(object).as_slice() {
        [] => "it is being deleted".to_owned(),
        finalizers => printable(&format!("it is held by finalizers: {}", finalizers.join(", "))),
    }
}

#[cfg(test)]
mod tests {
    use super::{Condition, Verdict};
    use crate::value::Node;

    fn judge(condition: &str, object: &str) -> String {
        let object: Node = serde_json::from_str(object).unwrap();
        match Condition::parse(condition).unwrap().judge(Some(&object)) {
            Verdict::Met => "met".to_owned(),
            Verdict::Pending(why) => why,
            Verdict::Hopeless(why) => format!("hopeless: {why}"),
        }
    }

    #[test]
    fn prints_what_it_reads() {
        for text in [
            "ready",
            "deleted",
            "exists",
            "condition=Available",
            "condition=Ready=False",
            "jsonpath={.status.phase}=Running",
            "jsonpath={.status.loadBalancer.ingress}",
        ] {
            assert_eq!(Condition::parse(text).unwrap().to_string(), text);
        }
        let relaxed = Condition::parse("jsonpath=.status.phase='Running'").unwrap();
        assert_eq!(relaxed.to_string(), "jsonpath={.status.phase}=Running");
    }

    #[test]
    fn a_condition_that_is_none_comes_with_what_was_meant() {
        for (given, hint) in [
            ("redy", "did you mean `ready`?"),
            ("delete", "did you mean `deleted`?"),
            ("create", "did you mean `exists`?"),
            ("Available", "did you mean `condition=Available`?"),
            ("conditon=Ready", "did you mean `condition=Ready`?"),
            ("jsonpth={.a}=b", "did you mean `jsonpath={.a}=b`?"),
            ("jsonpath={.status.phase}Running", "a condition is `ready`"),
            ("jsonpath={.status.phase}=", "leave `=` out"),
            ("jsonpath={.status.conditions[?(@.type==\"Ready\")].status}=True", "`condition=TYPE`"),
            ("condition=", "a condition is `ready`"),
            ("", "a condition is `ready`"),
        ] {
            let refused = Condition::parse(given).unwrap_err();
            assert!(refused.hint.contains(hint), "{given}: {}", refused.hint);
        }
    }

    #[test]
    fn compares_conditions_as_kubectl_does() {
        let status =
            |condition: &str| format!(r#"{{"metadata":{{"generation":3}},"status":{{"conditions":[{condition}]}}}}"#);
        let available = status(r#"{"type":"Available","status":"True"}"#);
        assert_eq!(judge("condition=available", &available), "met");
        assert_eq!(judge("condition=Available=true", &available), "met");
        assert_eq!(judge("condition=Available=False", &available), "True");
        assert_eq!(judge("condition=Availble", &available), "it has no condition `Availble`, but `Available`");
        assert_eq!(judge("condition=Ready", "{}"), "it has no conditions");
        let old = status(r#"{"type":"Ready","status":"True","observedGeneration":2}"#);
        assert_eq!(judge("condition=Ready", &old), "generation 3 was not observed yet, only 2");
        let not = status(r#"{"type":"Ready","status":"False","reason":"Starting","message":"wait"}"#);
        assert_eq!(judge("condition=Ready", &not), "False (Starting): wait");
    }

    #[test]
    fn compares_fields_by_their_text() {
        let object = r#"{"status":{"phase":"Running","replicas":3,"ready":true,"ips":["a","b"],"none":null}}"#;
        assert_eq!(judge("jsonpath={.status.phase}=Running", object), "met");
        assert_eq!(judge("jsonpath={.status.replicas}=3", object), "met");
        assert_eq!(judge("jsonpath={.status.ready}=true", object), "met");
        assert_eq!(judge("jsonpath={.status.ips}", object), "met");
        assert_eq!(judge("jsonpath={.status.none}", object), "status.none is absent");
        assert_eq!(judge("jsonpath={.status.phase}=Failed", object), "status.phase is `Running`");
        assert!(judge("jsonpath={.status.ips}=a", object).starts_with("hopeless: "));
        assert_eq!(
            judge("jsonpath={.status.ips[*]}=a", object),
            "hopeless: status.ips[*] stands for 2 values, not one"
        );
        assert_eq!(judge("jsonpath={.status.ips[0]}=a", object), "met");
    }

    #[test]
    fn says_what_holds_up_a_deletion() {
        assert_eq!(judge("deleted", r#"{"metadata":{}}"#), "nobody has asked for its deletion");
        let held = r#"{"metadata":{"deletionTimestamp":"t","finalizers":["a.b/c"]}}"#;
        assert_eq!(judge("deleted", held), "it is held by finalizers: a.b/c");
        assert_eq!(Condition::Deleted.judge(None), Verdict::Met);
        assert_eq!(Condition::Exists.judge(None), Verdict::Pending("it does not exist".to_owned()));
    }

    #[test]
    fn an_object_that_has_failed_is_not_waited_for() {
        let pod = r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"status":{"phase":"Failed"}}"#;
        assert!(judge("ready", pod).starts_with("hopeless: "), "{}", judge("ready", pod));
        assert!(judge("condition=Ready", pod).starts_with("hopeless: "), "{}", judge("condition=Ready", pod));
    }
}
