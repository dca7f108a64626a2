//! The command: which files it takes, what it prints where, how it ends.

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder with scripts of its own for each test.
struct Folder(PathBuf);

impl Folder {
    fn with(name: &str, files: &[(&str, &str)]) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("check").join(name);
        let _ = fs::remove_dir_all(&folder);
        for (name, text) in files {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        Self(folder)
    }

    fn check(&self, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rutter"));
        command.current_dir(&self.0).arg("check").args(args).output().unwrap()
    }
}

fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

fn stderr(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

fn mixed(name: &str) -> Folder {
    Folder::with(
        name,
        &[
            ("b.rhai", "frobnicate();\n"),
            ("a/c.rhai", "cluster.list(\"Deploymnet\");\n"),
            ("a/good.rhai", "1 + 1\n"),
            ("a/notes.txt", "frobnicate();\n"),
            (".hidden/d.rhai", "frobnicate();\n"),
        ],
    )
}

#[test]
fn all_scripts_below_a_folder_are_checked_in_order() {
    let output = mixed("folder").check(&[]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(stderr(&output), "3 files, 1 error, 1 warning\n");
    let (warning, error) = (stdout(&output).find("a/c.rhai:1:14"), stdout(&output).find("b.rhai:1:1"));
    assert!(warning.is_some() && warning < error, "{}", stdout(&output));
}

#[test]
fn what_nobody_wrote_by_hand_is_left_out_unless_it_is_named() {
    let folder = Folder::with(
        "foreign",
        &[
            ("own.rhai", "1\n"),
            ("target/CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55\n"),
            ("target/package/x.rhai", "frobnicate();\n"),
            ("web/node_modules/y/y.rhai", "frobnicate();\n"),
            ("web/.cache/z.rhai", "frobnicate();\n"),
            ("web/own.rhai", "2\n"),
        ],
    );
    assert_eq!(stderr(&folder.check(&[])), "2 files, 0 errors, 0 warnings\n");
    assert_eq!(stderr(&folder.check(&["web"])), "1 file, 0 errors, 0 warnings\n");
    for named in ["target", "target/package", "web/node_modules", "web/.cache"] {
        assert_eq!(stderr(&folder.check(&[named])), "1 file, 1 error, 0 warnings\n", "{named}");
    }
}

#[test]
fn warnings_alone_are_no_failure() {
    let output = mixed("warnings").check(&["a/c.rhai", "a/good.rhai"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(stderr(&output), "2 files, 0 errors, 1 warning\n");
}

#[test]
fn nothing_is_printed_where_nothing_is_wrong() {
    let output = mixed("quiet").check(&["-q", "a/good.rhai"]);
    assert_eq!((output.status.code(), stdout(&output), stderr(&output)), (Some(0), "", ""));
}

#[test]
fn a_module_of_several_scripts_is_reported_once() {
    let importer = "import \"./lib\" as lib;\nlib::f()\n";
    let folder = Folder::with(
        "module",
        &[("a.rhai", importer), ("b.rhai", importer), ("lib.rhai", "fn f() { frobnicate() }\n")],
    );
    assert_eq!(stderr(&folder.check(&["."])), "3 files, 1 error, 0 warnings\n");
}

#[test]
fn mistakes_in_the_header_are_found_with_those_in_the_script() {
    let header = "//! ```yaml\n//! apiVersion: rutter.dev/v1\n//! kind: Runbook\n//! name: x\n//! version: 1.0.0\n\
                  //! params: { type: object, properties: { context: { type: string } } }\n//! ```\nfrobnicate()\n";
    let output = Folder::with("header", &[("x.rhai", header)]).check(&["-o", "json"]);
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    let codes: Vec<&Value> = document["findings"].as_array().unwrap().iter().map(|finding| &finding["code"]).collect();
    assert_eq!(codes, ["E0134", "E0102"]);
}

#[test]
fn each_form_for_machines_has_every_finding() {
    let folder = mixed("forms");
    let json: Value = serde_json::from_slice(&folder.check(&["-o", "json"]).stdout).unwrap();
    assert_eq!((&json["version"], json["findings"].as_array().unwrap().len()), (&Value::from(1), 2));
    let yaml = folder.check(&["-o", "yaml"]);
    assert!(stdout(&yaml).starts_with("version: 1\nfindings:\n"), "{}", stdout(&yaml));
    let github = folder.check(&["-o", "github"]);
    assert_eq!(
        stdout(&github),
        "::warning file=a/c.rhai,line=1,col=14,title=E0204::Kubernetes itself has no kind `Deploymnet`%0A\
         help: did you mean `Deployment` (apps/v1)?\n\
         ::error file=b.rhai,line=1,col=1,endColumn=11,title=E0102::no function `frobnicate`%0A\
         help: `rutter doc` lists all functions\n"
    );
    let sarif: Value = serde_json::from_slice(&folder.check(&["-o", "sarif"]).stdout).unwrap();
    assert_eq!(sarif["runs"][0]["results"].as_array().unwrap().len(), 2);
    for rule in sarif["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap() {
        let (text, page) = (rule["help"]["text"].as_str().unwrap(), rule["help"]["markdown"].as_str().unwrap());
        assert!(page.starts_with(&format!("# {}: ", rule["id"].as_str().unwrap())) && page.contains(text), "{rule}");
        assert!(text.len() > 20 && rule.get("helpUri").is_none(), "{rule}");
    }
}

#[test]
fn a_path_that_does_not_exist_is_wrong_usage() {
    let output = mixed("nowhere").check(&["nowhere"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).starts_with("error[E0123]"), "{}", stderr(&output));
}
