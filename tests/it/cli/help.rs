//! The texts of `--help` as they are, so that a change of them is seen. `RUTTER_REFRESH=1 cargo test --test it cli::help`
//! writes them anew.

use super::run;
use crate::support::temp::TempDir;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

#[test]
fn the_help_of_each_command_is_the_one_on_file() {
    for (file, args) in [
        ("rutter.txt", &["--help"][..]),
        ("run.txt", &["run", "--help"]),
        ("check.txt", &["check", "--help"]),
        ("doc.txt", &["doc", "--help"]),
        ("completion.txt", &["completion", "--help"]),
        ("man.txt", &["man", "--help"]),
    ] {
        let ran = run(args);
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{args:?}");
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/cli").join(file);
        if std::env::var_os("RUTTER_REFRESH").is_some() {
            std::fs::write(&path, &ran.stdout).unwrap();
        }
        let wanted = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(ran.stdout, wanted, "{file}: RUTTER_REFRESH=1 writes it anew");
    }
}

const RUNBOOK: &str = "\
//! # Move things
//! Moves every
//! thing.
//!
//! Kept, because
//! nobody said otherwise:
//! - what is new,
//!   or unknown
//! - the rest
//!
//! ```yaml
//! apiVersion: rutter.dev/v1
//! kind: Runbook
//! name: move
//! version: 1.0.0
//! params:
//!   type: object
//!   properties:
//!     plain:
//!       type: integer
//!       default: 1
//!       description: |
//!         How many
//!         at a time.
//!
//!         More are
//!         not faster.
//!     titled: { type: string, title: Which, description: \"All of\\nthese.\" }
//! ```
1
";

#[test]
fn the_help_of_a_runbook_has_its_paragraphs_and_not_its_line_breaks() {
    let dir = TempDir::new();
    let file = dir.file("move.rhai", RUNBOOK).display().to_string();
    let long = run(&["run", &file, "--help"]).stdout;
    let about = "Move things (move@1.0.0)\n\nMoves every thing.\n\nKept, because nobody said otherwise:\n- what is new, or unknown\n- the rest\n\nUsage: ";
    assert!(long.starts_with(about), "{long}");
    let plain =
        "      --plain <N>\n          How many at a time.\n          \n          More are not faster. [default: 1]\n";
    assert!(long.contains(plain), "{long}");
    assert!(long.contains("          Which\n          \n          All of these.\n"), "{long}");
    let short = run(&["run", &file, "-h"]).stdout;
    assert!(short.starts_with("Move things (move@1.0.0)\n\nUsage: "), "{short}");
    assert!(short.contains("How many at a time. [default: 1]\n"), "{short}");
    assert!(short.contains("Which\n") && !short.contains("All of"), "{short}");
}

#[test]
fn the_short_help_fits_a_screen_and_no_arguments_ask_for_it() {
    let ran = run(&[]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert!(ran.stderr.contains("Usage: rutter"), "{}", ran.stderr);
    assert!(run(&["-h"]).stdout.lines().count() <= 40);
}

#[test]
fn as_a_plugin_of_kubectl_it_is_called_kubectl_rutter() {
    let dir = TempDir::new();
    let plugin = dir.join("kubectl-rutter");
    symlink(env!("CARGO_BIN_EXE_rutter"), &plugin).unwrap();
    for args in [&["--help"][..], &["run", "--help"], &["run", "--nope"]] {
        let output = Command::new(&plugin).args(args).env_clear().output().unwrap();
        let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert!(text.contains("Usage: kubectl rutter"), "{args:?}: {text}");
    }
    let output = Command::new(&plugin).args(["run", "-e", "6 * 7"]).env_clear().output().unwrap();
    assert_eq!(output.stdout, b"42\n");
}

#[test]
fn the_version_is_the_packages() {
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(run(&["version"]).stdout, format!("rutter {version}\n"));
    assert_eq!(run(&["--version"]).stdout, format!("rutter {version}\n"));
    assert_eq!(super::document(&run(&["version", "-o", "json"])), serde_json::json!({ "version": version }));
}

#[test]
fn an_unknown_option_is_answered_with_the_nearest() {
    let ran = run(&["run", "-e", "1", "--namspace", "x"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("--namspace") && ran.stderr.contains("--namespace"), "{}", ran.stderr);
    let ran = run(&["rnu", "-e", "1"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("'rnu'") && ran.stderr.contains("Usage: rutter"), "{}", ran.stderr);
}
