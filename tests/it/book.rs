//! The book tells the truth: its blocks run, its commands parse, each error page produces its error.
//!
//! The word after a fence's language says what is done with a block:
//!
//! | fence | meaning |
//! |---|---|
//! | `rhai` | runs, without a cluster |
//! | `rhai,error:E0102` | fails with that code, without a cluster |
//! | `rhai,cluster` | compiles |
//! | `rhai,cluster,error:E0305` | fails with that code on a real control plane |
//! | `rhai,file:x.rhai`, `yaml,file:x.yaml` | a file for the commands of the same page |
//! | `console` | every line is `$ rutter …`, and its options exist |
//! | `console,error:E0203` | the command fails with that code, beside the page's files |
//! | `yaml`, `toml`, `rust`, `bash` | shown only; YAML is read |

use crate::structure::scan::{code_only, functions};
use crate::support::controlplane::ControlPlane;
use rutter::diag::{Code, codes};
use rutter::script::Limits;
use rutter::session::{RunOptions, Script, Session};
use rutter::value::{Budget, yaml};
use rutter::world::MemoryWorld;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

/// Codes that no block can produce, with the test that does: its file and its name.
const SHOWN_ELSEWHERE: &[(&str, &str, &str)] = &[
    ("E0001", "tests/it/embedding/mod.rs", "what_crashes_in_the_embedder_ends_the_run_and_not_the_process"),
    ("E0003", "tests/it/cli/interrupt.rs", "the_exit_code_names_the_signal"),
    ("E0116", "tests/it/hostile/scripts.rs", "a_source_over_its_limit_is_refused"),
    ("E0205", "src/cluster/discovery/tests.rs", "a_name_that_only_others_share_is_not_guessed"),
    ("E0213", "src/cluster/discovery/tests.rs", "a_server_that_names_no_kinds_cannot_be_used"),
    ("E0215", "src/cluster/gateway.rs", "an_unknown_target_is_answered_with_the_most_similar_one"),
    ("E0302", "tests/it/hostile/server.rs", "a_server_that_never_answers_is_named_at_the_deadline"),
    ("E0303", "tests/it/cluster/refusals.rs", "an_account_that_was_deleted_is_known_no_more"),
    ("E0304", "tests/it/cluster/refusals.rs", "an_account_without_the_right_is_told_how_to_ask_for_it"),
    ("E0308", "tests/it/cluster/refusals.rs", "a_field_of_another_manager_is_not_taken_without_force"),
    ("E0310", "tests/it/cluster/refusals.rs", "a_call_for_which_there_is_no_seat_is_one_too_many"),
    ("E0313", "tests/it/hostile/server.rs", "a_write_that_is_never_answered_says_so"),
    ("E0314", "tests/it/cluster/refusals.rs", "a_webhook_that_cannot_be_asked_is_a_failure_of_the_server"),
    ("E0315", "tests/it/hostile/server.rs", "an_answer_of_two_gigabytes_is_not_read"),
    ("E0316", "tests/it/hostile/server.rs", "what_is_no_answer_is_refused"),
    ("E0317", "src/cluster/read/tests.rs", "a_list_that_is_forgotten_again_and_again_is_given_up"),
    ("E0318", "tests/it/cluster/evictions.rs", "a_budget_that_can_never_be_met_is_told_before_anything_is_evicted"),
    ("E0319", "tests/it/cluster/evictions.rs", "waits_for_a_budget_that_someone_loosens"),
    ("E0320", "tests/it/hostile/server.rs", "a_redirect_is_not_followed"),
    ("E0322", "tests/it/cluster/refusals.rs", "a_command_in_a_container_that_cannot_run_it_fails"),
    ("E0324", "src/cluster/read/tests.rs", "a_watch_that_breaks_again_and_again_is_given_up"),
    ("E0325", "tests/it/cluster/refusals.rs", "a_policy_that_denies_says_so_in_its_own_words"),
    ("E0409", "src/value/decode.rs", "names_the_path_of_what_does_not_fit"),
];

/// A fenced block.
struct Block {
    line: usize,
    language: String,
    words: Vec<String>,
    text: String,
}

impl Block {
    fn has(&self, word: &str) -> bool {
        self.words.iter().any(|known| known == word)
    }

    /// What follows `key:` in the fence.
    fn word(&self, key: &str) -> Option<&str> {
        self.words.iter().find_map(|word| word.strip_prefix(key)?.strip_prefix(':'))
    }
}

