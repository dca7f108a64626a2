//! [`Allow`]: what a runbook says it needs to touch.

use super::error::Part;
use super::reader::Reader;
use crate::value::{FieldPath, Map, Node};

/// What a run of the runbook may touch, in the author's words. Nothing by default.
///
/// It is read and its shape is checked, so that headers written today stay valid. It is not enforced yet: until it is, a
/// run may do whatever the caller's credentials allow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Allow {
    /// Calls to the target, in the words of RBAC.
    pub kubernetes: Vec<PolicyRule>,
    /// Paths that may be read.
    pub read: Vec<String>,
    /// Paths that may be written.
    pub write: Vec<String>,
    /// Hosts that may be called: `host` or `host:port`.
    pub net: Vec<String>,
    /// Environment variables that may be read.
    pub env: Vec<String>,
    /// Programs that may be started.
    pub run: Vec<String>,
    /// Names of other targets that may be used.
    pub clusters: Vec<String>,
}

/// A rule as in a Role or ClusterRole (`rbac.authorization.k8s.io/v1`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PolicyRule {
    /// API groups; the empty text is the core group, `*` is all.
    pub api_groups: Vec<String>,
    /// Plural resource names, `pods/eviction` for a subresource, `*` for all.
    pub resources: Vec<String>,
    /// Verbs, `*` for all.
    pub verbs: Vec<String>,
    /// Names of objects; empty for all.
    pub resource_names: Vec<String>,
}

const KEYS: [&str; 7] = ["kubernetes", "read", "write", "net", "env", "run", "clusters"];
const RULE_KEYS: [&str; 4] = ["apiGroups", "resources", "verbs", "resourceNames"];

/// The verbs of Kubernetes' own authorizers.
const VERBS: [&str; 15] = [
    "get",
    "list",
    "watch",
    "create",
    "update",
    "patch",
    "delete",
    "deletecollection",
    "*",
    "use",
    "bind",
    "escalate",
    "impersonate",
    "approve",
    "sign",
];

/// Reads the `allow` part of a header.
pub(super) fn read(reader: &mut Reader, value: &Node, path: &FieldPath) -> Allow {
    let Some(map) = reader.map(value, path) else { return Allow::default() };
    reader.only(map, path, "`allow`", &KEYS);
    let rules = map.get("kubernetes").map(|rules| reader.items(rules, &path.key("kubernetes"))).unwrap_or_default();
    Allow {
        kubernetes: rules.into_iter().filter_map(|(path, rule)| policy_rule(reader, rule, &path)).collect(),
        read: words(reader, map, path, "read", &PATH),
        write: words(reader, map, path, "write", &PATH),
        net: words(reader, map, path, "net", &HOST),
        env: words(reader, map, path, "env", &VARIABLE),
        run: words(reader, map, path, "run", &PROGRAM),
        clusters: words(reader, map, path, "clusters", &TARGET),
    }
}

fn policy_rule(reader: &mut Reader, value: &Node, path: &FieldPath) -> Option<PolicyRule> {
    let map = reader.map(value, path)?;
    reader.only(map, path, "a rule of `allow.kubernetes`", &RULE_KEYS);
    for key in ["apiGroups", "resources", "verbs"] {
        match map.get(key) {
            None => reader.missing(path, key, "the rule", rule_hint(key)),
            Some(list) if list.as_list().is_some_and(<[Node]>::is_empty) => {
                let problem = format!("`{key}` is empty, so the rule allows nothing");
                reader.contradiction(&path.key(key), Part::Value, problem, Some(rule_hint(key)));
            }
            Some(_) => {}
        }
    }
    Some(PolicyRule {
        api_groups: words(reader, map, path, "apiGroups", &GROUP),
        resources: words(reader, map, path, "resources", &RESOURCE),
        verbs: verbs(reader, map, path),
        resource_names: words(reader, map, path, "resourceNames", &OBJECT),
    })
}

fn rule_hint(key: &str) -> &'static str {
    match key {
        "apiGroups" => "write `apiGroups: [\"\"]` for the core group, `[apps]` for another",
        "resources" => "write plural names: `resources: [pods, deployments/scale]`",
        _ => "write verbs of RBAC: `verbs: [get, list, watch]`",
    }
}

