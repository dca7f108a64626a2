//! What a request to an API server is about, read from its method, path and query as the API server itself does
//! (`RequestInfoFactory` in k8s.io/apiserver), and the paths of requests built from typed parts.
//!
//! Only requests whose meaning is certain come out of here. Whatever the server might read differently (percent-encoded
//! bytes, empty or dot segments, repeated options, the old `/watch/` and `/proxy/` prefixes) is refused before a byte is sent.

use super::Resource;
use http::{Method, Uri};
use std::fmt;

/// What the server is asked to do, in the words of RBAC; `Connect` stands for exec, attach, port forward and proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Verb {
    /// Read one object, or a path that is no resource, such as `/version`.
    Get,
    /// Read many.
    List,
    /// Follow changes.
    Watch,
    /// Create an object, or call a subresource such as `eviction`.
    Create,
    /// Replace.
    Update,
    /// Change in part; server-side apply too.
    Patch,
    /// Delete one.
    Delete,
    /// Delete many.
    DeleteCollection,
    /// A stream into a pod, node or service.
    Connect,
}

impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Get => "get",
            Self::List => "list",
            Self::Watch => "watch",
            Self::Create => "create",
            Self::Update => "update",
            Self::Patch => "patch",
            Self::Delete => "delete",
            Self::DeleteCollection => "deletecollection",
            Self::Connect => "connect",
        })
    }
}

/// What a request is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestInfo {
    /// What is done.
    pub verb: Verb,
    /// API group, empty for the core group and for paths that are no resource.
    pub group: String,
    /// API version; empty for a path that is no resource.
    pub version: String,
    /// Plural name of the resource; empty for a path that is no resource.
    pub resource: String,
    /// Subresource, or empty.
    pub subresource: String,
    /// Namespace, or empty.
    pub namespace: String,
    /// Name of the object, or empty. A list or watch by `fieldSelector=metadata.name=x` has it too, as in RBAC.
    pub name: String,
    /// Whether the server is asked to change nothing.
    pub dry_run: bool,
}

/// Why a request cannot be sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}: `{}`", crate::diag::printable(part))]
pub struct InvalidPath {
    /// What is wrong.
    pub why: &'static str,
    /// The offending part.
    pub part: String,
}

impl InvalidPath {
    fn new(why: &'static str, part: impl Into<String>) -> Self {
        Self { why, part: part.into() }
    }
}

/// The longest name of any object.
const LONGEST_NAME: usize = 253;

/// Paths of the server that are no resources and may be read.
const PLAIN_PATHS: [&str; 9] =
    ["version", "healthz", "livez", "readyz", "metrics", "openapi", "api", "apis", ".well-known"];

/// Options of calls to resources. Another one is more likely a name that holds a `?` than an option of the future.
const OPTIONS: [&str; 30] = [
    "allowWatchBookmarks",
    "container",
    "continue",
    "dryRun",
    "fieldManager",
    "fieldSelector",
    "fieldValidation",
    "follow",
    "force",
    "gracePeriodSeconds",
    "ignoreStoreReadErrorWithClusterBreakingPotential",
    "includeObject",
    "insecureSkipTLSVerifyBackend",
    "labelSelector",
    "limit",
    "limitBytes",
    "orphanDependents",
    "pretty",
    "previous",
    "propagationPolicy",
    "resourceVersion",
    "resourceVersionMatch",
    "sendInitialEvents",
    "sinceSeconds",
    "sinceTime",
    "stream",
    "tailLines",
    "timeoutSeconds",
    "timestamps",
    "watch",
];

impl RequestInfo {
    /// Reads what the request is about.
    ///
    /// # Errors
    /// The path or the query has a form that the API server could read in another way, or does not know.
    pub fn parse(method: &Method, uri: &Uri) -> Result<Self, InvalidPath> {
        let parts = segments(uri.path())?;
        let options = Options::parse(uri.query().unwrap_or_default())?;
        match parts.as_slice() {
            ["api", version, rest @ ..] if !rest.is_empty() => Self::of_resource(method, "", version, rest, &options),
            ["apis", group, version, rest @ ..] if !rest.is_empty() => {
                Self::of_resource(method, group, version, rest, &options)
            }
            [first, ..] if PLAIN_PATHS.contains(first) => Self::of_plain_path(method, uri),
            _ => Err(InvalidPath::new("no path of the Kubernetes API", uri.path())),
        }
    }

    /// Whether this names a resource; if not it is a path such as `/version`.
    #[must_use]
    pub fn is_resource(&self) -> bool {
        !self.resource.is_empty()
    }

