//! Holds the structure that ARCHITECTURE.md describes: who may import whom, which crate belongs to which room, how long
//! things may get, what may not be forgotten. Every failure says the rule and the way out.

pub(crate) mod scan;

use std::fs;
use std::path::{Path, PathBuf};

/// Which rooms of the crate a room may import. A new room needs its row here and in ARCHITECTURE.md.
const IMPORTS: &[(&str, &[&str])] = &[
    ("diag", &[]),
    ("value", &["diag"]),
    ("object", &["diag", "value"]),
    ("journal", &["diag", "value", "object"]),
    ("world", &["diag"]),
    ("source", &["diag", "value", "object"]),
    ("resolve", &["diag", "value", "object", "source"]),
    ("cluster", &["diag", "value", "object", "journal", "world"]),
    ("host", &["diag", "value", "object", "journal", "world", "source", "resolve", "cluster"]),
    ("script", &["diag", "value", "object", "journal", "world", "resolve", "host"]),
    ("catalog", &["diag", "host", "script", "value"]),
    (
        "session",
        &["diag", "value", "object", "journal", "world", "source", "resolve", "cluster", "host", "script", "catalog"],
    ),
    ("report", &["diag", "value", "object", "journal"]),
    (
        "cli",
        &[
            "diag", "value", "object", "journal", "world", "source", "resolve", "cluster", "session", "report",
            "catalog",
        ],
    ),
];

/// Crates and parts of `std` that belong to some places only: the path, where it may stand, why.
const RESERVED: &[(&str, &[&str], &str)] = &[
    (
        "kube",
        &["src/cluster/"],
        "kube moves a major version with every Kubernetes release; other rooms use what `cluster` offers",
    ),
    ("k8s_openapi", &["src/cluster/"], "objects are Nodes; the generated types know one Kubernetes version"),
    ("rhai", &["src/host/", "src/script/", "src/session/"], "scripts are one way to drive Rutter, not its data model"),
    (
        "hyper",
        &["src/cluster/connect/", "src/world/"],
        "a request that does not pass the stack is not permitted, recorded or bounded",
    ),
    ("hyper_util", &["src/cluster/connect/", "src/world/"], "connections are made in one place"),
    ("hyper_rustls", &["src/cluster/connect/", "src/world/"], "connections are made in one place"),
    ("rustls", &["src/cluster/connect/", "src/world/"], "what is trusted is decided in one place"),
    ("tower", &["src/cluster/"], "the stack is the only one"),
    (
        "tokio",
        &[
            "src/cluster/",
            "src/world/",
            "src/session/",
            "src/host/bridge.rs",
            "src/script/run.rs",
            "src/cli/",
            "src/main.rs",
        ],
        "scripts reach async code through host/bridge.rs alone",
    ),
    ("clap", &["src/cli/", "src/main.rs"], "the library has no command line"),
    ("clap_complete", &["src/cli/", "src/main.rs"], "the library has no command line"),
    ("clap_mangen", &["src/cli/", "src/main.rs"], "the library has no command line"),
    ("anyhow", &["src/cli/", "src/main.rs"], "an error keeps its type until it is printed"),
    ("serde_yaml", &["src/value/"], "YAML is read and written one way"),
    ("granit_parser", &["src/value/"], "YAML is read and written one way"),
    ("annotate_snippets", &["src/diag/"], "diagnostics look alike everywhere"),
    ("std::env", &["src/world/", "src/cli/", "src/main.rs"], "two embedders with different worlds share a process"),
    ("std::fs", &["src/world/", "src/cli/", "src/main.rs"], "files are opened through a World"),
    ("std::process", &["src/world/", "src/cli/", "src/main.rs"], "programs run through a World"),
    ("tokio::fs", &["src/world/", "src/cli/"], "files are opened through a World"),
    ("tokio::process", &["src/world/"], "programs run through a World"),
    ("tokio::net", &["src/world/", "src/cluster/connect/"], "connections are made in one place"),
];

/// Paths that may stand outside the place of their crate: the path, where, why.
const LENT: &[(&str, &str, &str)] =
    &[("kube::Client", "src/session/", "an embedder may bring a client of its own; no other kube type is public")];

/// Lines a file and a function may have; the aim is half of it.
const FILE_LINES: usize = 800;
const FUNCTION_LINES: usize = 100;

/// What may be longer: the file, or the file and the function as `path::name`, and why.
const LONG: &[(&str, &str)] = &[];

/// Names that say nothing about what is inside.
const DRAWERS: &[&str] = &["util", "utils", "common", "helper", "helpers", "misc", "manager", "handler", "handlers"];

/// A Rust file of the project.
struct Source {
    /// From the root, with `/`.
    path: String,
    text: String,
    /// Without comments and literals.
    code: String,
}

impl Source {
    /// The code that is shipped: without what only tests see.
    fn shipped(&self) -> String {
        if self.path.ends_with("/tests.rs") || self.path.contains("/tests/") {
            String::new()
        } else {
            scan::without_tests(&self.code)
        }
    }

