//! Copies a list into an array of the script's own.

use crate::host::object::owned;
use crate::host::{Call, Effect, Example, Expect, Form, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "list",
    name: "to_array",
    form: Form::Method(&[Type::List]),
    summary: "Copies the list into an array of the script's own, with maps and arrays in it.",
    details: "For the array functions that lists do not have; the copy takes several times the memory.",
    params: &[],
    options: &[],
    returns: Returns { kind: Type::List, text: "The array." },
    errors: &[],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[Example {
        title: "Sorted in place",
        source: r#"let sizes = yaml::decode("[3, 1, 2]").to_array(); sizes.sort(); sizes"#,
        result: Expect::Json("[1,2,3]"),
    }],
    run: |call| to_array(call),
};

fn to_array(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    Ok(owned(&call.receiver_value()))
}
