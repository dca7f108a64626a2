//! Counts the seconds that have passed since a time.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "time",
    name: "since",
    form: Form::Namespaced,
    summary: "Counts the seconds that have passed since a time.",
    details: "The age of an object, as kubectl shows it, is `duration::format(time::since(object.metadata.creationTimestamp))`.",
    params: &[Param { name: "time", kind: Type::Text, text: "A time in RFC 3339, as objects have it.", default: None }],
    options: &[],
    returns: Returns { kind: Type::Integer, text: "Whole seconds; negative for a time to come." },
    errors: &[codes::DECODE],
    effect: Effect::World,
    since: "0.1.0",
    examples: &[
        Example {
            title: "An old object",
            source: r#"time::since("1969-12-31T23:00:00Z") >= 3600"#,
            result: Expect::Json("true"),
        },
        Example {
            title: "Older than a day",
            source: r#"cluster.list("Job").filter(|job| time::since(job.metadata.creationTimestamp) > duration::parse("24h"))"#,
            result: Expect::Cluster,
        },
    ],
    run: |call| since(call),
};

fn since(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (time, now) = (super::time(call, 0)?, call.host().world.now());
    Ok(Dynamic::from_int(now.duration_since(time).as_secs()))
}
