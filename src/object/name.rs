//! Names as types: constructing one checks it, so a name that could change a URL never leaves this file.
//!
//! Sources of the rules: `k8s.io/apimachinery/pkg/api/validate/content` (path segments, DNS-1123, label keys and values).
//! Path segments are stricter here than there: Kubernetes refuses `.`, `..`, `/` and `%`; we also refuse every character
//! that RFC 3986 does not allow in a path segment as it stands, so that no name ever needs escaping in a URL.

use super::ObjectError;
use super::error::one_line;
use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// Most characters of a name that stands in a path.
const LONGEST_SEGMENT: usize = 253;
/// Most characters of a DNS-1123 label, a label's value and the last part of a label's key.
const LONGEST_LABEL: usize = 63;
/// Most characters of a DNS-1123 subdomain.
const LONGEST_SUBDOMAIN: usize = 253;
/// Most characters of a field manager (apimachinery `FieldManagerMaxLength`).
const LONGEST_MANAGER: usize = 128;

/// The first thing that is wrong with a name. Positions count characters from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Flaw {
    /// The name, or a part of it, is empty.
    Empty {
        /// Which part: `it`, `its prefix`.
        part: &'static str,
    },
    /// The name, or a part of it, is too long.
    TooLong {
        /// Which part.
        part: &'static str,
        /// Its characters.
        length: usize,
        /// How many are allowed.
        limit: usize,
    },
    /// A character that is not allowed anywhere in it.
    Character {
        /// The character.
        character: char,
        /// Where it stands.
        position: usize,
    },
    /// A character that is not allowed at the start or the end of a part.
    Edge {
        /// The character.
        character: char,
        /// Where it stands.
        position: usize,
    },
    /// `.` or `..`, which a path would take for steps.
    Dots,
}

impl Flaw {
    /// Where it is wrong, counted in characters from 1; 1 if the whole is.
    #[must_use]
    pub fn position(self) -> usize {
        match self {
            Self::Character { position, .. } | Self::Edge { position, .. } => position,
            Self::TooLong { limit, .. } => limit + 1,
            Self::Empty { .. } | Self::Dots => 1,
        }
    }

    /// The same flaw in a text where `before` characters stand before the checked part.
    fn after(self, before: usize) -> Self {
        match self {
            Self::Character { character, position } => Self::Character { character, position: position + before },
            Self::Edge { character, position } => Self::Edge { character, position: position + before },
            other => other,
        }
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Empty { part } => write!(f, "{part} is empty"),
            Self::TooLong { part, length, limit } => {
                write!(f, "{part} has {length} characters, at most {limit} are allowed")
            }
            Self::Character { character, position } => {
                write!(f, "`{}` at position {position} is not allowed", visible(character))
            }
            Self::Edge { character, position } => {
                write!(f, "`{}` at position {position} may not stand at the start or the end", visible(character))
            }
            Self::Dots => f.write_str("a path takes it for a step"),
        }
    }
}

fn visible(character: char) -> String {
    one_line(character.encode_utf8(&mut [0; 4]))
}

