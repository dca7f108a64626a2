//! Methods of lists and arrays: they stay inside the host, so that filtering 20,000 objects copies none.

mod all;
mod any;
mod chunks;
mod fields;
mod filter;
mod find;
mod first;
mod flat_map;
mod group_by;
mod is_empty;
mod join;
mod last;
mod len;
mod map;
mod max_by;
mod min_by;
mod plus;
mod push;
mod reduce;
mod reversed;
mod skip;
mod sort_by;
mod sum;
mod take;
mod to_array;
mod to_json;
mod to_yaml;
mod unique;
mod where_value;

use super::Spec;

pub(super) use group_by::group_name;
pub(super) use sum::Sum;

/// All methods of lists.
pub(super) const FUNCTIONS: &[&Spec] = &[
    &filter::SPEC,
    &group_by::SPEC,
    &map::SPEC,
    &flat_map::SPEC,
    &any::SPEC,
    &all::SPEC,
    &find::SPEC,
    &first::SPEC,
    &last::SPEC,
    &sort_by::SPEC,
    &where_value::SPEC,
    &sum::SPEC,
    &min_by::SPEC,
    &max_by::SPEC,
    &len::SPEC,
    &is_empty::SPEC,
    &take::SPEC,
    &skip::SPEC,
    &chunks::SPEC,
    &unique::SPEC,
    &reversed::SPEC,
    &join::SPEC,
    &reduce::SPEC,
    &push::SPEC,
    &plus::SPEC,
    &to_array::SPEC,
    &to_yaml::SPEC,
    &to_json::SPEC,
];
