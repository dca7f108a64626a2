//! The header as a whole: where it may stand, what it must say.

use super::{good, refusals, with_params};
use rutter::resolve::flags;

const DRAIN: &str = r#"//! # Drain nodes
//! Moves every pod off the chosen nodes without breaking a disruption budget, and leaves the nodes cordoned.
//!
//! ```yaml
//! apiVersion: rutter.dev/v1
//! kind: Runbook
//! name: drain-nodes
//! version: 1.0.0
//! params:                         # JSON Schema 2020-12; formats below
//!   type: object
//!   required: [selector]
//!   properties:
//!     selector: { type: string, format: label-selector, title: Nodes to drain }
//!     at_once:  { type: string, format: int-or-percent, default: "10%", title: Nodes drained at the same time }
//!     timeout:  { type: string, format: duration, default: 30m }
//! allow:                          # what the run may touch; RBAC PolicyRule words, so a ClusterRole can be printed from it
//!   kubernetes:
//!     - { apiGroups: [""], resources: [nodes], verbs: [list, watch, patch] }
//!     - { apiGroups: [""], resources: [pods], verbs: [list, watch] }
//!     - { apiGroups: [""], resources: [pods/eviction], verbs: [create] }
//!     - { apiGroups: [policy], resources: [poddisruptionbudgets], verbs: [list, watch] }
//! ```

import "std/nodes" as nodes;
"#;

#[test]
fn reads_the_documented_example() {
    let runbook = good(DRAIN);
    assert_eq!(runbook.name, "drain-nodes");
    assert_eq!(runbook.version.unwrap().to_string(), "1.0.0");
    assert_eq!(runbook.title.as_deref(), Some("Drain nodes"));
    assert!(runbook.description.starts_with("Moves every pod off"));
    assert!(!runbook.description.contains("apiVersion"));
    assert_eq!(runbook.params.names().collect::<Vec<_>>(), ["selector", "at_once", "timeout"]);
    assert_eq!(runbook.allow.kubernetes.len(), 4);
    assert_eq!(runbook.allow.kubernetes[2].resources, ["pods/eviction"]);
    assert_eq!(runbook.allow.kubernetes[3].api_groups, ["policy"]);
    let names: Vec<String> = flags(&runbook.params).into_iter().map(|flag| flag.name).collect();
    assert_eq!(names, ["selector", "at-once", "timeout"]);
}

#[test]
fn takes_a_script_without_header_for_a_runbook_without_params() {
    let runbook = good("let a = 1;");
    assert_eq!((runbook.name.as_str(), runbook.version.is_some(), runbook.params.params().len()), ("t", false, 0));
    let documented = good("//! # Look around\n//! Just reads.\n\n1");
    assert_eq!(documented.title.as_deref(), Some("Look around"));
    assert_eq!(documented.description, "Just reads.");
}

#[test]
fn reads_the_header_whatever_the_line_ends() {
    assert_eq!(good(&DRAIN.replace('\n', "\r\n")).name, "drain-nodes");
    assert_eq!(good(&format!("\u{feff}{DRAIN}")).name, "drain-nodes");
    assert_eq!(good(&DRAIN.replace("//! ", "  //! ")).name, "drain-nodes");
}

#[test]
fn points_into_the_script() {
    let indented = DRAIN.replace("//! ", "  //! ").replace("format: duration", "format: duratoin");
    assert_eq!(
        refusals(&indented)[0].split(" | ").next().unwrap(),
        "E0130 15:45 `params.properties.timeout.format`: wanted a format, got the text `duratoin`"
    );
}

