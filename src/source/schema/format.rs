//! `format`: what a text param must be. Each format is checked by the parser that its consumer uses, so that a param that
//! passes here is not refused later.

use super::image;
use crate::diag::Explain;
use crate::object::{
    DnsLabel, DnsSubdomain, Duration, FieldSelector, IntOrPercent, LabelSelector, ObjectError, Quantity,
};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The formats a header may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// `app=web,tier!=cache`.
    LabelSelector,
    /// `status.phase=Running`.
    FieldSelector,
    /// `500m`, `2Gi`.
    Quantity,
    /// Go's form: `1h30m`.
    Duration,
    /// `3` or `10%`.
    IntOrPercent,
    /// `web-1`.
    DnsLabel,
    /// `web.example`.
    DnsSubdomain,
    /// `10.0.0.0/8`.
    Cidr,
    /// An IPv4 or IPv6 address.
    Ip,
    /// `1.2.3`.
    Semver,
    /// `registry.example/team/web:1.2`.
    ImageReference,
    /// Any text; never shown.
    Secret,
    /// RFC 3339: `2026-11-24T09:00:00Z`.
    DateTime,
    /// `2026-11-24`.
    Date,
    /// An absolute URI.
    Uri,
    /// `user@host`.
    Email,
    /// A host name of RFC 1123.
    Hostname,
    /// An IPv4 address.
    Ipv4,
    /// An IPv6 address.
    Ipv6,
    /// A regular expression.
    Regex,
    /// A UUID of RFC 9562.
    Uuid,
}

impl Format {
    /// All formats, Kubernetes' own first.
    pub const ALL: [Self; 21] = [
        Self::LabelSelector,
        Self::FieldSelector,
        Self::Quantity,
        Self::Duration,
        Self::IntOrPercent,
        Self::DnsLabel,
        Self::DnsSubdomain,
        Self::Cidr,
        Self::Ip,
        Self::Semver,
        Self::ImageReference,
        Self::Secret,
        Self::DateTime,
        Self::Date,
        Self::Uri,
        Self::Email,
        Self::Hostname,
        Self::Ipv4,
        Self::Ipv6,
        Self::Regex,
        Self::Uuid,
    ];

