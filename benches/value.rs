//! Reads 64 MB of JSON as nodes, beside serde_json's value tree; reads and writes YAML, beside serde_json's value tree
//! through the YAML crate. Each way runs in a process of its own: memory that one has used, another would use again.
// A benchmark prints its report, is its own embedder, and a panic is how it says that it cannot measure.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, clippy::disallowed_methods)]

mod support;

use rutter::value::json::{ListParser, ManagedFields, WireOptions};
use rutter::value::{Budget, Node, yaml};
use std::fs::File;
use std::hint::black_box;
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use support::measure::{Contender, Score, contest};
use support::report::{Limits, megabytes, scores};
use support::{objects, rounds};

/// How much of the file is read at a time: as much as an HTTP body brings.
const PIECE: usize = 64 * 1024;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, work, file] = &*arguments
        && work != "--bench"
    {
        child(work, Path::new(file));
        return ExitCode::SUCCESS;
    }
    if !support::is_wanted() {
        return ExitCode::SUCCESS;
    }
    let (list, documents) = (json_list(64_000_000), yaml_documents(8_000_000));
    let json = compare(&list, "JSON", &["json-nodes-kept", "json-nodes-streamed", "json-serde-kept"]);
    let yaml = compare(&documents, "YAML", &["yaml-nodes", "yaml-serde", "yaml-nodes-and-back", "yaml-serde-and-back"]);
    let [kept, streamed, serde] = &*json else { unreachable!("three contenders") };
    let mut limits = Limits::default();
    limits.at_most("JSON, nodes kept: time of serde_json", kept.times(serde), 1.0, " ×");
    limits.at_most("JSON, nodes kept: memory of serde_json", ratio(kept, serde), 0.5, " ×");
    limits.at_most("JSON, nodes streamed: peak memory", megabytes(streamed.memory()), 20.0, " MB");
    limits.at_most("YAML, read: time of serde-saphyr", yaml[0].times(&yaml[1]), 1.0, " ×");
    limits.at_most("YAML, read and written: time of serde-saphyr", yaml[2].times(&yaml[3]), 1.0, " ×");
    limits.conclude()
}

#[expect(clippy::cast_precision_loss, reason = "no benchmark uses 2^53 bytes")]
fn ratio(one: &Score, other: &Score) -> f64 {
    one.memory() as f64 / other.memory() as f64
}

fn compare(file: &Path, format: &str, works: &[&str]) -> Vec<Score> {
    let own = std::env::current_exe().unwrap();
    let command = |work: &str| {
        let mut command = Command::new(&own);
        command.arg(work).arg(file);
        command
    };
    let contenders: Vec<_> = works.iter().map(|work| Contender::new(work, move |_| command(work))).collect();
    let taken = contest(rounds(5), &contenders);
    let size = std::fs::metadata(file).unwrap().len();
    scores(&format!("{format}, {:.0} MB", megabytes(size)), &taken);
    taken
}

/// One way of reading, in a process of its own.
fn child(work: &str, file: &Path) {
    match work {
        "json-nodes-kept" => drop(black_box(nodes(file, Vec::extend))),
        "json-nodes-streamed" => drop(black_box(nodes(file, |_, items| drop(black_box(items))))),
        "json-serde-kept" => {
            let text = std::fs::read(file).unwrap();
            drop(black_box(serde_json::from_slice::<serde_json::Value>(&text).unwrap()));
        }
        "yaml-nodes" => drop(black_box(yaml_nodes(file))),
        "yaml-serde" => drop(black_box(yaml_values(file))),
        "yaml-nodes-and-back" => drop(black_box(yaml::write_documents(&yaml_nodes(file)))),
        "yaml-serde-and-back" => {
            drop(black_box(serde_yaml::to_string_multiple(&yaml_values(file)).unwrap()));
        }
        other => panic!("no work {other}"),
    }
}

fn nodes(file: &Path, keep: impl Fn(&mut Vec<Node>, Vec<Node>)) -> Vec<Node> {
    let mut options = WireOptions::default();
    options.managed_fields = ManagedFields::Keep;
    let (mut parser, mut kept) = (ListParser::new(&options), Vec::new());
    let (mut file, mut piece) = (File::open(file).unwrap(), vec![0; PIECE]);
    loop {
        let length = file.read(&mut piece).unwrap();
        if length == 0 {
            break;
        }
        let mut items = Vec::new();
        parser.feed(&piece[..length], &mut items).unwrap();
        keep(&mut kept, items);
    }
    parser.finish().unwrap();
    kept
}

fn yaml_nodes(file: &Path) -> Vec<Node> {
    let mut budget = Budget::default();
    budget.nodes = usize::MAX;
    let documents = yaml::read_documents(std::fs::read(file).unwrap(), "documents.yaml", &budget).unwrap();
    documents.into_iter().map(yaml::Document::into_node).collect()
}

fn yaml_values(file: &Path) -> Vec<serde_json::Value> {
    let text = std::fs::read_to_string(file).unwrap();
    serde_yaml::from_multiple(&text).unwrap()
}

/// A list of pods of about that many bytes.
fn json_list(bytes: usize) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pods.json");
    let mut file = BufWriter::new(File::create(&path).unwrap());
    file.write_all(br#"{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"1"},"items":["#).unwrap();
    let mut written = 0;
    for number in 0.. {
        let pod = objects::pod(number).to_string();
        file.write_all(if number == 0 { b"" } else { b"," }).unwrap();
        file.write_all(pod.as_bytes()).unwrap();
        written += pod.len();
        if written >= bytes {
            break;
        }
    }
    file.write_all(b"]}").unwrap();
    path
}

/// Pods as YAML documents, about that many bytes in all.
fn yaml_documents(bytes: usize) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pods.yaml");
    let mut text = String::new();
    for number in 0.. {
        text.push_str("---\n");
        text.push_str(&yaml::write(&Node::from_serialize(&objects::pod(number)).unwrap()));
        if text.len() >= bytes {
            break;
        }
    }
    std::fs::write(&path, text).unwrap();
    path
}
