//! The embedded modules, and their pages from the comments in their sources.

use std::fmt::Write as _;

/// The embedded modules: the name after `std/`, and the text.
pub const STDLIB: &[(&str, &str)] = &[
    ("namespaces", include_str!("../../stdlib/namespaces.rhai")),
    ("nodes", include_str!("../../stdlib/nodes.rhai")),
    ("options", include_str!("../../stdlib/options.rhai")),
    ("pods", include_str!("../../stdlib/pods.rhai")),
    ("workloads", include_str!("../../stdlib/workloads.rhai")),
];

/// The page of a module: its `//!` head, then each exported function with its `///` comment.
#[must_use]
pub fn module_page(name: &str, text: &str) -> String {
    let mut page = format!("# std/{name}\n\n```rhai,fragment\nimport \"std/{name}\" as {name};\n```\n\n");
    for line in text.lines().take_while(|line| line.starts_with("//!")) {
        let _ = writeln!(page, "{}", line.trim_start_matches("//!").trim_start());
    }
    let mut comment: Vec<&str> = Vec::new();
    for line in text.lines() {
        if let Some(words) = line.strip_prefix("///") {
            comment.push(words.strip_prefix(' ').unwrap_or(words));
        } else if let Some(head) = line.strip_prefix("fn ") {
            let head = head.trim_end_matches('{').trim();
            let _ = write!(page, "\n## `{name}::{head}`\n\n{}\n", comment.join("\n"));
            comment.clear();
        } else {
            comment.clear();
        }
    }
    page
}