/// A piece of the documented header, what stands there instead, and all that is said about it.
const MISTAKES: &[(&str, &str, &[&str])] = &[
    (
        "apiVersion: rutter.dev/v1",
        "apiVersion: rutter.dev/v2",
        &["E0130 5:17 `apiVersion`: wanted `rutter.dev/v1`, got the text `rutter.dev/v2`"],
    ),
    ("kind: Runbook", "kind: Blueprint", &["E0130 6:11 `kind`: wanted `Runbook`, got the text `Blueprint`"]),
    (
        "kind: Runbook\n",
        "# nothing\n",
        &["E0130 4:1 the header has no `kind` | add `kind: Runbook`; an example in YAML is fenced as `yml`"],
    ),
    (
        "name: drain-nodes\n",
        "# nothing\n",
        &["E0130 4:1 the header has no `name` | add `name: drain-nodes`, or what the runbook is called"],
    ),
    (
        "name: drain-nodes",
        "name: Drain Nodes",
        &[
            "E0130 7:11 `name`: wanted a DNS-1123 label, got the text `Drain Nodes` | a DNS-1123 label has 1 to 63 lower-case letters, digits or `-`, and starts and ends with a letter or digit",
        ],
    ),
    ("name: drain-nodes", "name: 12", &["E0130 7:11 `name`: wanted a text, got the number `12` | put it in quotes"]),
    ("version: 1.0.0\n", "# nothing\n", &["E0130 4:1 the header has no `version` | add `version: 1.0.0`"]),
    (
        "version: 1.0.0",
        "version: 1.0",
        &["E0130 8:14 `version`: wanted a text, got the number `1.0` | put it in quotes"],
    ),
    (
        "version: 1.0.0",
        "version: v1.0.0",
        &[
            "E0130 8:14 `version`: wanted a semantic version, got the text `v1.0.0` | unexpected character 'v' while parsing major version number; write it like `1.0.0`",
        ],
    ),
    (
        "version: 1.0.0",
        "verison: 1.0.0",
        &[
            "E0130 4:1 the header has no `version` | add `version: 1.0.0`",
            "E0130 8:5 unknown key `verison` in the header | did you mean `version`?",
        ],
    ),
    (
        "allow: ",
        "permissions: ",
        &[
            "E0130 16:5 unknown key `permissions` in the header | known are apiVersion, kind, name, version, params, allow",
        ],
    ),
    (
        "[list, watch, patch]",
        "[list, wacth]",
        &[
            "E0130 18:64 `allow.kubernetes[0].verbs[1]`: wanted a verb of RBAC, got the text `wacth` | did you mean `watch`?",
        ],
    ),
    (
        "verbs: [create]",
        "verb: [create]",
        &[
            "E0130 20:11 the rule has no `verbs` | write verbs of RBAC: `verbs: [get, list, watch]`",
            "E0130 20:58 unknown key `verb` in a rule of `allow.kubernetes` | did you mean `verbs`?",
        ],
    ),
    (
        "verbs: [create]",
        "verbs: []",
        &[
            "E0130 20:65 `verbs` is empty, so the rule allows nothing | write verbs of RBAC: `verbs: [get, list, watch]`",
        ],
    ),
    (
        "resources: [nodes]",
        "resources: [Node]",
        &[
            "E0130 18:42 `allow.kubernetes[0].resources[0]`: wanted a plural resource name, got the text `Node` | as in the API's paths: `pods`, `pods/eviction`, `poddisruptionbudgets`",
        ],
    ),
    (
        "[policy]",
        "policy/v1",
        &["E0130 21:24 `allow.kubernetes[3].apiGroups`: wanted a list, got the text `policy/v1`"],
    ),
    (
        "  kubernetes:",
        "  net: [https://a.b]\n//!   kubernetes:",
        &[
            "E0130 17:13 `allow.net[0]`: wanted `host` or `host:port`, got the text `https://a.b` | leave out scheme and path: `example.com:443`",
        ],
    ),
    (
        "  kubernetes:",
        "  env: [$HOME]\n//!   kubernetes:",
        &[
            "E0130 17:13 `allow.env[0]`: wanted the name of an environment variable, got the text `$HOME` | letters, digits and `_`, no digit first, no `$`",
        ],
    ),
    (
        "  kubernetes:",
        "  files: [a]\n//!   kubernetes:",
        &["E0130 17:7 unknown key `files` in `allow` | known are kubernetes, read, write, net, env, run, clusters"],
    ),
    (
        "name: drain-nodes",
        "name: drain-nodes\n//! name: again",
        &[
            "E0130 8:5 the header does not parse: key `name` stands twice in one map ; the first one is at t.rhai:7:5 | remove one of the two; readers do not agree which one wins",
        ],
    ),
];

