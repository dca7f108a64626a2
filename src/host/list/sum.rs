//! Adds up the values of a field.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Failure, Form, Param, Returns, Spec, Thrown, Type};
use crate::value::{FieldPath, Node};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "list",
    name: "sum",
    form: Form::Method(&[Type::List]),
    summary: "Adds up the numbers at a path.",
    details: "An item without the field adds nothing. A path with `[*]` adds up all values that it stands for.",
    params: &[Param { name: "path", kind: Type::Path, text: "Where the numbers stand.", default: Some(r#"".""#) }],
    options: &[],
    returns: Returns { kind: Type::Number, text: "The sum; a whole number if all are whole, 0 for an empty list." },
    errors: &[codes::WRONG_TYPE, codes::ARITHMETIC, codes::FIELD_PATH],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example { title: "Restarts", source: r#"[#{r: 3}, #{}, #{r: 1}].sum("r")"#, result: Expect::Json("4") },
        Example {
            title: "Of all containers",
            source: r#"[#{c: [#{n: 1}, #{n: 2}]}, #{c: [#{n: 4}]}].sum("c[*].n")"#,
            result: Expect::Json("7"),
        },
        Example { title: "Plain numbers", source: "[1, 2.5].sum()", result: Expect::Json("3.5") },
        Example {
            title: "Not a number",
            source: r#"[#{cpu: "100m"}].sum("cpu")"#,
            result: Expect::Error(codes::WRONG_TYPE),
        },
    ],
    run: |call| sum(call),
};

fn sum(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let items = call.sequence()?;
    let path = if call.is_given(0) { call.path(0)? } else { FieldPath::root() };
    let (mut whole, mut fraction, mut is_whole) = (0_i64, 0.0_f64, true);
    for at in 0..items.len() {
        let item = items.node(at)?;
        for value in item.lookup_all(&path) {
            match value {
                Node::Null => {}
                Node::Int(number) => whole = whole.checked_add(*number).ok_or_else(overflow)?,
                Node::Float(number) => (fraction, is_whole) = (fraction + number, false),
                other => return Err(no_number(at, &path, other).into()),
            }
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "a sum with fractions is a float")]
    let sum = if is_whole { Dynamic::from_int(whole) } else { Dynamic::from_float(whole as f64 + fraction) };
    Ok(sum)
}

fn overflow() -> Failure {
    Failure::new(codes::ARITHMETIC, "the sum is larger than any integer")
}

fn no_number(at: usize, path: &FieldPath, value: &Node) -> Failure {
    let message = format!("cannot add up {path}: in item {at} it is {}", value.description());
    Failure::new(codes::WRONG_TYPE, message).hint("add up quantities like `100m` with `quantity::sum(list)`")
}
