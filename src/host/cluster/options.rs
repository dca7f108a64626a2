//! Options that several cluster calls share, so that one word means one thing.

use crate::host::{Opt, Type};

pub(super) const NAMESPACE: Opt =
    Opt { name: "namespace", kind: Type::Text, text: "The namespace.", default: "the target's default namespace" };

pub(super) const NAMESPACES: Opt = Opt {
    name: "namespace",
    kind: Type::Text,
    text: "The namespace; `\"*\"` for all of them.",
    default: "the target's default namespace",
};

pub(super) const LABELS: Opt = Opt {
    name: "labels",
    kind: Type::Selector,
    text: "A label selector: `\"app=web,tier!=cache\"` or `#{ app: \"web\" }`.",
    default: "all objects",
};

pub(super) const FIELDS: Opt = Opt {
    name: "fields",
    kind: Type::Text,
    text: "A field selector, as in `\"spec.nodeName=node-1\"`; servers know few fields of each kind.",
    default: "all objects",
};

pub(super) const LIMIT: Opt =
    Opt { name: "limit", kind: Type::Integer, text: "At most that many objects.", default: "no limit" };

pub(super) const METADATA_ONLY: Opt = Opt {
    name: "metadata_only",
    kind: Type::Boolean,
    text: "Fetch only `metadata`: a small part of the bytes.",
    default: "false",
};

pub(super) const TIMEOUT: Opt = Opt {
    name: "timeout",
    kind: Type::Duration,
    text: "How long the call may take, retries included.",
    default: "the run's request timeout",
};

pub(super) const SUBRESOURCE: Opt = Opt {
    name: "subresource",
    kind: Type::Text,
    text: "A part that the server keeps beside the object: `\"status\"`, `\"scale\"`.",
    default: "the object itself",
};

pub(super) const GRACE_PERIOD: Opt = Opt {
    name: "grace_period",
    kind: Type::Duration,
    text: "How long a pod gets to end, in whole seconds; 0 does not ask the node.",
    default: "the pod's own",
};

pub(super) const PROPAGATION: Opt = Opt {
    name: "propagation",
    kind: Type::Text,
    text: "What becomes of the objects it owns: `\"foreground\"`, `\"background\"` or `\"orphan\"`.",
    default: "the kind's own rule",
};
