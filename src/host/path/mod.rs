//! `path::`: paths as texts, with `/` between their parts. No file is looked at.

mod extension;
mod join;
mod name;
mod normalize;
mod parent;

use super::Spec;

/// All functions of `path::`.
pub(super) const FUNCTIONS: &[&Spec] = &[&join::SPEC, &parent::SPEC, &name::SPEC, &extension::SPEC, &normalize::SPEC];

/// The name a path ends in.
fn last(path: &str) -> Option<&str> {
    path.trim_end_matches('/').rsplit('/').next().filter(|name| !matches!(*name, "" | "." | ".."))
}
