//! What is derived from specs is complete and fresh.

use rutter::catalog::{GROUP_TITLES, STDLIB, generated};
use rutter::host::{GROUPS, Spec};
use std::path::Path;

#[test]
fn generated_files_are_fresh() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let stale: Vec<String> = generated()
        .into_iter()
        .filter(|(path, text)| std::fs::read_to_string(root.join(path)).ok().as_ref() != Some(text))
        .map(|(path, _)| path)
        .collect();
    assert!(stale.is_empty(), "stale, refresh with `cargo run -- doc --generate .`: {stale:#?}");
}

#[test]
fn every_group_has_a_page() {
    let summary = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("book/src/SUMMARY.md")).unwrap();
    for spec in GROUPS.iter().copied().flatten().copied() {
        let group = Spec::full_name(spec);
        assert!(GROUP_TITLES.iter().any(|(name, _)| *name == spec.group), "{group}: its group has no title");
        assert!(summary.contains(&format!("reference/{}.md", spec.group)), "{group}: its page is not in SUMMARY.md");
    }
    for (name, _) in STDLIB {
        assert!(summary.contains(&format!("reference/std-{name}.md")), "std/{name}: its page is not in SUMMARY.md");
    }
}

#[test]
fn every_module_of_the_library_is_embedded() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("stdlib");
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let Some(name) = name.strip_suffix(".rhai") else { continue };
        assert!(STDLIB.iter().any(|(known, _)| *known == name), "stdlib/{name}.rhai is not in STDLIB");
    }
}