    /// Whether the server's state may change: a dry run does not, and neither do questions that are asked by POST, such as
    /// a `SelfSubjectAccessReview`.
    #[must_use]
    pub fn is_mutating(&self) -> bool {
        let reads = matches!(self.verb, Verb::Get | Verb::List | Verb::Watch);
        !reads && !self.dry_run && !self.is_review()
    }

    /// Whether this is a question in the form of a POST.
    #[must_use]
    pub fn is_review(&self) -> bool {
        matches!(self.group.as_str(), "authorization.k8s.io" | "authentication.k8s.io")
            && self.resource.ends_with("reviews")
    }

    fn of_plain_path(method: &Method, uri: &Uri) -> Result<Self, InvalidPath> {
        if *method != Method::GET && *method != Method::HEAD {
            return Err(InvalidPath::new("this path can only be read", uri.path()));
        }
        Ok(Self {
            verb: Verb::Get,
            group: String::new(),
            version: String::new(),
            resource: String::new(),
            subresource: String::new(),
            namespace: String::new(),
            name: String::new(),
            dry_run: false,
        })
    }

    /// `rest` is what follows the version, at least one part.
    fn of_resource(
        method: &Method,
        group: &str,
        version: &str,
        rest: &[&str],
        options: &Options,
    ) -> Result<Self, InvalidPath> {
        if matches!(rest[0], "watch" | "proxy") {
            return Err(InvalidPath::new("the API server no longer has paths with this prefix", rest[0]));
        }
        // `/namespaces/x/pods` is about pods, `/namespaces/x` and `/namespaces/x/finalize` are about the namespace itself.
        let (namespace, parts) = match rest {
            ["namespaces", namespace, "status" | "finalize", ..] | ["namespaces", namespace] => (*namespace, rest),
            ["namespaces", namespace, inner @ ..] => (*namespace, inner),
            _ => ("", rest),
        };
        let resource = parts[0];
        let mut name = parts.get(1).copied().unwrap_or_default().to_owned();
        let subresource = parts.get(2).copied().unwrap_or_default();
        if parts.len() > 3 && subresource != "proxy" {
            return Err(InvalidPath::new("a path ends after the subresource", parts[3]));
        }
        if name.len() > LONGEST_NAME {
            return Err(InvalidPath::new("a name has at most 253 characters", name));
        }
        let verb = verb_of(method, &name, subresource, options)?;
        if verb != Verb::Connect {
            options.check_known()?;
        }
        if matches!(verb, Verb::List | Verb::Watch) && name.is_empty() {
            name = options.selected_name().unwrap_or_default();
        }
        Ok(Self {
            verb,
            group: group.to_owned(),
            version: version.to_owned(),
            resource: resource.to_owned(),
            subresource: subresource.to_owned(),
            namespace: namespace.to_owned(),
            name,
            dry_run: options.get("dryRun") == Some("All"),
        })
    }
}

fn verb_of(method: &Method, name: &str, subresource: &str, options: &Options) -> Result<Verb, InvalidPath> {
    if matches!(subresource, "exec" | "attach" | "portforward" | "proxy") {
        return Ok(Verb::Connect);
    }
    Ok(match (method.as_str(), name.is_empty()) {
        ("GET" | "HEAD", false) => Verb::Get,
        ("GET" | "HEAD", true) if options.is_watch() => Verb::Watch,
        ("GET" | "HEAD", true) => Verb::List,
        ("POST", true) => Verb::Create,
        ("POST", false) if !subresource.is_empty() => Verb::Create,
        ("PUT", false) => Verb::Update,
        ("PATCH", false) => Verb::Patch,
        ("DELETE", false) => Verb::Delete,
        ("DELETE", true) => Verb::DeleteCollection,
        (other, _) => return Err(InvalidPath::new("this method does not fit this path", other)),
    })
}

/// The parts of a path, none of which the server could read as anything but itself.
fn segments(path: &str) -> Result<Vec<&str>, InvalidPath> {
    let Some(inner) = path.strip_prefix('/') else {
        return Err(InvalidPath::new("a path starts with a slash", path));
    };
    let parts: Vec<&str> = inner.split('/').collect();
    // A slash at the end is an empty name: `DELETE …/pods/` would be read as `DELETE …/pods`, all of them.
    for part in &parts {
        check_segment(part)?;
    }
    Ok(parts)
}