/// A page of the book, or the README.
struct Page {
    path: PathBuf,
    text: String,
    blocks: Vec<Block>,
}

impl Page {
    fn at(&self, block: &Block) -> String {
        let path = self.path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap();
        format!("{}:{}", path.display(), block.line)
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All pages written by hand: what is generated from specs is checked where it is generated.
fn pages() -> Vec<Page> {
    let mut paths = vec![root().join("README.md")];
    collect(&root().join("book/src"), &mut paths);
    paths.sort();
    paths.into_iter().map(read).collect()
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() && !path.ends_with("reference") {
            collect(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            paths.push(path);
        }
    }
}

fn read(path: PathBuf) -> Page {
    let text = fs::read_to_string(&path).unwrap();
    Page { path, blocks: blocks(&text), text }
}

fn blocks(text: &str) -> Vec<Block> {
    let mut found: Vec<Block> = Vec::new();
    let mut open = false;
    for (number, line) in text.lines().enumerate() {
        match (line.strip_prefix("```"), open) {
            (Some(info), false) => {
                let mut words = info.split(',').map(str::to_owned);
                let language = words.next().unwrap_or_default();
                found.push(Block { line: number + 1, language, words: words.collect(), text: String::new() });
                open = true;
            }
            (Some(""), true) => open = false,
            (_, true) => {
                let block = found.last_mut().unwrap();
                block.text.push_str(line);
                block.text.push('\n');
            }
            (_, false) => {}
        }
    }
    found
}

/// Fails with all findings at once.
#[track_caller]
fn none(findings: &[String]) {
    assert!(findings.is_empty(), "{} wrong:\n\n{}\n", findings.len(), findings.join("\n\n"));
}

#[test]
fn every_code_has_a_page_that_shows_it() {
    let summary = fs::read_to_string(root().join("book/src/SUMMARY.md")).unwrap();
    let mut findings = Vec::new();
    for code in codes::ALL {
        let path = root().join(format!("book/src/errors/{code}.md"));
        let Ok(text) = fs::read_to_string(&path) else {
            findings.push(format!("{code}: no page {}", path.display()));
            continue;
        };
        let head = format!("# {code}: {}\n", code.title());
        if !text.starts_with(&head) || !text.contains(&format!("`err.kind` is `{}`", code.kind())) {
            findings.push(format!(
                "{code}: the page must open with `{}` and name the kind `{}`",
                head.trim_end(),
                code.kind()
            ));
        }
        if !summary.contains(&format!("(errors/{code}.md)")) {
            findings.push(format!("{code}: SUMMARY.md does not list the page"));
        }
        let shown = blocks(&text).iter().any(|block| block.word("error") == Some(code.name()));
        let excused = SHOWN_ELSEWHERE.iter().any(|(name, ..)| *name == code.name());
        match (shown, excused) {
            (false, false) => findings.push(format!("{code}: no block of its page produces it")),
            (true, true) => findings.push(format!("{code}: its page shows it: take it out of SHOWN_ELSEWHERE")),
            _ => {}
        }
    }
    none(&findings);
}

#[test]
fn every_code_without_a_block_has_a_test_that_produces_it() {
    let mut findings = Vec::new();
    for (code, file, test) in SHOWN_ELSEWHERE {
        let source = fs::read_to_string(root().join(file)).unwrap_or_default();
        if let Err(problem) = proves(&source, test, Code::find(code).unwrap()) {
            findings.push(format!("{code}: {file}: {problem}"));
        }
    }
    none(&findings);
}

/// Whether a file has a test of that name that runs and speaks of the code, by its constant or its number.
fn proves(source: &str, test: &str, code: Code) -> Result<(), String> {
    let blank = code_only(source);
    let known = functions(&blank).into_iter().find(|(_, name, _)| name == test);
    let (first, _, length) = known.ok_or(format!("no function `{test}`"))?;
    let lines: Vec<&str> = source.lines().collect();
    let above = lines[..first - 1].iter().rev().map(|line| line.trim());
    let attributes: Vec<&str> = above.take_while(|line| line.starts_with("#[") || line.starts_with("//")).collect();
    if !attributes.iter().any(|line| line.starts_with("#[test]") || line.starts_with("#[tokio::test")) {
        return Err(format!("`{test}` is no test"));
    }
    if attributes.iter().any(|line| line.starts_with("#[ignore") || line.starts_with("#[cfg")) {
        return Err(format!("`{test}` does not always run"));
    }
    let constant = format!("codes::{}", constant(code));
    let is_said = |line: &&str| {
        let ends = |(at, _)| !line[at + constant.len()..].starts_with(|c: char| c == '_' || c.is_alphanumeric());
        !line.trim_start().starts_with("//") && (line.contains(code.name()) || line.match_indices(&constant).any(ends))
    };
    let body = &lines[first..first - 1 + length];
    if body.iter().any(is_said) { Ok(()) } else { Err(format!("`{test}` mentions neither `{constant}` nor {code}")) }
}

/// The name of a code in Rust, as in `FORBIDDEN`.
fn constant(code: Code) -> String {
    let registry = fs::read_to_string(root().join("src/diag/codes.rs")).unwrap();
    let name = format!("= \"{code}\",");
    let line = registry.lines().find(|line| line.contains(&name)).unwrap();
    line.split('=').next().unwrap().trim().to_owned()
}

#[test]
fn only_a_test_that_runs_and_speaks_of_a_code_proves_it() {
    let proved = |head: &str, body: &str| proves(&format!("{head}\nfn a() {{\n{body}\n}}"), "a", codes::EXEC);
    assert_eq!(proved("#[test]", "x(codes::EXEC);"), Ok(()));
    assert_eq!(proved("#[tokio::test(start_paused = true)]", "y(\"E0322\")"), Ok(()));
    assert!(proves("#[test]\nfn b() { codes::EXEC; }", "a", codes::EXEC).is_err());
    for (head, body) in [
        ("", "x(codes::EXEC);"),
        ("#[test]\n#[ignore = \"slow\"]", "x(codes::EXEC);"),
        ("#[test]", "x(codes::EXECUTED);"),
        ("#[test]", "// codes::EXEC E0322"),
        ("#[test]", "}\nfn c() { codes::EXEC;"),
    ] {
        assert!(proved(head, body).is_err(), "{head} {body}");
    }
}

#[test]
fn every_page_is_listed_and_every_link_leads_somewhere() {
    let summary = fs::read_to_string(root().join("book/src/SUMMARY.md")).unwrap();
    let mut findings = Vec::new();
    for page in pages() {
        let folder = page.path.parent().unwrap();
        if let Ok(inside) = page.path.strip_prefix(root().join("book/src"))
            && !inside.ends_with("SUMMARY.md")
            && !summary.contains(&format!("({})", inside.display()))
        {
            findings.push(format!("{}: SUMMARY.md does not list it", inside.display()));
        }
        for target in page.text.split("](").skip(1).filter_map(|rest| rest.split_once(')')) {
            let file = target.0.split('#').next().unwrap();
            if !file.is_empty() && !file.contains("://") && !folder.join(file).exists() {
                findings.push(format!("{}: the link to {file} leads nowhere", page.path.display()));
            }
        }
    }
    none(&findings);
}

#[tokio::test(flavor = "multi_thread")]
async fn scripts_without_a_cluster_do_what_the_book_says() {
    // An endless loop is to end soon in debug builds, too.
    let mut limits = Limits::default();
    limits.operations = 1_000_000;
    let session = Session::builder(Arc::new(MemoryWorld::new())).limits(limits).build();
    let mut findings = Vec::new();
    for page in pages() {
        for block in page
            .blocks
            .iter()
            .filter(|block| block.language == "rhai" && !block.has("cluster") && block.word("file").is_none())
        {
            let script = Script::new(page.at(block), block.text.as_str());
            let result = session.run(&script, RunOptions::default()).await;
            let problem = match (block.word("error"), result) {
                (Some(code), Err(error)) if error.diagnostic.code.name() == code => continue,
                (None, Ok(_)) => continue,
                (Some(code), Ok(outcome)) => format!("gives {:?}, not {code}", outcome.value),
                (_, Err(error)) => format!("fails with {}: {}", error.diagnostic.code, error.diagnostic.message),
            };
            findings.push(format!("{}: {problem}", page.at(block)));
        }
    }
    none(&findings);
}

#[test]
fn scripts_for_a_cluster_compile() {
    let session = Session::builder(Arc::new(MemoryWorld::new())).build();
    let engine = session.toolbox().bare_engine(&Limits::default());
    let mut findings = Vec::new();
    for page in pages() {
        for block in page.blocks.iter().filter(|block| block.language == "rhai" && block.has("cluster")) {
            if let Err(error) = engine.compile(&block.text) {
                findings.push(format!("{}: {error}", page.at(block)));
            }
        }
    }
    none(&findings);
}

#[test]
fn errors_of_a_cluster_are_those_that_the_book_says() {
    let Some(cluster) = ControlPlane::shared() else { return };
    let mut findings = Vec::new();
    for page in pages() {
        for block in page.blocks.iter().filter(|block| block.language == "rhai" && block.has("cluster")) {
            let Some(code) = block.word("error") else { continue };
            let folder = tempdir(&page);
            let mut command = rutter(&folder);
            let output = command
                .args(["run", "--kubeconfig"])
                .arg(cluster.kubeconfig())
                .args(["-e", &block.text])
                .output()
                .unwrap();
            findings.extend(unless_failed_with(code, &output).map(|problem| format!("{}: {problem}", page.at(block))));
        }
    }
    none(&findings);
}

#[test]
fn commands_have_the_options_that_the_book_gives_them() {
    let mut findings = Vec::new();
    for page in pages() {
        for block in page.blocks.iter().filter(|block| block.language == "console") {
            for line in block.text.lines() {
                let Some(command) = line.strip_prefix("$ ").filter(|line| line.starts_with("rutter ")) else {
                    findings.push(format!("{}: `{line}` is no `$ rutter …`", page.at(block)));
                    continue;
                };
                if block.word("error").is_none() {
                    // The help of the same command: all options before it are parsed, nothing is run.
                    let asked = format!("rutter() {{ command rutter \"$@\" --help; }}; {command}");
                    let output = shell(root(), &asked);
                    if !output.status.success() {
                        findings.push(format!("{}: {}", page.at(block), String::from_utf8_lossy(&output.stderr)));
                    }
                }
            }
        }
    }
    none(&findings);
}

#[test]
fn commands_fail_as_the_book_says() {
    let mut findings = Vec::new();
    for page in pages() {
        let folder = tempdir(&page);
        for block in &page.blocks {
            if let Some(name) = block.word("file") {
                fs::write(folder.join(name), &block.text).unwrap();
            }
        }
        for block in page.blocks.iter().filter(|block| block.language == "console") {
            let Some(code) = block.word("error") else { continue };
            let output = shell(&folder, block.text.trim().trim_start_matches("$ "));
            findings.extend(unless_failed_with(code, &output).map(|problem| format!("{}: {problem}", page.at(block))));
        }
    }
    none(&findings);
}

#[test]
fn yaml_of_the_book_is_read() {
    let mut findings = Vec::new();
    for page in pages() {
        let shown = |block: &&Block| block.language == "yaml" && block.word("file").is_none();
        for block in page.blocks.iter().filter(shown) {
            if let Err(error) = yaml::read_documents(&block.text, "block", &Budget::default()) {
                findings.push(format!("{}: {error}", page.at(block)));
            }
        }
    }
    none(&findings);
}

/// The binary in a folder and an environment that hold nothing else.
fn rutter(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rutter"));
    command.env_clear().env("HOME", folder).current_dir(folder);
    command
}

fn shell(folder: &Path, line: &str) -> Output {
    let programs = Path::new(env!("CARGO_BIN_EXE_rutter")).parent().unwrap().display();
    let mut command = Command::new("sh");
    command.env_clear().env("HOME", folder.join("nobody")).env("PATH", format!("{programs}:/usr/bin:/bin"));
    command.arg("-c").arg(line).current_dir(folder).output().unwrap()
}

fn unless_failed_with(code: &str, output: &Output) -> Option<String> {
    let said = String::from_utf8_lossy(&output.stderr);
    let as_said = !output.status.success() && said.contains(&format!("error[{code}]"));
    (!as_said).then(|| format!("{}, not {code}:\n{said}", output.status))
}

/// An empty folder for the files of a page.
fn tempdir(page: &Page) -> PathBuf {
    let name = page.path.strip_prefix(root()).unwrap().display().to_string().replace(['/', '.'], "-");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("book").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn a_fence_is_taken_apart() {
    let found = blocks("text\n```rhai,cluster,error:E0305\na\nb\n```\n```yaml\nc: 1\n```\n");
    assert_eq!(found.len(), 2);
    assert_eq!((found[0].line, found[0].text.as_str(), found[0].word("error")), (2, "a\nb\n", Some("E0305")));
    assert!(found[0].has("cluster") && !found[1].has("cluster"));
}
