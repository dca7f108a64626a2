//! Manual pages: one for each command, with all of its options.

use super::run;
use crate::support::temp::TempDir;
use std::collections::BTreeSet;
use std::process::Command;

/// The long options of a text. Manual pages write `\-` for `-`.
fn options(text: &str) -> BTreeSet<String> {
    let text = text.replace("\\-", "-");
    let names = text.split("--").skip(1).map(|rest| rest.split(|c: char| c != '-' && !c.is_alphanumeric()));
    names.filter_map(|mut words| words.next().filter(|name| !name.is_empty()).map(|name| format!("--{name}"))).collect()
}

#[test]
fn every_command_has_a_page_that_names_its_options() {
    let dir = TempDir::new();
    let ran = run(&["man", &dir.join("").display().to_string()]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{}", ran.stderr);
    let mut pages: Vec<String> = std::fs::read_dir(dir.join(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    pages.sort();
    let commands = ["check", "completion", "doc", "man", "run", "version"];
    let wanted: Vec<String> =
        std::iter::once("rutter.1".to_owned()).chain(commands.map(|name| format!("rutter-{name}.1"))).collect();
    assert_eq!(pages.iter().collect::<BTreeSet<_>>(), wanted.iter().collect());
    assert_eq!(ran.stderr.lines().count(), pages.len(), "{}", ran.stderr);
    for page in pages {
        let text = std::fs::read_to_string(dir.join(&page)).unwrap();
        let name = page.trim_end_matches(".1");
        let help = match name.strip_prefix("rutter-") {
            Some(command) => run(&[command, "--help"]).stdout,
            None => run(&["--help"]).stdout,
        };
        let (there, wanted) = (options(&text), options(&help));
        assert!(wanted.contains("--help") && wanted.is_subset(&there), "{page}: {wanted:?} in {there:?}");
        assert!(text.contains(&format!("\n.TH {name} 1 ")), "{page}: {text}");
        let about = help.lines().next().unwrap().split(' ').take(3).collect::<Vec<_>>().join(" ");
        assert!(text.replace("\\-", "-").contains(&format!("{name} - {about}")), "{page} does not say {about}: {text}");
    }
}

#[test]
fn without_a_folder_the_main_page_goes_to_stdout() {
    let ran = run(&["man"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    for words in [".SH SYNOPSIS\n", "rutter\\-run(1)\n", ".SH EXAMPLES\n.nf\nrutter run \\-e \\*(Aqcluster.list("] {
        assert!(ran.stdout.contains(words), "{words}: {}", ran.stdout);
    }
    assert_eq!(ran.stdout, run(&["man"]).stdout);
}

/// Where there is a `man`, it has nothing to complain about.
#[test]
fn pages_are_read_without_a_warning() {
    let dir = TempDir::new();
    run(&["man", &dir.join("").display().to_string()]);
    let page = dir.join("rutter-run.1");
    let mut command = Command::new("groff");
    let Ok(output) = command.args(["-man", "-Tutf8", "-ww"]).arg(&page).output() else { return };
    let text = String::from_utf8_lossy(&output.stdout).split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!((output.status.success(), String::from_utf8_lossy(&output.stderr).as_ref()), (true, ""));
    assert!(text.contains("The script runs at once and for real"), "{text}");
}

#[test]
fn a_folder_that_does_not_exist_is_named() {
    let ran = run(&["man", "/nonexistent/man1"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
    assert!(ran.stderr.contains("error[E0501]") && ran.stderr.contains("/nonexistent/man1/rutter.1"), "{}", ran.stderr);
}
