//! Says who the caller is.

use super::arguments::reach;
use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Returns, Spec, Thrown, Type, from_node};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "cluster",
    name: "whoami",
    form: Form::Method(&[Type::Cluster]),
    summary: "Who the caller is to the cluster.",
    details: "",
    params: &[],
    options: &[],
    returns: Returns {
        kind: Type::Object,
        text: "`username`, `groups`, `uid` and `extra`, as the API server sees them.",
    },
    errors: &[codes::UNAUTHORIZED, codes::FORBIDDEN],
    effect: Effect::Read,
    since: "0.1.0",
    examples: &[Example { title: "The name", source: r#"cluster.whoami().username"#, result: Expect::Cluster }],
    run: |call| whoami(call),
};

fn whoami(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    Ok(from_node(&reach(call, async |target, context| target.whoami(context).await)?))
}
