//! Impersonation headers: <https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation>.

use super::ConnectError;
use super::entry::Impersonation;
use http::{HeaderMap, HeaderName, HeaderValue};

pub(super) fn headers(act_as: &Impersonation) -> Result<HeaderMap, ConnectError> {
    let mut headers = HeaderMap::new();
    let Some(user) = &act_as.user else {
        if *act_as == Impersonation::default() {
            return Ok(headers);
        }
        return Err(invalid("a group or uid to act as needs a user to act as", Some("add --as USER")));
    };
    headers.insert("impersonate-user", value(user)?);
    if let Some(uid) = &act_as.uid {
        headers.insert("impersonate-uid", value(uid)?);
    }
    for group in &act_as.groups {
        headers.append("impersonate-group", value(group)?);
    }
    for (key, values) in &act_as.extra {
        let name = format!("impersonate-extra-{}", escaped(key));
        let name = HeaderName::try_from(name).map_err(|_| invalid("a key of as-user-extra is not valid", None))?;
        for extra in values {
            headers.append(&name, value(extra)?);
        }
    }
    Ok(headers)
}

fn value(text: &str) -> Result<HeaderValue, ConnectError> {
    HeaderValue::from_str(text).map_err(|_| invalid("a name to act as has a control character", None))
}

fn invalid(problem: &str, hint: Option<&'static str>) -> ConnectError {
    ConnectError::Credential { subject: "impersonation".to_owned(), problem: problem.to_owned(), hint }
}

/// Keys are lower case, and what no header name can hold is percent-encoded (`a/b` is `a%2fb`).
fn escaped(key: &str) -> String {
    let mut name = String::with_capacity(key.len());
    for byte in key.to_lowercase().bytes() {
        let plain = byte.is_ascii_alphanumeric() || b"!#$&'*+-.^_`|~".contains(&byte);
        if plain {
            name.push(char::from(byte));
        } else {
            name.push_str(&format!("%{byte:02x}"));
        }
    }
    name
}