    /// The format of that name.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// The word in a schema.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.facts().0
    }

    /// With its article, in the words of messages.
    #[must_use]
    pub fn description(self) -> &'static str {
        self.facts().1
    }

    /// A text of this format.
    #[must_use]
    pub fn example(self) -> &'static str {
        self.facts().2
    }

    /// Whether numbers may have this format too: Kubernetes takes `3` for `"3"` there.
    #[must_use]
    pub fn takes_numbers(self) -> bool {
        matches!(self, Self::Quantity | Self::IntOrPercent)
    }

    /// Whether a text of this format may hold commas, so that a list of them cannot be split at commas.
    #[must_use]
    pub fn has_commas(self) -> bool {
        matches!(self, Self::LabelSelector | Self::FieldSelector | Self::Secret | Self::Regex | Self::Uri)
    }

    fn facts(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::LabelSelector => ("label-selector", "a label selector", "app=web,tier in (front, back)"),
            Self::FieldSelector => ("field-selector", "a field selector", "status.phase=Running"),
            Self::Quantity => ("quantity", "a quantity", "500m"),
            Self::Duration => ("duration", "a duration", "1h30m"),
            Self::IntOrPercent => ("int-or-percent", "a count or a percentage", "10%"),
            Self::DnsLabel => ("dns-1123-label", "a DNS-1123 label", "web-1"),
            Self::DnsSubdomain => ("dns-1123-subdomain", "a DNS-1123 subdomain", "web.example"),
            Self::Cidr => ("cidr", "a network in CIDR form", "10.0.0.0/8"),
            Self::Ip => ("ip", "an IP address", "10.0.0.1"),
            Self::Semver => ("semver", "a semantic version", "1.2.3"),
            Self::ImageReference => ("image-reference", "an image reference", "registry.example/team/web:1.2"),
            Self::Secret => ("secret", "a secret text", "…"),
            Self::DateTime => ("date-time", "a date and time with its offset", "2026-11-24T09:00:00Z"),
            Self::Date => ("date", "a date", "2026-11-24"),
            Self::Uri => ("uri", "an absolute URI", "https://example.com/path"),
            Self::Email => ("email", "an e-mail address", "ops@example.com"),
            Self::Hostname => ("hostname", "a host name", "web.example.com"),
            Self::Ipv4 => ("ipv4", "an IPv4 address", "10.0.0.1"),
            Self::Ipv6 => ("ipv6", "an IPv6 address", "2001:db8::1"),
            Self::Regex => ("regex", "a regular expression", "^web-[0-9]+$"),
            Self::Uuid => ("uuid", "a UUID", "0f8fad5b-d9cb-469f-a165-70867728950e"),
        }
    }

    /// Whether a text is of this format.
    ///
    /// # Errors
    /// It is not; what would help, as a hint. It may quote the text.
    pub fn check(self, text: &str) -> Result<(), String> {
        match self {
            Self::LabelSelector => advice(LabelSelector::parse(text)),
            Self::FieldSelector => advice(FieldSelector::parse(text)),
            Self::Quantity => advice(Quantity::parse(text)),
            Self::Duration => advice(Duration::parse(text)),
            Self::IntOrPercent => advice(IntOrPercent::parse(text)),
            Self::DnsLabel => advice(DnsLabel::parse(text)),
            Self::DnsSubdomain => advice(DnsSubdomain::parse(text)),
            Self::Secret => Ok(()),
            standard => standard.check_standard(text).map_err(|problem| {
                let example = format!("write it like `{}`", standard.example());
                if problem.is_empty() { example } else { format!("{problem}; {example}") }
            }),
        }
    }

    /// The formats that no other room of the crate knows; the error says why, if there is more to say than that.
    fn check_standard(self, text: &str) -> Result<(), String> {
        match self {
            Self::Cidr => network(text),
            Self::Ip => wordless(text.parse::<IpAddr>()),
            Self::Semver => semver::Version::parse(text).map(drop).map_err(|error| error.to_string()),
            Self::ImageReference => image::check(text),
            Self::DateTime => date_time(text),
            Self::Date => date(text),
            Self::Uri => uri(text),
            Self::Email => email(text),
            Self::Hostname => hostname(text),
            Self::Ipv4 => wordless(text.parse::<Ipv4Addr>()),
            Self::Ipv6 => wordless(text.parse::<Ipv6Addr>()),
            Self::Regex => regex::Regex::new(text).map(drop).map_err(|error| last_line(&error.to_string())),
            Self::Uuid => uuid(text),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

fn wordless<T, E>(parsed: Result<T, E>) -> Result<(), String> {
    parsed.map(drop).map_err(|_| String::new())
}

/// The hint of the room that owns the format; where it has none, its message says what is wrong.
fn advice<T>(parsed: Result<T, ObjectError>) -> Result<(), String> {
    parsed.map(drop).map_err(|error| error.hint().unwrap_or_else(|| error.to_string()))
}

/// The regex crate explains over several lines, with the reason in the last one.
pub(super) fn last_line(text: &str) -> String {
    text.lines().last().unwrap_or_default().trim().trim_start_matches("error: ").to_owned()
}

fn network(text: &str) -> Result<(), String> {
    if !text.contains('/') {
        return Err("the prefix length after `/` is missing".to_owned());
    }
    wordless(text.parse::<ipnet::IpNet>())
}

/// RFC 3339, which is stricter than what date libraries read: no spaces, no week dates, seconds and an offset.
fn date_time(text: &str) -> Result<(), String> {
    let Some((day, time)) = text.split_once(['T', 't']) else {
        return Err("date and time stand around a `T`".to_owned());
    };
    date(day)?;
    let digits = time.as_bytes();
    let clock_is_long_enough = digits.len() > 8 && digits[2] == b':' && digits[5] == b':';
    if !clock_is_long_enough {
        return Err("hours, minutes and seconds have two digits each".to_owned());
    }
    let zone = time.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, ':' | '.'));
    let is_offset = zone.len() == 6 && zone.as_bytes()[3] == b':';
    if !(zone.eq_ignore_ascii_case("z") || is_offset) {
        return Err("the offset from UTC is missing: `Z`, `+02:00`".to_owned());
    }
    wordless(text.parse::<jiff::Timestamp>())
}

