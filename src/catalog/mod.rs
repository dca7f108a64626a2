//! What there is to know about functions and modules, for people and editors; all of it derived from specs and sources.

/// The embedded modules: the name after `std/`, and the text.
pub const STDLIB: &[(&str, &str)] = &[
    ("namespaces", include_str!("../../stdlib/namespaces.rhai")),
    ("options", include_str!("../../stdlib/options.rhai")),
    ("pods", include_str!("../../stdlib/pods.rhai")),
    ("workloads", include_str!("../../stdlib/workloads.rhai")),
];
