//! What there is to know about functions, modules and error codes, for people and editors. All of it is derived from specs,
//! sources and the book's pages, which are embedded: `rutter doc` needs no network and is never out of step with the binary.

mod data;
mod definitions;
mod errors;
mod reference;
mod stdlib;
mod topic;

pub use data::described;
pub use definitions::definitions;
pub use errors::{error_page, error_page_alone};
pub use reference::{GROUP_TITLES, function_page, group_page, index_page, specs};
pub use stdlib::{STDLIB, module_page};
pub use topic::{TopicError, topic};

/// Every generated file below the project's folder: its path and its text. `rutter doc --generate .` writes them.
#[must_use]
pub fn generated() -> Vec<(String, String)> {
    let mut files = vec![
        ("book/src/reference/index.md".to_owned(), index_page()),
        ("book/src/reference/rutter.d.rhai".to_owned(), definitions()),
    ];
    for (group, _) in GROUP_TITLES {
        files.push((format!("book/src/reference/{group}.md"), group_page(group)));
    }
    for (name, text) in STDLIB {
        files.push((format!("book/src/reference/std-{name}.md"), module_page(name, text)));
    }
    files
}