    /// The room of a file in `src/`; `None` for `lib.rs` and `main.rs`.
    fn room(&self) -> Option<&str> {
        Some(self.path.strip_prefix("src/")?.split_once('/')?.0)
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All Rust files below the folders, in order.
fn sources(folders: &[&str]) -> Vec<Source> {
    let mut files = Vec::new();
    folders.iter().for_each(|folder| collect(&root().join(folder), &mut files));
    files.sort();
    files.iter().map(|file| read(file)).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

fn read(file: &Path) -> Source {
    let text = fs::read_to_string(file).unwrap();
    let path = file.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/");
    Source { path, code: scan::code_only(&text), text }
}

/// Fails with all findings at once.
#[track_caller]
fn none(findings: &[String]) {
    assert!(findings.is_empty(), "{} broken:\n  {}\n", findings.len(), findings.join("\n  "));
}

#[test]
fn rooms_import_only_what_their_row_allows() {
    let findings: Vec<_> = sources(&["src"]).iter().flat_map(forbidden_imports).collect();
    none(&findings);
}

fn forbidden_imports(source: &Source) -> Vec<String> {
    let Some(room) = source.room() else { return Vec::new() };
    let Some((_, allowed)) = IMPORTS.iter().find(|(name, _)| *name == room) else {
        return vec![format!("{}: room `{room}` has no row: add one to IMPORTS and to ARCHITECTURE.md", source.path)];
    };
    let depth = source.path.split('/').count() - if source.path.ends_with("/mod.rs") { 2 } else { 1 };
    let shipped = source.shipped();
    // A module inside the file is one step further from the root.
    let depth = depth + usize::from(scan::has_inner_module(&shipped));
    let mut findings = Vec::new();
    for (line, path) in scan::paths(&shipped) {
        let at = format!("{}:{line}", source.path);
        let segments: Vec<_> = path.split("::").collect();
        if segments.iter().take_while(|segment| **segment == "super").count() >= depth {
            findings.push(format!("{at}: `{path}` leaves the room: write `crate::…`, so that the import is seen"));
        } else if segments[0] == "crate" && segments[1] != room && !allowed.contains(&segments[1]) {
            let allowed = if allowed.is_empty() { "nothing".to_owned() } else { allowed.join(", ") };
            findings.push(format!(
                "{at}: room `{room}` may not import `{path}` (only {allowed}): pass the value in, or move the code to the room it belongs to"
            ));
        }
    }
    findings
}

#[test]
fn reserved_crates_stay_in_their_places() {
    let findings: Vec<_> = sources(&["src"]).iter().flat_map(strayed_crates).collect();
    none(&findings);
}

fn strayed_crates(source: &Source) -> Vec<String> {
    let begins =
        |path: &str, with: &str| path == with || path.strip_prefix(with).is_some_and(|rest| rest.starts_with("::"));
    let mut findings = Vec::new();
    for (line, path) in scan::paths(&source.shipped()) {
        if LENT.iter().any(|(lent, place, _)| begins(&path, lent) && source.path.starts_with(place)) {
            continue;
        }
        for (reserved, places, why) in RESERVED {
            if begins(&path, reserved) && !places.iter().any(|place| source.path.starts_with(place)) {
                findings.push(format!("{}:{line}: `{path}` belongs to {}: {why}", source.path, places.join(", ")));
            }
        }
    }
    findings
}

#[test]
fn every_file_says_what_it_is_for() {
    let findings: Vec<_> = sources(&["src", "tests", "benches", "examples"])
        .iter()
        .filter(|source| !source.text.starts_with("//! "))
        .map(|source| format!("{}: opens without `//!`: say what it is for and what it must never do", source.path))
        .collect();
    none(&findings);
}

#[test]
fn files_and_functions_stay_short() {
    let mut long: Vec<(String, usize, usize)> = Vec::new();
    for source in sources(&["src", "tests", "benches", "examples"]) {
        long.push((source.path.clone(), source.text.lines().count(), FILE_LINES));
        let functions = scan::functions(&source.code).into_iter();
        long.extend(functions.map(|(_, name, lines)| (format!("{}::{name}", source.path), lines, FUNCTION_LINES)));
    }
    long.retain(|(_, lines, limit)| lines > limit);
    let excused = |what: &str| LONG.iter().any(|(name, _)| *name == what);
    let mut findings: Vec<_> = long
        .iter()
        .filter(|(what, ..)| !excused(what))
        .map(|(what, lines, limit)| {
            format!("{what}: {lines} lines, {limit} at most: split it by what it does, or add it to LONG with a reason")
        })
        .collect();
    let stale = LONG.iter().filter(|(name, _)| !long.iter().any(|(what, ..)| what == name));
    findings.extend(stale.map(|(name, _)| format!("{name}: no longer long: take it out of LONG")));
    none(&findings);
}

#[test]
fn no_source_file_is_forgotten() {
    let mut findings = Vec::new();
    for (folder, roots) in [("src", &["src/lib.rs", "src/main.rs"][..]), ("tests/it", &["tests/it/main.rs"])] {
        let all = sources(&[folder]);
        let mut listed: Vec<String> = roots.iter().map(|&path| path.to_owned()).collect();
        let mut next = 0;
        while let Some(path) = listed.get(next).cloned() {
            next += 1;
            let Some(source) = all.iter().find(|source| source.path == path) else { continue };
            listed.extend(scan::file_modules(&source.code).iter().flat_map(|module| module_files(&path, module)));
        }
        let forgotten = all.iter().filter(|source| !listed.contains(&source.path));
        findings.extend(
            forgotten.map(|source| format!("{}: no `mod` line leads to it: it is never compiled", source.path)),
        );
    }
    none(&findings);
}

/// The two files that may hold a module which the file `path` declares.
fn module_files(path: &str, module: &str) -> [String; 2] {
    let (folder, file) = path.rsplit_once('/').unwrap();
    let inside = match file {
        "main.rs" | "lib.rs" | "mod.rs" => folder.to_owned(),
        _ => path.trim_end_matches(".rs").to_owned(),
    };
    [format!("{inside}/{module}.rs"), format!("{inside}/{module}/mod.rs")]
}

#[test]
fn names_say_what_is_inside() {
    let mut findings = Vec::new();
    for source in sources(&["src", "tests", "benches"]) {
        let words = source.path.trim_end_matches(".rs").split('/');
        findings.extend(
            words
                .filter(|word| DRAWERS.contains(word))
                .map(|word| format!("{}: `{word}` is a drawer: name it for what it holds", source.path)),
        );
        findings.extend(
            scan::declared(&source.code).iter().filter_map(|(line, name)| poor_name(&source.path, *line, name)),
        );
    }
    none(&findings);
}

fn poor_name(path: &str, line: usize, name: &str) -> Option<String> {
    let at = format!("{path}:{line}: `{name}`");
    if DRAWERS.contains(&name.to_ascii_lowercase().as_str()) || name.ends_with("Manager") || name.ends_with("Helper") {
        return Some(format!("{at} is a drawer: name it for what it is to its reader"));
    }
    if name.contains("Mock") && path.starts_with("src/") {
        return Some(format!("{at}: fakes sit below the client and belong to tests/"));
    }
    (name.starts_with("K8s") || name.starts_with("Rhai") || name.ends_with("Impl"))
        .then(|| format!("{at}: names carry no technology and no `Impl`"))
}

fn sample(path: &str, text: &str) -> Source {
    Source { path: path.to_owned(), text: text.to_owned(), code: scan::code_only(text) }
}

#[test]
fn an_import_against_the_table_is_found() {
    let upward = sample("src/value/json/read.rs", "use crate::{diag::Code, cluster::Gateway};");
    assert_eq!(forbidden_imports(&upward).len(), 1);
    assert!(
        forbidden_imports(&upward)[0]
            .contains("src/value/json/read.rs:1: room `value` may not import `crate::cluster::Gateway`")
    );
    assert_eq!(forbidden_imports(&sample("src/value/node.rs", "use super::super::cluster::Gateway;")).len(), 1);
    assert_eq!(forbidden_imports(&sample("src/kitchen/mod.rs", "")).len(), 1);
    assert!(
        forbidden_imports(&sample("src/value/json/read.rs", "use super::super::Node; use crate::diag::Code;"))
            .is_empty()
    );
    assert!(forbidden_imports(&sample("src/lib.rs", "use crate::cluster::Gateway;")).is_empty());
}

#[test]
fn a_crate_outside_its_place_is_found() {
    let strayed = |path, text| strayed_crates(&sample(path, text)).len();
    assert_eq!(strayed("src/value/node.rs", "use std::{fmt, fs};"), 1);
    assert_eq!(strayed("src/host/mod.rs", "fn f(c: kube::Client) {}"), 1);
    assert_eq!(strayed("src/session/mod.rs", "fn f(c: kube::Client, d: kube::Error) {}"), 1);
    assert_eq!(strayed("src/session/mod.rs", "use kube::Client;"), 0);
    assert_eq!(strayed("src/world/file.rs", "use std::fs::File;"), 0);
    assert_eq!(strayed("src/value/node.rs", "// std::fs\n#[cfg(test)]\nmod tests { use std::fs; }"), 0);
    assert_eq!(strayed("src/world/system/tests.rs", "use rhai::Engine;"), 0);
}

#[test]
fn a_poor_name_is_found() {
    for name in ["Manager", "PodManager", "MockServer", "K8sObject", "RhaiValue", "PlanImpl", "helpers"] {
        assert!(poor_name("src/x.rs", 1, name).is_some(), "{name}");
    }
    for name in ["Plan", "Transport", "Managed"] {
        assert!(poor_name("src/x.rs", 1, name).is_none(), "{name}");
    }
}

#[test]
fn a_module_stands_beside_or_below_the_file_that_names_it() {
    assert_eq!(module_files("tests/it/main.rs", "a"), ["tests/it/a.rs", "tests/it/a/mod.rs"]);
    assert_eq!(module_files("tests/it/a.rs", "b"), ["tests/it/a/b.rs", "tests/it/a/b/mod.rs"]);
    assert_eq!(module_files("tests/it/a/mod.rs", "b"), ["tests/it/a/b.rs", "tests/it/a/b/mod.rs"]);
}
