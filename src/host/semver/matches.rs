//! Tells whether a version meets a requirement.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Failure, Form, Opt, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;
use semver::{Prerelease, VersionReq};

pub(super) const SPEC: Spec = Spec {
    group: "semver",
    name: "matches",
    form: Form::Namespaced,
    summary: "Tells whether a version meets a requirement.",
    details: "A requirement is a list of comparisons: `>=1.34, <2`, `~1.2`, `^1.2.3`, `1.*`; a bare version means `^`. A pre-release meets it only if a comparison names a pre-release of the same version.",
    params: &[
        Param { name: "version", kind: Type::Text, text: "The version.", default: None },
        Param { name: "requirement", kind: Type::Text, text: "The requirement.", default: None },
    ],
    options: &[Opt {
        name: "ignore_pre",
        kind: Type::Boolean,
        text: "Leave the pre-release part out, for vendors that put their own mark there.",
        default: "false",
    }],
    returns: Returns { kind: Type::Boolean, text: "Whether it does." },
    errors: &[codes::DECODE],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "A range",
            source: r#"semver::matches("1.35.2", ">=1.34, <1.37")"#,
            result: Expect::Json("true"),
        },
        Example {
            title: "A pre-release",
            source: r#"semver::matches("1.35.0-gke.100", ">=1.34")"#,
            result: Expect::Json("false"),
        },
        Example {
            title: "A vendor's version",
            source: r#"semver::matches("v1.35.0-gke.100", ">=1.34", #{ ignore_pre: true })"#,
            result: Expect::Json("true"),
        },
        Example {
            title: "No requirement",
            source: r#"semver::matches("1.0.0", "new")"#,
            result: Expect::Error(codes::DECODE),
        },
    ],
    run: |call| matches(call),
};

fn matches(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let mut version = super::version(&call.text(0)?)?;
    let text = call.text(1)?;
    let requirement = VersionReq::parse(&text)
        .map_err(|error| Failure::new(codes::DECODE, format!("`{text}` is no version requirement: {error}")))?;
    if call.flag("ignore_pre") {
        version.pre = Prerelease::EMPTY;
    }
    Ok(requirement.matches(&version).into())
}