fn verbs(reader: &mut Reader, map: &Map, path: &FieldPath) -> Vec<String> {
    let Some(value) = map.get("verbs") else { return Vec::new() };
    let mut verbs = Vec::new();
    for (path, text) in reader.texts(value, &path.key("verbs")) {
        if !VERBS.contains(&text) {
            let hint =
                crate::diag::did_you_mean(text, VERBS).unwrap_or_else(|| format!("known are {}", VERBS.join(", ")));
            reader.wrong(&path, &Node::from(text), "a verb of RBAC", Some(&hint));
        }
        verbs.push(text.to_owned());
    }
    verbs
}

/// The shape of a word, and how messages call it.
struct Shape {
    wanted: &'static str,
    hint: &'static str,
    fits: fn(&str) -> bool,
}

const PATH: Shape = Shape { wanted: "a path", hint: "write a path such as `./values`", fits: is_plain };
const PROGRAM: Shape = Shape { wanted: "a program", hint: "write its name, such as `helm`", fits: is_plain };
const TARGET: Shape =
    Shape { wanted: "the name of a target", hint: "write its name, such as `prod-eu`", fits: is_plain };
const OBJECT: Shape = Shape { wanted: "the name of an object", hint: "write its name, such as `web`", fits: is_plain };
const HOST: Shape =
    Shape { wanted: "`host` or `host:port`", hint: "leave out scheme and path: `example.com:443`", fits: is_host };
const VARIABLE: Shape = Shape {
    wanted: "the name of an environment variable",
    hint: "letters, digits and `_`, no digit first, no `$`",
    fits: is_variable,
};
const GROUP: Shape = Shape {
    wanted: "an API group",
    hint: "the group without its version: `apps`; the core group is `\"\"`",
    fits: |text| text.is_empty() || text == "*" || is_lower(text, ".-"),
};
const RESOURCE: Shape = Shape {
    wanted: "a plural resource name",
    hint: "as in the API's paths: `pods`, `pods/eviction`, `poddisruptionbudgets`",
    fits: |text| {
        let (resource, sub) = text.split_once('/').unwrap_or((text, "*"));
        [resource, sub].iter().all(|part| *part == "*" || is_lower(part, ".-"))
    },
};

fn words(reader: &mut Reader, map: &Map, path: &FieldPath, key: &str, shape: &Shape) -> Vec<String> {
    let Some(value) = map.get(key) else { return Vec::new() };
    let mut words = Vec::new();
    for (path, text) in reader.texts(value, &path.key(key)) {
        if !(shape.fits)(text) {
            reader.wrong(&path, &Node::from(text), shape.wanted, Some(shape.hint));
        }
        words.push(text.to_owned());
    }
    words
}

fn is_plain(text: &str) -> bool {
    !text.trim().is_empty() && !text.contains(char::is_control)
}

fn is_lower(text: &str, also: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || also.contains(c);
    !text.is_empty() && text.chars().all(fits)
}

fn is_variable(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '_';
    !text.is_empty() && !text.starts_with(|c: char| c.is_ascii_digit()) && text.chars().all(fits)
}

fn is_host(text: &str) -> bool {
    let (host, port) = match text.rsplit_once(':') {
        // An IPv6 address stands in brackets where a port may follow.
        Some((host, port)) if !text.ends_with(']') => (host, Some(port)),
        _ => (text, None),
    };
    let bracketed = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let is_name =
        |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'));
    let fits = bracketed.map_or_else(|| is_name(host), |address| address.parse::<std::net::Ipv6Addr>().is_ok());
    fits && port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0))
}

#[cfg(test)]
mod tests {
    use super::is_host;

    #[test]
    fn tells_hosts_from_addresses_of_pages() {
        for good in ["example.com", "example.com:443", "10.0.0.1", "[::1]:80", "[::1]"] {
            assert!(is_host(good), "{good}");
        }
        for bad in
            ["", "https://example.com", "example.com/x", "example.com:0", "example.com:http", "::1", "a b", ":80"]
        {
            assert!(!is_host(bad), "{bad}");
        }
    }
}
