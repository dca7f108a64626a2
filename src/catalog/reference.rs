//! The book's reference: a page for each group of functions, and one table of them all.

use crate::host::{Example, Expect, Form, GROUPS, Spec};
use std::fmt::Write as _;

/// The groups in reading order, each with what it is for. A group that is missing here has no page; a test says so.
pub const GROUP_TITLES: &[(&str, &str)] = &[
    ("cluster", "Calls to a cluster"),
    ("stream", "Objects of a cluster in one pass"),
    ("object", "Objects and maps"),
    ("list", "Lists and arrays"),
    ("control", "Steering the run"),
    ("error", "Caught errors"),
    ("yaml", "YAML"),
    ("json", "JSON"),
    ("toml", "TOML"),
    ("csv", "CSV"),
    ("base64", "Base64"),
    ("hash", "Digests"),
    ("text", "Texts"),
    ("regex", "Regular expressions"),
    ("time", "Points in time"),
    ("duration", "Durations"),
    ("quantity", "Kubernetes quantities"),
    ("semver", "Semantic versions"),
    ("net", "Addresses and networks"),
    ("url", "URLs"),
    ("path", "File paths"),
    ("x509", "Certificates"),
    ("log", "Messages to people"),
    ("env", "Environment variables"),
    ("file", "Files"),
    ("http", "HTTP calls"),
    ("process", "Programs"),
    ("random", "Random values"),
    ("secret", "Secrets"),
];

/// Every host function, sorted by its full name.
#[must_use]
pub fn specs() -> Vec<&'static Spec> {
    let mut all: Vec<&'static Spec> = GROUPS.iter().copied().flatten().copied().collect();
    all.sort_by_key(|spec| spec.full_name());
    all
}

/// The table of all functions.
#[must_use]
pub fn index_page() -> String {
    let mut page = String::from(
        "# Functions\n\n<!-- Generated from the functions' specs: cargo run -- doc --generate . -->\n\n\
         `x.name(…)` is a method, `group::name(…)` a function in a namespace. Parameters in `[ ]` may be left out, the keys in \
         `#{ }` are options. The same pages are in the binary: `rutter doc cluster.wait`.\n",
    );
    for (group, title) in GROUP_TITLES {
        let _ = write!(page, "\n## [{title}]({group}.md)\n\n| call | |\n|---|---|\n");
        for spec in specs().into_iter().filter(|spec| spec.group == *group) {
            let _ = writeln!(page, "| [`{}`]({group}.md#{}) | {} |", spec.full_name(), anchor(spec), spec.summary);
        }
    }
    if !super::STDLIB.is_empty() {
        page.push_str("\n## The standard library\n\n| module | |\n|---|---|\n");
        for (name, text) in super::STDLIB {
            let head = text.lines().next().unwrap_or_default().trim_start_matches("//!").trim();
            let _ = writeln!(page, "| [`std/{name}`](std-{name}.md) | {head} |");
        }
    }
    page
}

/// The page of a group.
#[must_use]
pub fn group_page(group: &str) -> String {
    let title = GROUP_TITLES.iter().find(|(name, _)| *name == group).map_or(group, |(_, title)| *title);
    let mut page =
        format!("# {title}\n\n<!-- Generated from the functions' specs: cargo run -- doc --generate . -->\n");
    for spec in specs().into_iter().filter(|spec| spec.group == group) {
        page.push('\n');
        page.push_str(&function_page(spec));
    }
    page
}

/// How mdBook names the heading of a function.
fn anchor(spec: &Spec) -> String {
    let heading = spec.full_name().to_lowercase().replace(' ', "-");
    heading.chars().filter(|letter| letter.is_alphanumeric() || ['_', '-'].contains(letter)).collect()
}

/// A function as a section of Markdown.
#[must_use]
pub fn function_page(spec: &Spec) -> String {
    let mut page = format!("## `{}`\n\n", spec.full_name());
    let _ = write!(page, "```text\n{} → {}\n```\n\n{}\n", spec.signature(), spec.returns.kind.word(), spec.summary);
    if !spec.details.is_empty() {
        let _ = write!(page, "\n{}\n", spec.details);
    }
    if let Form::Method(kinds) | Form::Change(kinds) = spec.form {
        let words: Vec<&str> = kinds.iter().map(|kind| kind.word()).collect();
        let _ = write!(page, "\nCalled on: {}.\n", words.join(", "));
    }
    arguments(&mut page, spec);
    let _ = write!(page, "\n**Gives** {}: {}\n", spec.returns.kind.word(), spec.returns.text);
    if !spec.errors.is_empty() {
        let link = |code: &crate::diag::Code| format!("[{code}](../errors/{code}.md) ({})", code.title());
        let links: Vec<String> = spec.errors.iter().map(link).collect();
        let _ = write!(page, "\n**Errors:** {}.\n", links.join(", "));
    }
    let _ = write!(page, "\n**Effect:** {}. Since {}.\n", spec.effect.word(), spec.since);
    for example in spec.examples {
        example_text(&mut page, example);
    }
    page
}

fn arguments(page: &mut String, spec: &Spec) {
    if !spec.params.is_empty() {
        page.push_str("\n| parameter | type | | left out |\n|---|---|---|---|\n");
        for param in spec.params {
            let default = param.default.map(|text| format!("`{text}`")).unwrap_or_default();
            let _ = writeln!(page, "| `{}` | {} | {} | {default} |", param.name, param.kind.word(), cell(param.text));
        }
    }
    if !spec.options.is_empty() {
        page.push_str("\n| option | type | | left out |\n|---|---|---|---|\n");
        for option in spec.options {
            let text = cell(option.text);
            let _ =
                writeln!(page, "| `{}` | {} | {text} | {} |", option.name, option.kind.word(), cell(option.default));
        }
    }
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn example_text(page: &mut String, example: &Example) {
    let (fence, result) = match &example.result {
        Expect::Json(json) => ("rhai".to_owned(), format!("// gives {json}\n")),
        Expect::Error(code) => (format!("rhai,error:{code}"), String::new()),
        Expect::Cluster => ("rhai,cluster".to_owned(), String::new()),
    };
    let _ = write!(page, "\n{}:\n\n```{fence}\n{}\n{result}```\n", example.title, example.source);
}
