//! What `rutter check` finds: scripts with the findings they must have written beside the code, the forms in which
//! findings are printed, and that nothing is found where nothing is wrong.
//!
//! A case is a script in `cases/`. A line with `// error: E0102 9` expects that error at column 9 of the line; several
//! are separated by `;`, and `warning:` stands for a warning. A line without such a comment has no finding.

mod forms;

use rutter::diag::{Diagnostic, Severity, SourceMap};
use rutter::session::{Script, Session};
use rutter::source::Runbook;
use rutter::world::SystemWorld;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn scripts(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            scripts(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rhai") {
            files.push(path);
        }
    }
}

/// The findings of a file, its header's params known.
fn check(path: &Path) -> Vec<Diagnostic> {
    let text = fs::read_to_string(path).unwrap();
    let script = Script::new(path.display().to_string(), text).in_package(path.parent().unwrap());
    let runbook = Runbook::read(script.source(), &[]).unwrap();
    let params: Vec<&str> = runbook.params.names().collect();
    let session = Session::builder(Arc::new(SystemWorld::new())).build();
    session.check(&script, Some(&params), &SourceMap::default())
}

/// `(line, severity, code, column)` of each expectation in a text.
fn expected(text: &str) -> Vec<(u32, String)> {
    let mut all = Vec::new();
    for (line, content) in (1..).zip(text.lines()) {
        let Some((_, comment)) = content.split_once(" // ") else { continue };
        if comment.starts_with("error: ") || comment.starts_with("warning: ") {
            all.extend(comment.split(';').map(|one| (line, one.trim().to_owned())));
        }
    }
    all
}

fn found(findings: &[Diagnostic], file: &str) -> Vec<(u32, String)> {
    let own = findings.iter().filter(|finding| finding.labels[0].span.file == file);
    own.map(|finding| {
        let place = finding.labels[0].span.start;
        (place.line, format!("{}: {} {}", finding.severity, finding.code, place.column))
    })
    .collect()
}

#[test]
fn every_case_has_the_findings_that_stand_beside_it() {
    let mut files = Vec::new();
    scripts(&root().join("tests/it/check/cases"), &mut files);
    files.sort();
    assert!(files.len() > 5, "{files:?}");
    for file in &files {
        let findings = check(file);
        let wanted = expected(&fs::read_to_string(file).unwrap());
        let name = file.display().to_string();
        assert_eq!(found(&findings, &name), wanted, "{name}: {findings:#?}");
    }
}

#[test]
fn nothing_is_found_in_the_scripts_that_are_shipped() {
    let mut files = Vec::new();
    scripts(&root().join("stdlib"), &mut files);
    scripts(&root().join("examples"), &mut files);
    assert!(files.len() > 5, "{files:?}");
    for file in files {
        assert_eq!(check(&file), [], "{}", file.display());
    }
}

#[test]
fn the_findings_of_a_module_follow_those_of_its_importer() {
    let findings = check(&root().join("tests/it/check/cases/modules/importer.rhai"));
    let files: Vec<&str> =
        findings.iter().map(|finding| finding.labels[0].span.file.rsplit('/').next().unwrap()).collect();
    assert_eq!(files.last(), Some(&"broken.rhai"), "{findings:#?}");
    assert_eq!(files.iter().filter(|file| **file == "broken.rhai").count(), 1, "{findings:#?}");
    assert!(files.starts_with(&["importer.rhai"]));
}

#[test]
fn a_mistake_is_told_in_the_words_of_the_run() {
    let findings = check(&root().join("tests/it/check/cases/options.rhai"));
    let finding = findings.iter().find(|finding| finding.code.name() == "E0105").unwrap();
    assert_eq!(finding.message, "`cluster.list` has no option `namespac`");
    assert_eq!(finding.hints, ["did you mean `namespace`?"]);
    assert_eq!(finding.severity, Severity::Error);
}