fn date(text: &str) -> Result<(), String> {
    if text.len() != 10 || !has_shape(text, "dddd-dd-dd") {
        return Err(String::new());
    }
    wordless(text.parse::<jiff::civil::Date>())
}

/// `d` stands for a digit, `h` for a hexadecimal one, anything else for itself.
fn has_shape(text: &str, shape: &str) -> bool {
    text.len() == shape.len()
        && text.bytes().zip(shape.bytes()).all(|(byte, wanted)| match wanted {
            b'd' => byte.is_ascii_digit(),
            b'h' => byte.is_ascii_hexdigit(),
            other => byte == other,
        })
}

fn uuid(text: &str) -> Result<(), String> {
    if has_shape(text, "hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh") { Ok(()) } else { Err(String::new()) }
}

/// The url crate repairs what browsers repair; a URI in a param is taken as written or not at all.
fn uri(text: &str) -> Result<(), String> {
    if let Some(odd) = text.chars().find(|c| !c.is_ascii_graphic() || "\"<>\\^`{|}".contains(*c)) {
        return Err(format!("`{}` must be percent-encoded", odd.escape_default()));
    }
    url::Url::parse(text).map(drop).map_err(|error| error.to_string())
}

fn hostname(text: &str) -> Result<(), String> {
    if text.len() > 253 {
        return Err("it is longer than 253 characters".to_owned());
    }
    for part in text.split('.') {
        let inner = part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if part.is_empty() || part.len() > 63 || !inner || part.starts_with('-') || part.ends_with('-') {
            return Err(
                "each part between dots has 1 to 63 letters, digits or `-`, and no `-` at its start or end".to_owned()
            );
        }
    }
    Ok(())
}

/// The common form only: no quoted local part, no comments, no address literal.
fn email(text: &str) -> Result<(), String> {
    let Some((local, host)) = text.rsplit_once('@') else { return Err("the `@` is missing".to_owned()) };
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~-.".contains(&byte);
    let dots = local.starts_with('.') || local.ends_with('.') || local.contains("..");
    if local.is_empty() || local.len() > 64 || dots || !local.bytes().all(allowed) {
        return Err("the part before `@` is not valid".to_owned());
    }
    hostname(host)
}

#[cfg(test)]
mod tests {
    use super::Format;

