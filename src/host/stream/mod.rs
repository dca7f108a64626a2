//! Methods of streams: one pass over objects as they arrive, in constant memory.

mod count;
mod filter;
mod first;
mod group_by;
mod map;
mod sum;

use super::cluster::Stream;
use super::handle::Shape;
use super::{Call, Spec, Thrown};
use crate::value::Node;
use std::ops::ControlFlow;

/// All methods of streams.
pub(super) const FUNCTIONS: &[&Spec] =
    &[&count::SPEC, &filter::SPEC, &first::SPEC, &group_by::SPEC, &map::SPEC, &sum::SPEC];

/// Goes through the receiver's objects until `visit` breaks off.
fn each(
    call: &Call<'_, '_>,
    mut visit: impl FnMut(&Shape, Node) -> Result<ControlFlow<()>, Thrown>,
) -> Result<(), Thrown> {
    let mut reading = call.receiver::<Stream>()?.read()?;
    while let Some(object) = reading.next()? {
        if visit(reading.shape(), object)?.is_break() {
            break;
        }
    }
    Ok(())
}
