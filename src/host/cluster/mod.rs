//! Methods of clusters, and the handles they work on.

mod annotate;
mod apply;
mod arguments;
mod can;
mod cordon;
mod create;
mod delete;
mod delete_collection;
mod events;
mod evict;
mod evict_all;
mod exec;
mod find;
mod get;
mod handle;
mod kinds;
mod label;
mod list;
mod literal;
mod logs;
mod options;
mod patch;
mod replace;
mod restart;
mod scale;
mod stream;
mod target;
mod uncordon;
mod wait;
mod watch;
mod whoami;

use super::Spec;

use arguments::failure;
pub(super) use arguments::reach_in;
pub use handle::{Cluster, Stream};
pub(crate) use literal::text_problem;

/// All methods of clusters.
pub(super) const FUNCTIONS: &[&Spec] = &[
    &annotate::SPEC,
    &apply::SPEC,
    &can::SPEC,
    &cordon::SPEC,
    &create::SPEC,
    &delete::SPEC,
    &delete_collection::SPEC,
    &events::SPEC,
    &evict::SPEC,
    &evict_all::SPEC,
    &exec::SPEC,
    &find::SPEC,
    &get::SPEC,
    &kinds::SPEC,
    &label::SPEC,
    &list::SPEC,
    &logs::SPEC,
    &patch::SPEC,
    &replace::SPEC,
    &restart::SPEC,
    &scale::SPEC,
    &stream::SPEC,
    &target::NAME,
    &target::NAMESPACE,
    &target::VERSION,
    &uncordon::SPEC,
    &wait::SPEC,
    &watch::SPEC,
    &whoami::SPEC,
];