    fn tables() -> Vec<(Format, &'static [&'static str], &'static [&'static str])> {
        use Format as F;
        vec![
            (
                F::LabelSelector,
                &["app=web", "app in (a,b),!old", "a.b/c!=d", "x"],
                &["=web", "app in a", "a b", "app=web=x", "a=ü"],
            ),
            (F::FieldSelector, &["status.phase=Running", "metadata.name!=a,x=y"], &["status.phase", "=x", "a>b"]),
            (F::Quantity, &["1", "500m", "2Gi", "1e3", "0.5", "-1"], &["", "1 Gi", "Gi", "1GiB", "ten", "1_000"]),
            (F::Duration, &["1h30m", "300ms", "0", "1.5h"], &["", "5", "1d", "1h 30m", "h"]),
            (F::IntOrPercent, &["3", "10%", "0", "100%"], &["", "%", "10 %", "a", "1.5", "-1", "10%%"]),
            (F::DnsLabel, &["web-1", "1", "a"], &["", "Web", "-a", "a-", "a.b", "a_b", "a/b"]),
            (F::DnsSubdomain, &["web.example", "a"], &["", "a..b", ".a", "A.b", "a/b"]),
            (F::Cidr, &["10.0.0.0/8", "2001:db8::/32", "10.1.2.3/32"], &["10.0.0.0", "10.0.0.0/33", "10.0.0/8", "x/8"]),
            (F::Ip, &["10.0.0.1", "::1"], &["10.0.0", "010.0.0.1", "localhost", "", "10.0.0.1/8"]),
            (F::Semver, &["1.2.3", "1.0.0-rc.1+build"], &["1.2", "v1.2.3", "1.2.3.4", "01.2.3", ""]),
            (F::Secret, &["", "anything at all"], &[]),
            (
                F::DateTime,
                &["2026-11-24T09:00:00Z", "2026-11-24t09:00:00.123+02:00", "2024-02-29T00:00:00-05:30"],
                &[
                    "2026-11-24",
                    "2026-11-24T09:00:00",
                    "2026-11-24 09:00:00Z",
                    "2026-13-01T00:00:00Z",
                    "2026-11-24T9:00:00Z",
                    "2026-11-24T09:00Z",
                ],
            ),
            (F::Date, &["2026-11-24", "2024-02-29"], &["2026-02-29", "24.11.2026", "2026-1-2", "20261124"]),
            (
                F::Uri,
                &["https://example.com/a?b=c#d", "urn:isbn:0451450523"],
                &["example.com", "/path", "http://a b", "http://", ""],
            ),
            (F::Email, &["ops@example.com", "a.b+c@x.y"], &["ops", "@x", "a@", "a..b@x", "a b@x", "a@-x"]),
            (F::Hostname, &["web", "Web.Example.com", "1.2"], &["", "-a", "a_b", "a..b", "a."]),
            (F::Ipv4, &["10.0.0.1"], &["::1", "256.0.0.1", "1.2.3"]),
            (F::Ipv6, &["::1", "2001:db8::1"], &["10.0.0.1", "2001:db8", "fe80::1%eth0"]),
            (F::Regex, &["^a+$", ""], &["(", "[a", "a{2,1}", "(?=a)"]),
            (
                F::Uuid,
                &["0f8fad5b-d9cb-469f-a165-70867728950e"],
                &["0f8fad5b", "0f8fad5bd9cb469fa16570867728950e", "gf8fad5b-d9cb-469f-a165-70867728950e"],
            ),
            (
                F::ImageReference,
                &[
                    "nginx",
                    "nginx:1.2",
                    "registry.example:5000/team/web:1.2",
                    "a/b@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
                    "localhost/a__b/c-d.e:V_1",
                ],
                &[
                    "",
                    "Nginx",
                    "nginx:",
                    "nginx:-a",
                    "a//b",
                    "/a",
                    "a/",
                    "a@sha256:abc",
                    "a b",
                    "a:1:2",
                    "https://a/b",
                    "a_-b",
                    "-a/b",
                ],
            ),
        ]
    }

    #[test]
    fn takes_every_good_text_and_refuses_every_bad_one() {
        for (format, good, bad) in tables() {
            for text in good {
                assert_eq!(format.check(text), Ok(()), "{format} should take {text:?}");
            }
            for text in bad {
                assert!(format.check(text).is_err(), "{format} should refuse {text:?}");
            }
        }
    }

    #[test]
    fn has_a_table_for_every_format() {
        for format in Format::ALL {
            assert!(tables().iter().any(|(known, ..)| *known == format), "{format}");
        }
    }

    #[test]
    fn takes_its_own_example_and_finds_its_own_name() {
        for format in Format::ALL {
            assert_eq!(format.check(format.example()), Ok(()), "{format}");
            assert_eq!(Format::find(format.name()), Some(format));
        }
    }
}
