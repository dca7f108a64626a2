//! `quantity::`: amounts of resources, exact, as Kubernetes reads and writes them.

mod add;
mod compare;
mod from_number;
mod multiply;
mod parse;
mod ratio;
mod subtract;
mod sum;
mod to_number;

use super::Failure;
use super::Spec;
use crate::diag::codes;
use crate::object::Quantity;
use crate::value::Node;

/// All functions of `quantity::`.
pub(super) const FUNCTIONS: &[&Spec] = &[
    &parse::SPEC,
    &add::SPEC,
    &subtract::SPEC,
    &multiply::SPEC,
    &ratio::SPEC,
    &compare::SPEC,
    &sum::SPEC,
    &to_number::SPEC,
    &from_number::SPEC,
];

/// A quantity from a text, or a number as it stands in many manifests.
fn quantity(value: &Node) -> Result<Quantity, Failure> {
    match value {
        Node::Null => Err(Failure::new(codes::WRONG_TYPE, "a quantity cannot be ()")
            .hint("give a default for an absent field: `object.get(path, \"0\")`")),
        value => Ok(Quantity::from_node(value)?),
    }
}