/// Whether a text can stand as one part of a path (`IsValidPathSegmentName` in k8s.io/apimachinery, and no byte that
/// would have to be encoded).
pub(crate) fn check_segment(part: &str) -> Result<(), InvalidPath> {
    if part.is_empty() {
        return Err(InvalidPath::new("an empty part in a path", part));
    }
    if part == "." || part == ".." {
        return Err(InvalidPath::new("a part of a path that leads elsewhere", part));
    }
    // RBAC names hold colons; nothing that Kubernetes names holds more than these.
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:@!$&'()*+,;=".contains(&byte);
    match part.bytes().find(|&byte| !plain(byte)) {
        None => Ok(()),
        Some(b'%') => Err(InvalidPath::new("an encoded character in a path", part)),
        Some(_) => Err(InvalidPath::new("a character that no path of the API holds", part)),
    }
}

/// A request's options, decoded.
struct Options(Vec<(String, String)>);

impl Options {
    fn parse(query: &str) -> Result<Self, InvalidPath> {
        let pairs: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        for (at, (key, _)) in pairs.iter().enumerate() {
            // The words of a command and the ports of a forward are the only lists among options.
            if !matches!(key.as_str(), "command" | "ports") && pairs[..at].iter().any(|(earlier, _)| earlier == key) {
                return Err(InvalidPath::new("an option stands twice", key));
            }
        }
        let options = Self(pairs);
        match options.get("dryRun") {
            None | Some("All") => Ok(options),
            Some(other) => Err(InvalidPath::new("`dryRun` can only be `All`", other)),
        }
    }

    fn check_known(&self) -> Result<(), InvalidPath> {
        match self.0.iter().find(|(key, _)| !OPTIONS.contains(&key.as_str())) {
            None => Ok(()),
            Some((key, _)) => Err(InvalidPath::new("an option that the Kubernetes API does not have", key)),
        }
    }

    fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
    }

    /// As the server reads it: anything but `false` and `0` asks for a watch, even nothing.
    fn is_watch(&self) -> bool {
        self.get("watch").is_some_and(|value| !matches!(value.to_ascii_lowercase().as_str(), "false" | "0"))
    }

    fn selected_name(&self) -> Option<String> {
        let terms = self.get("fieldSelector")?.split(',');
        let name = terms.filter_map(|term| term.strip_prefix("metadata.name=")).next()?;
        let name = name.strip_prefix('=').unwrap_or(name);
        check_segment(name).is_ok().then(|| name.to_owned())
    }
}

/// The path of a resource's collection: `/apis/apps/v1/namespaces/shop/deployments`.
pub(crate) fn collection_path(resource: &Resource, namespace: Option<&str>) -> String {
    let mut path = String::with_capacity(96);
    if resource.group.is_empty() {
        path.push_str("/api/");
    } else {
        path.push_str("/apis/");
        path.push_str(&resource.group);
        path.push('/');
    }
    path.push_str(&resource.version);
    if let Some(namespace) = namespace {
        path.push_str("/namespaces/");
        path.push_str(namespace);
    }
    path.push('/');
    path.push_str(&resource.plural);
    path
}

/// The path of one object, or of a subresource of it.
pub(crate) fn object_path(resource: &Resource, namespace: Option<&str>, name: &str, subresource: &str) -> String {
    let mut path = collection_path(resource, namespace);
    path.push('/');
    path.push_str(name);
    if !subresource.is_empty() {
        path.push('/');
        path.push_str(subresource);
    }
    path
}