#[test]
fn tells_every_mistake_with_its_place() {
    for (old, new, wanted) in MISTAKES {
        assert!(DRAIN.contains(old), "{old}");
        assert_eq!(refusals(&DRAIN.replacen(old, new, 1)), *wanted, "{new}");
    }
}

#[test]
fn tells_where_yaml_does_not_parse() {
    let told = refusals("//! ```yaml\n//! apiVersion: rutter.dev/v1\n//! params: { a: [1, 2 }\n//! ```\n");
    assert!(told[0].starts_with("E0130 3:"), "{told:?}");
    assert!(told[0].contains("the header does not parse"), "{told:?}");
}

#[test]
fn refuses_a_header_that_cannot_be_meant() {
    for (text, wanted) in [
        (
            "//! ```yaml\n//! # nothing\n//! ```\n",
            "E0130 1:1 the header is empty | a header has apiVersion, kind, name and version",
        ),
        ("//! ```yaml\n//! [1]\n//! ```\n", "E0130 1:1 the header: wanted a map, got a list of 1 item"),
        (
            "//! ```yaml\n//! a: 1\nlet x = 1;\n",
            "E0130 1:1 the header's fence is not closed | end the fence with a line `//! ```",
        ),
        (
            "let x = 1;\n//! ```yaml\n//! ```\n",
            "E0130 2:1 the header must stand before the first statement | move the `//!` lines to the top of the file",
        ),
    ] {
        assert!(refusals(text)[0].starts_with(wanted), "{:?}", refusals(text));
    }
}

#[test]
fn tells_all_mistakes_in_the_order_of_the_text() {
    let text =
        with_params("type: object\nproperties:\n  A: { type: string }\n  b: { type: strng }").replace("1.0.0", "one");
    let places: Vec<String> = refusals(&text).iter().map(|line| line.split(' ').nth(1).unwrap().to_owned()).collect();
    assert_eq!(places, ["6:14", "10:9", "11:20"]);
}

#[test]
fn shows_the_line_of_the_script_with_a_caret() {
    use rutter::diag::{SourceMap, SourceText, Style, render};
    let source = SourceText::new("drain.rhai", DRAIN.replace("format: duration", "format: duratoin"));
    let errors = rutter::source::Runbook::read(&source, &[]).unwrap_err();
    let sources = SourceMap::default();
    sources.insert(source);
    let shown = render(&errors[0], &sources, Style::Plain);
    let (line, caret) = (shown.lines().nth(3).unwrap(), shown.lines().nth(4).unwrap());
    assert_eq!(line.find("duratoin"), caret.find('^'), "{shown}");
}

/// A hostile header costs time in proportion to its size, and no stack.
#[test]
fn survives_deep_and_wide_schemas() {
    let deep = |levels: usize| {
        let open = "{ type: array, items: ".repeat(levels);
        with_params(&format!("type: object\nproperties: {{ a: {open}{{ type: string }}{} }}", " }".repeat(levels)))
    };
    assert_eq!(good(&deep(100)).params.params().len(), 1);
    assert!(refusals(&deep(10_000))[0].contains("more than 128 levels of nesting"));
    let wide: Vec<String> = (0..5_000).map(|n| format!("p{n}: {{ type: string, default: x }}")).collect();
    assert_eq!(good(&super::with_properties(&wide.join("\n"))).params.params().len(), 5_000);
}
