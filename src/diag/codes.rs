//! The registry of error codes. A code is never reused and never changes its meaning; each has a page in the book.

use std::fmt;

/// A registered error code: its name (`E0305`), the word scripts compare with `err.kind`, and its title.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Code {
    name: &'static str,
    kind: &'static str,
    title: &'static str,
}

impl Code {
    /// The code itself, `E` and four digits.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.name
    }

    /// The word for scripts: `err.kind == "not_found"`. Several codes may share one.
    #[must_use]
    pub fn kind(self) -> &'static str {
        self.kind
    }

    /// What the code means, in a few words.
    #[must_use]
    pub fn title(self) -> &'static str {
        self.title
    }

    /// The registered code of that name.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        ALL.iter().copied().find(|code| code.name.eq_ignore_ascii_case(name))
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

macro_rules! registry {
    ($($constant:ident = $name:literal, $kind:literal, $title:literal;)+) => {
        $(#[doc = concat!("`", $name, "`: ", $title, ".")]
        pub const $constant: Code = Code { name: $name, kind: $kind, title: $title };)+

        /// Every registered code, ascending.
        pub const ALL: &[Code] = &[$($constant),+];
    };
}

registry! {
    // 00: the tool itself
    INTERNAL = "E0001", "internal", "internal error, a defect of Rutter";
    USAGE = "E0002", "usage", "wrong usage of the command line";
    INTERRUPTED = "E0003", "interrupted", "the run was interrupted";
    DEADLINE = "E0004", "timeout", "the run reached its deadline";
    OUTPUT = "E0005", "output", "the output could not be written";

    // 01: scripts
    SCRIPT_SYNTAX = "E0101", "syntax", "the script does not parse";
    UNKNOWN_FUNCTION = "E0102", "unknown_function", "no function of that name";
    WRONG_ARITY = "E0103", "wrong_arity", "wrong number of arguments";
    WRONG_TYPE = "E0104", "wrong_type", "an argument has the wrong type";
    UNKNOWN_OPTION = "E0105", "unknown_option", "unknown option";
    UNKNOWN_VARIABLE = "E0106", "unknown_variable", "no variable of that name";
    UNKNOWN_PROPERTY = "E0107", "unknown_property", "no property of that name";
    MODULE_NOT_FOUND = "E0108", "module_not_found", "the module does not exist";
    MODULE_OUTSIDE = "E0109", "module_outside", "an import leads out of the package";
    MODULE_CYCLE = "E0110", "module_cycle", "modules import each other in a circle";
    SCRIPT_LIMIT = "E0111", "limit", "the script did more than its limit allows";
    DATA_TOO_LARGE = "E0112", "too_large", "a value grew over its limit";
    CALL_DEPTH = "E0113", "limit", "calls are nested too deeply";
    FAILED = "E0114", "failed", "the script failed on purpose";
    ASSERTION = "E0115", "assertion", "an assertion does not hold";
    SOURCE_TOO_LARGE = "E0116", "too_large", "a source file is over its limit";
    ARITHMETIC = "E0117", "arithmetic", "arithmetic error";
    INDEX = "E0118", "index", "index out of bounds";
    SCRIPT_TYPE = "E0119", "wrong_type", "an operation got a value of the wrong type";
    INVALID_ARGUMENT = "E0120", "invalid_argument", "an argument has a value that is not allowed";
    CONSTANT = "E0121", "constant", "a constant cannot be changed";
    RESERVED_NAME = "E0122", "reserved_name", "the name is reserved";
    SCRIPT_NOT_FOUND = "E0123", "file", "the script could not be read";
    BLOCKED = "E0124", "blocked", "the script stopped because something is in the way";

    // 013: the runbook's header and params
    HEADER = "E0130", "header", "the runbook's header is not valid";
    UNKNOWN_PARAM = "E0131", "unknown_param", "no param of that name";
    MISSING_PARAM = "E0132", "missing_param", "a required param is missing";
    INVALID_PARAM = "E0133", "invalid_param", "a param has a value that its schema does not allow";
    RESERVED_PARAM = "E0134", "reserved_param", "a param has the name of an option of Rutter";

    // 02: which cluster, which kind, which name
    NO_KUBECONFIG = "E0201", "no_cluster", "no cluster is configured";
    KUBECONFIG = "E0202", "kubeconfig", "the kubeconfig is not valid";
    UNKNOWN_CONTEXT = "E0203", "kubeconfig", "no such context, cluster or user in the kubeconfig";
    UNKNOWN_KIND = "E0204", "unknown_kind", "no kind of that name";
    AMBIGUOUS_KIND = "E0205", "ambiguous_kind", "several kinds have that name";
    PLUGIN_FAILED = "E0206", "credentials", "a credential plugin failed";
    PLUGIN_REFUSED = "E0207", "credentials", "a credential plugin is not allowed to run";
    INSECURE = "E0208", "insecure", "an insecure connection was refused";
    TLS = "E0209", "tls", "the server or its certificate is not trusted";
    INVALID_NAME = "E0210", "invalid_name", "a name that no object can have";
    NAMESPACE = "E0211", "namespace", "a namespace is missing or not wanted";
    INVALID_SELECTOR = "E0212", "invalid_selector", "the selector does not parse";
    DISCOVERY = "E0213", "discovery", "the cluster's kinds could not be read";
    CREDENTIALS = "E0214", "credentials", "a credential could not be read";
    UNKNOWN_TARGET = "E0215", "no_cluster", "no such target";
    INVALID_OBJECT = "E0216", "invalid_object", "the value is not a Kubernetes object";
    UNKNOWN_FIELD = "E0217", "unknown_field", "the kind has no field of that name";

    // 03: calls to a cluster
    UNREACHABLE = "E0301", "unreachable", "the API server cannot be reached";
    TIMEOUT = "E0302", "timeout", "a call took longer than its deadline";
    UNAUTHORIZED = "E0303", "unauthorized", "the cluster does not know who is asking";
    FORBIDDEN = "E0304", "forbidden", "the caller may not do this";
    NOT_FOUND = "E0305", "not_found", "the object does not exist";
    ALREADY_EXISTS = "E0306", "already_exists", "an object of that name exists already";
    CONFLICT = "E0307", "conflict", "the object was changed or replaced meanwhile";
    FIELD_CONFLICT = "E0308", "conflict", "another field manager owns a field";
    INVALID = "E0309", "invalid", "the API server refuses the object";
    TOO_MANY_REQUESTS = "E0310", "too_many_requests", "the API server is too busy";
    NOT_READY = "E0311", "timeout", "a condition was not met in time";
    WAIT_FAILED = "E0312", "failed", "a condition can no longer be met";
    IN_DOUBT = "E0313", "in_doubt", "it is unknown whether a write was done";
    SERVER_ERROR = "E0314", "server_error", "the API server failed";
    RESPONSE_TOO_LARGE = "E0315", "too_large", "an answer was larger than its limit";
    MALFORMED_RESPONSE = "E0316", "malformed", "an answer could not be understood";
    EXPIRED = "E0317", "expired", "a list or watch is older than the server remembers";
    EVICTION_BLOCKED = "E0318", "blocked", "a disruption budget does not allow the eviction";
    EVICTION_INCOMPLETE = "E0319", "blocked", "not all pods could be evicted";
    REDIRECT = "E0320", "redirect", "the server sent the call to another place";
    BAD_REQUEST = "E0321", "bad_request", "the API server does not understand the call";
    EXEC = "E0322", "exec", "a command in a container failed";
    UNSUPPORTED = "E0323", "unsupported", "the API server does not support the call";
    WATCH = "E0324", "watch", "a watch ended or stalled";
    ADMISSION = "E0325", "denied", "an admission rule denied the call";

    // 04: values
    YAML = "E0401", "yaml", "the YAML does not parse";
    JSON = "E0402", "json", "the JSON does not parse";
    DUPLICATE_KEY = "E0403", "duplicate_key", "a key stands twice in one map";
    VALUE_BUDGET = "E0404", "too_large", "a document is over its budget";
    ENCODING = "E0405", "encoding", "the text is not UTF-8";
    UNREPRESENTABLE = "E0406", "unrepresentable", "the value has no form in the wanted format";
    QUANTITY = "E0407", "quantity", "the quantity does not parse";
    DURATION = "E0408", "duration", "the duration does not parse";
    SHAPE = "E0409", "shape", "a value has not the expected shape";
    ABSENT_FIELD = "E0410", "absent", "a required field is absent";
    DECODE = "E0411", "decode", "the text does not decode";
    PATTERN = "E0412", "pattern", "the pattern does not parse";
    FIELD_PATH = "E0413", "path", "the field path does not parse";

    // 05: the world beside the clusters
    FILE = "E0501", "file", "a file could not be read or written";
    HTTP = "E0502", "http", "an HTTP call failed";
    PROCESS = "E0503", "process", "a program failed";
    ENV = "E0504", "env", "an environment variable could not be read";
    SECRET = "E0505", "secret", "a secret could not be read";
    DOOR_CLOSED = "E0506", "denied", "the embedder does not offer this";
}