/// A path with its options, encoded. Options without a value are left out.
pub(crate) fn with_options(path: &str, options: &[(&str, Option<String>)]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (key, value) in options {
        if let Some(value) = value {
            query.append_pair(key, value);
        }
    }
    let query = query.finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

#[cfg(test)]
mod tests {
    use super::RequestInfo;
    use http::{Method, Uri};

    fn parse(method: &Method, path: &str) -> Result<RequestInfo, super::InvalidPath> {
        RequestInfo::parse(method, &path.parse::<Uri>().unwrap())
    }

    fn summary(method: &Method, path: &str) -> String {
        let info = parse(method, path).unwrap();
        format!(
            "{} {}|{}|{}/{}|{}|{}",
            info.verb, info.group, info.version, info.resource, info.subresource, info.namespace, info.name
        )
    }

    #[test]
    fn reads_paths_as_the_api_server_does() {
        let cases = [
            (Method::GET, "/api/v1/namespaces", "list |v1|namespaces/||"),
            (Method::GET, "/api/v1/namespaces/other", "get |v1|namespaces/|other|other"),
            (Method::GET, "/api/v1/namespaces/other/pods", "list |v1|pods/|other|"),
            (Method::GET, "/api/v1/namespaces/other/pods/foo", "get |v1|pods/|other|foo"),
            (Method::HEAD, "/api/v1/namespaces/other/pods/foo", "get |v1|pods/|other|foo"),
            (Method::GET, "/api/v1/pods", "list |v1|pods/||"),
            (Method::GET, "/api/v1/namespaces/other/pods?watch=true", "watch |v1|pods/|other|"),
            (Method::GET, "/api/v1/namespaces/other/pods?watch=", "watch |v1|pods/|other|"),
            (Method::GET, "/api/v1/namespaces/other/pods?watch=false", "list |v1|pods/|other|"),
            (Method::GET, "/api/v1/pods?watch=0", "list |v1|pods/||"),
            (Method::GET, "/api/v1/pods?fieldSelector=metadata.name%3Dfoo", "list |v1|pods/||foo"),
            (Method::GET, "/api/v1/pods?fieldSelector=metadata.name%3D..%2Fx", "list |v1|pods/||"),
            (Method::PUT, "/api/v1/namespaces/other/finalize", "update |v1|namespaces/finalize|other|other"),
            (Method::PUT, "/api/v1/namespaces/other/status", "update |v1|namespaces/status|other|other"),
            (Method::POST, "/api/v1/namespaces/other/pods", "create |v1|pods/|other|"),
            (Method::POST, "/api/v1/namespaces/other/pods/foo/eviction", "create |v1|pods/eviction|other|foo"),
            (
                Method::POST,
                "/api/v1/namespaces/other/pods/foo/exec?command=a&command=b",
                "connect |v1|pods/exec|other|foo",
            ),
            (Method::PATCH, "/apis/apps/v1/namespaces/x/deployments/y", "patch apps|v1|deployments/|x|y"),
            (Method::DELETE, "/api/v1/namespaces/other/pods/foo", "delete |v1|pods/|other|foo"),
            (Method::DELETE, "/api/v1/namespaces/other/pods", "deletecollection |v1|pods/|other|"),
            (Method::GET, "/version", "get ||/||"),
            (Method::GET, "/apis/apps/v1", "get ||/||"),
        ];
        for (method, path, expected) in cases {
            assert_eq!(summary(&method, path), expected, "{method} {path}");
        }
    }

    #[test]
    fn refuses_what_a_server_could_read_differently() {
        let cases = [
            (Method::GET, "/api/v1/namespaces/x/pods/a%2fb"),
            (Method::GET, "/api/v1/namespaces/x/pods/%2e%2e"),
            (Method::GET, "/api/v1/namespaces/x/pods/../secrets"),
            (Method::GET, "/api/v1/namespaces/x/pods/."),
            (Method::GET, "/api/v1/namespaces//pods"),
            (Method::DELETE, "/api/v1/namespaces/x/pods/"),
            (Method::DELETE, "//api/v1/pods"),
            (Method::GET, "/api/v1/watch/pods"),
            (Method::GET, "/api/v1/proxy/nodes/x"),
            (Method::GET, "/api/v1/namespaces/x/pods/a/log/more"),
            (Method::GET, "/api/v1/namespaces/x/pods/a?x=y"),
            (Method::PATCH, "/api/v1/namespaces/x/pods/a?dryRun=All&dryRun="),
            (Method::PATCH, "/api/v1/namespaces/x/pods/a?dryRun=all"),
            (Method::POST, "/api/v1/namespaces/x/pods/a"),
            (Method::PUT, "/api/v1/namespaces/x/pods"),
            (Method::POST, "/version"),
            (Method::GET, "/etc/passwd"),
            (Method::GET, "/"),
        ];
        for (method, path) in cases {
            assert!(parse(&method, path).is_err(), "{method} {path}");
        }
        let long = format!("/api/v1/namespaces/x/pods/{}", "a".repeat(254));
        assert!(parse(&Method::GET, &long).is_err());
    }

    #[test]
    fn tells_a_dry_run_and_a_question_from_a_write() {
        assert!(parse(&Method::DELETE, "/api/v1/namespaces/x/pods/a").unwrap().is_mutating());
        assert!(!parse(&Method::DELETE, "/api/v1/namespaces/x/pods/a?dryRun=All").unwrap().is_mutating());
        assert!(!parse(&Method::POST, "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews").unwrap().is_mutating());
        assert!(parse(&Method::POST, "/api/v1/namespaces/x/serviceaccounts/a/token").unwrap().is_mutating());
    }
}
