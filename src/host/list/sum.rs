//! Adds up the values of a field.

use super::fields;
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
    errors: &[codes::WRONG_TYPE, codes::ARITHMETIC, codes::FIELD_PATH, codes::UNKNOWN_FIELD],
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
    fields::check(call, &items, &path)?;
    let mut sum = Sum::default();
    for at in 0..items.len() {
        sum.add(at, &items.node(at)?, &path)?;
    }
    Ok(sum.total())
}

/// A sum in the making: whole as long as everything is whole.
#[derive(Debug, Default)]
pub(crate) struct Sum {
    whole: i64,
    fraction: Option<f64>,
}

impl Sum {
    /// Adds the values at `path` of the item number `at`.
    pub(crate) fn add(&mut self, at: usize, item: &Node, path: &FieldPath) -> Result<(), Failure> {
        for value in item.lookup_all(path) {
            match value {
                Node::Null => {}
                Node::Int(number) => self.whole = self.whole.checked_add(*number).ok_or_else(overflow)?,
                Node::Float(number) => self.fraction = Some(self.fraction.unwrap_or(0.0) + number),
                other => return Err(no_number(at, path, other)),
            }
        }
        Ok(())
    }

    /// What came together.
    #[expect(clippy::cast_precision_loss, reason = "a sum with fractions is a float")]
    pub(crate) fn total(&self) -> Dynamic {
        self.fraction
            .map_or(Dynamic::from_int(self.whole), |fraction| Dynamic::from_float(self.whole as f64 + fraction))
    }
}

fn overflow() -> Failure {
    Failure::new(codes::ARITHMETIC, "the sum is larger than any integer")
}

fn no_number(at: usize, path: &FieldPath, value: &Node) -> Failure {
    let message = format!("cannot add up {path}: in item {at} it is {}", value.description());
    Failure::new(codes::WRONG_TYPE, message).hint("add up quantities like `100m` with `quantity::sum(list)`")
}
