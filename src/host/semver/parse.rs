//! Takes a version apart.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type, from_node};
use crate::value::Node;
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "semver",
    name: "parse",
    form: Form::Namespaced,
    summary: "Takes a semantic version apart.",
    details: "A `v` before it is allowed, here and in all functions of `semver::`.",
    params: &[Param { name: "version", kind: Type::Text, text: "The version.", default: None }],
    options: &[],
    returns: Returns {
        kind: Type::Object,
        text: "A map of `major`, `minor`, `patch`, `pre` (the pre-release) and `build`; the last two are empty texts where absent.",
    },
    errors: &[codes::DECODE],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "A cluster's version",
            source: r#"semver::parse("v1.35.2-eks-1a2b")"#,
            result: Expect::Json(r#"{"major":1,"minor":35,"patch":2,"pre":"eks-1a2b","build":""}"#),
        },
        Example {
            title: "Two numbers are no version",
            source: r#"semver::parse("1.35")"#,
            result: Expect::Error(codes::DECODE),
        },
    ],
    run: |call| parse(call),
};

fn parse(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let version = super::version(&call.text(0)?)?;
    Ok(from_node(&Node::from([
        ("major", Node::from(version.major)),
        ("minor", Node::from(version.minor)),
        ("patch", Node::from(version.patch)),
        ("pre", Node::from(version.pre.as_str())),
        ("build", Node::from(version.build.as_str())),
    ])))
}