macro_rules! checked_names {
    ($($(#[$doc:meta])+ $type:ident = $what:literal, $check:expr, $rule:literal;)+) => {$(
        $(#[$doc])+
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $type(Arc<str>);

        impl $type {
            /// Checks the text.
            ///
            /// # Errors
            /// [`ObjectError::Name`] with the first [`Flaw`].
            pub fn parse(text: &str) -> Result<Self, ObjectError> {
                match $check(text) {
                    Ok(()) => Ok(Self(text.into())),
                    Err(flaw) => Err(ObjectError::Name { given: text.to_owned(), what: $what, flaw, rule: $rule }),
                }
            }

            /// The name as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<&str> for $type {
            type Error = ObjectError;

            fn try_from(text: &str) -> Result<Self, ObjectError> {
                Self::parse(text)
            }
        }

        impl FromStr for $type {
            type Err = ObjectError;

            fn from_str(text: &str) -> Result<Self, ObjectError> {
                Self::parse(text)
            }
        }

        impl AsRef<str> for $type {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl Borrow<str> for $type {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl From<$type> for Arc<str> {
            fn from(name: $type) -> Self {
                name.0
            }
        }

        impl PartialEq<str> for $type {
            fn eq(&self, other: &str) -> bool {
                &*self.0 == other
            }
        }

        impl PartialEq<&str> for $type {
            fn eq(&self, other: &&str) -> bool {
                &*self.0 == *other
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
    )+};
}

checked_names! {
    /// One segment of a URL's path: safe to put between slashes as it stands.
    Segment = "path segment", segment,
        "has 1 to 253 letters, digits or any of -._~!$&'()*+,;=:@ and is neither `.` nor `..`";
    /// The name of an object. Most kinds allow a DNS-1123 subdomain only, some more (`system:node` of RBAC); which it is, is
    /// the API server's to say, as long as the name is a [`Segment`].
    Name = "object name", segment,
        "has 1 to 253 letters, digits or any of -._~!$&'()*+,;=:@ and is neither `.` nor `..`";
    /// The name of a namespace: a DNS-1123 label.
    Namespace = "namespace", dns_label,
        "has 1 to 63 lower-case letters, digits or `-`, and starts and ends with a letter or digit";
    /// A DNS-1123 label: `web-1`.
    DnsLabel = "DNS-1123 label", dns_label,
        "has 1 to 63 lower-case letters, digits or `-`, and starts and ends with a letter or digit";
    /// A DNS-1123 subdomain: labels with dots between.
    DnsSubdomain = "DNS-1123 subdomain", dns_subdomain,
        "has 1 to 253 lower-case letters, digits, `-` or `.`, and each part between dots starts and ends with a letter or digit";
    /// Part of an object with an endpoint of its own: `status`, `scale`, `eviction`.
    Subresource = "subresource", dns_label,
        "has lower-case letters only, like `status`, `scale` or `eviction`";
    /// Who owns the fields that an apply sets. The API server takes any printable text up to 128 characters; here the
    /// characters are those of a [`Segment`], so that a manager needs no escaping in a URL, a path or a log.
    FieldManager = "field manager", field_manager,
        "has 1 to 128 letters, digits or any of -._~!$&'()*+,;=:@";
    /// A label's key: a name with an optional DNS prefix, `app.kubernetes.io/name`.
    LabelKey = "label key", label_key,
        "is a name of 1 to 63 letters, digits, `-`, `_` or `.` with an optional prefix like `example.com/`";
    /// A label's value, possibly empty.
    LabelValue = "label value", label_value,
        "has at most 63 letters, digits, `-`, `_` or `.`, and starts and ends with a letter or digit";
    /// An annotation's key: a label's key whose prefix may have capitals.
    AnnotationKey = "annotation key", annotation_key,
        "is a name of 1 to 63 letters, digits, `-`, `_` or `.` with an optional prefix like `example.com/`";
}

impl From<Name> for Segment {
    fn from(name: Name) -> Self {
        Self(name.0)
    }
}

impl From<Namespace> for Segment {
    fn from(namespace: Namespace) -> Self {
        Self(namespace.0)
    }
}

fn segment(text: &str) -> Result<(), Flaw> {
    path_safe(text, LONGEST_SEGMENT)
}

fn field_manager(text: &str) -> Result<(), Flaw> {
    path_safe(text, LONGEST_MANAGER)
}

fn dns_label(text: &str) -> Result<(), Flaw> {
    dns_part(text, "it", 0)?;
    length(text, "it", LONGEST_LABEL)
}

fn dns_subdomain(text: &str) -> Result<(), Flaw> {
    subdomain(text, "it")
}

fn label_key(text: &str) -> Result<(), Flaw> {
    let Some((prefix, name)) = text.split_once('/') else {
        return label_text(text, "it");
    };
    if prefix.is_empty() {
        return Err(Flaw::Empty { part: "its prefix" });
    }
    subdomain(prefix, "its prefix")?;
    label_text(name, "its name part").map_err(|flaw| flaw.after(prefix.chars().count() + 1))
}

fn annotation_key(text: &str) -> Result<(), Flaw> {
    label_key(&text.to_ascii_lowercase())
}

fn label_value(text: &str) -> Result<(), Flaw> {
    if text.is_empty() { Ok(()) } else { label_text(text, "it") }
}

/// The characters RFC 3986 calls `pchar`, without the percent sign.
fn path_safe(text: &str, limit: usize) -> Result<(), Flaw> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:@".contains(c);
    if text.is_empty() {
        return Err(Flaw::Empty { part: "it" });
    }
    characters(text, allowed)?;
    if text == "." || text == ".." {
        return Err(Flaw::Dots);
    }
    length(text, "it", limit)
}

fn subdomain(text: &str, whole: &'static str) -> Result<(), Flaw> {
    let mut before = 0;
    for part in text.split('.') {
        dns_part(part, if part.len() == text.len() { whole } else { "a part between dots" }, before)?;
        before += part.len() + 1;
    }
    length(text, whole, LONGEST_SUBDOMAIN)
}

fn dns_part(text: &str, part: &'static str, before: usize) -> Result<(), Flaw> {
    let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    if text.is_empty() {
        return Err(Flaw::Empty { part });
    }
    characters(text, |c| inner(c) || c == '-').and_then(|()| edges(text, inner)).map_err(|flaw| flaw.after(before))
}

fn label_text(text: &str, part: &'static str) -> Result<(), Flaw> {
    if text.is_empty() {
        return Err(Flaw::Empty { part });
    }
    characters(text, |c| c.is_ascii_alphanumeric() || "-_.".contains(c))?;
    edges(text, |c| c.is_ascii_alphanumeric())?;
    length(text, part, LONGEST_LABEL)
}

fn characters(text: &str, allowed: impl Fn(char) -> bool) -> Result<(), Flaw> {
    match text.chars().enumerate().find(|&(_, character)| !allowed(character)) {
        Some((at, character)) => Err(Flaw::Character { character, position: at + 1 }),
        None => Ok(()),
    }
}

fn edges(text: &str, allowed: impl Fn(char) -> bool) -> Result<(), Flaw> {
    let ends = [(text.chars().next(), 1), (text.chars().next_back(), text.chars().count())];
    for (character, position) in ends {
        if let Some(character) = character.filter(|&c| !allowed(c)) {
            return Err(Flaw::Edge { character, position });
        }
    }
    Ok(())
}

fn length(text: &str, part: &'static str, limit: usize) -> Result<(), Flaw> {
    let length = text.chars().count();
    if length > limit { Err(Flaw::TooLong { part, length, limit }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::{Explain, codes};

    /// What a name must never be, whatever its sort: each would change or break the URL it stands in.
    fn hostile() -> Vec<String> {
        let mut names: Vec<String> =
            ["../x", "a/b", "a%2fb", "a?x=y", "a#", ".", "..", "", "a\nb", "a\0b", "é", "a b", "a\tb"]
                .map(str::to_owned)
                .into();
        names.push("a".repeat(254));
        names.extend(["a\u{202e}b", "a\\b", "\u{7f}", "a\u{a0}b", "a<b", "a\"b", "{a}", "a|b"].map(str::to_owned));
        names
    }

    #[test]
    fn refuses_every_name_that_could_change_a_url() {
        for name in hostile() {
            for error in [
                Segment::parse(&name).unwrap_err(),
                Name::parse(&name).unwrap_err(),
                Namespace::parse(&name).unwrap_err(),
                Subresource::parse(&name).unwrap_err(),
                FieldManager::parse(&name).unwrap_err(),
                DnsLabel::parse(&name).unwrap_err(),
                DnsSubdomain::parse(&name).unwrap_err(),
            ] {
                assert_eq!(error.code(), codes::INVALID_NAME, "{name:?}");
                let message = error.to_string();
                assert!(!message.chars().any(|c| c.is_control() || c == '\u{202e}'), "{message:?}");
                assert!(message.chars().count() < 250, "{message:?}");
            }
        }
    }

    #[test]
    fn takes_the_names_kubernetes_takes() {
        for name in [
            "web",
            "web-7c9.x2x4k",
            "system:node",
            "kube-root-ca.crt",
            "a",
            "0",
            "A_b",
            "x~y",
            "...",
            "$(x)=1,2;3@4!*'+&",
        ] {
            assert_eq!(Name::parse(name).unwrap(), name);
        }
        assert!(Name::parse(&"a".repeat(253)).is_ok());
        assert!(Namespace::parse(&"a".repeat(63)).is_ok());
        assert!(Namespace::parse(&"a".repeat(64)).is_err());
        assert!(FieldManager::parse(&"a".repeat(128)).is_ok());
        assert!(FieldManager::parse(&"a".repeat(129)).is_err());
        for subdomain in ["a", "cert-manager.io", "1.2.3", "a.b-c.d"] {
            assert!(DnsSubdomain::parse(subdomain).is_ok(), "{subdomain}");
        }
        for bad in ["A", "-a", "a-", "a..b", ".a", "a.", "a_b", "a.-b"] {
            assert!(DnsSubdomain::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn says_which_rule_is_broken_and_where() {
        let told = |name: &str| Name::parse(name).unwrap_err().to_string();
        assert_eq!(told("a/b"), "`a/b` is not a valid object name: `/` at position 2 is not allowed");
        assert_eq!(told("a\nb"), "`a\\nb` is not a valid object name: `\\n` at position 2 is not allowed");
        assert_eq!(told("a\0"), "`a\\u{0}` is not a valid object name: `\\u{0}` at position 2 is not allowed");
        assert_eq!(told("é"), "`é` is not a valid object name: `é` at position 1 is not allowed");
        assert_eq!(told(".."), "`..` is not a valid object name: a path takes it for a step");
        assert_eq!(told(""), "`` is not a valid object name: it is empty");
        let long =
            format!("`{}…` is not a valid object name: it has 254 characters, at most 253 are allowed", "a".repeat(64));
        assert_eq!(told(&"a".repeat(254)), long);
        let namespace = Namespace::parse("shop-").unwrap_err();
        assert_eq!(
            namespace.to_string(),
            "`shop-` is not a valid namespace: `-` at position 5 may not stand at the start or the end"
        );
        assert!(namespace.hint().unwrap().starts_with("a namespace has 1 to 63 lower-case letters"));
    }

    #[test]
    fn checks_label_keys_and_values_as_apimachinery_does() {
        let long = "a".repeat(63);
        for key in ["app", "app.kubernetes.io/name", "A_b.c-d", "1", "x/Y", long.as_str()] {
            assert!(LabelKey::parse(key).is_ok(), "{key}");
        }
        for key in ["", "/a", "a/", "a/b/c", "-a", "a-", "a b", "Example.com/a", "a_b/c", "é", "a=b"] {
            assert!(LabelKey::parse(key).is_err(), "{key}");
        }
        assert!(LabelKey::parse(&"a".repeat(64)).is_err());
        assert!(AnnotationKey::parse("Example.com/a").is_ok());
        for value in ["", "web", "v1.2_3-x", "12345", long.as_str()] {
            assert!(LabelValue::parse(value).is_ok(), "{value}");
        }
        for value in [" ", "-", "a/b", "a b", "é", "a:b", ".a"] {
            assert!(LabelValue::parse(value).is_err(), "{value}");
        }
        let error = LabelKey::parse("example.com/a b").unwrap_err();
        assert!(error.to_string().contains("position 14"), "{error}");
    }
}
