//! Values for params: flags, files and defaults put together, and every value that is refused.

use super::{good, told, with_params, with_properties};
use rutter::diag::Explain;
use rutter::resolve::{Flag, Layer, ParamSchema, Params, flags};

fn schema(properties: &str) -> ParamSchema {
    good(&with_properties(properties)).params
}

fn file(text: &str) -> Layer {
    Layer::file(text, "values.yaml").unwrap()
}

fn flag(schema: &ParamSchema, name: &str) -> Flag {
    flags(schema).into_iter().find(|flag| flag.name == name).unwrap()
}

fn given(schema: &ParamSchema, name: &str, texts: &[&str]) -> Layer {
    let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
    flag(schema, name).layer(&texts).unwrap_or_else(|error| panic!("{}", told(&[error.diagnostic()])[0]))
}

fn values(schema: &ParamSchema, layers: &[Layer]) -> String {
    match Params::resolve(schema, layers) {
        Ok(params) => params.to_node().to_string(),
        Err(errors) => panic!("{}", told(&errors).join("\n")),
    }
}

fn refusals(schema: &ParamSchema, layers: &[Layer]) -> Vec<String> {
    told(&Params::resolve(schema, layers).expect_err("the values should be refused"))
}

const LAYERED: &str = "size: { type: integer, default: 1 }\nzones: { type: array, items: { type: string }, default: [a, b] }\n\
                       limits: { type: object, default: { cpu: 1, memory: 2 }, additionalProperties: { type: integer } }";

#[test]
fn puts_layers_on_each_other() {
    let schema = schema(LAYERED);
    for (files, wanted) in [
        (&[][..], r#"{"size":1,"zones":["a","b"],"limits":{"cpu":1,"memory":2}}"#),
        (&["", "# nothing"], r#"{"size":1,"zones":["a","b"],"limits":{"cpu":1,"memory":2}}"#),
        (&["size: 2", "size: 3"], r#"{"size":3,"zones":["a","b"],"limits":{"cpu":1,"memory":2}}"#),
        (&["zones: [c]"], r#"{"zones":["c"],"size":1,"limits":{"cpu":1,"memory":2}}"#),
        (
            &["limits: { cpu: 5 }", "limits: { disk: 6 }"],
            r#"{"limits":{"cpu":5,"disk":6,"memory":2},"size":1,"zones":["a","b"]}"#,
        ),
        (&["limits: { cpu: null }"], r#"{"limits":{"memory":2},"size":1,"zones":["a","b"]}"#),
        (&["limits: null\nsize: null"], r#"{"zones":["a","b"]}"#),
        (&["limits: null", "limits: { cpu: 7 }"], r#"{"limits":{"cpu":7},"size":1,"zones":["a","b"]}"#),
        (&["size: null", "size: 4"], r#"{"size":4,"zones":["a","b"],"limits":{"cpu":1,"memory":2}}"#),
        (&["size: 4.0"], r#"{"size":4,"zones":["a","b"],"limits":{"cpu":1,"memory":2}}"#),
    ] {
        let layers: Vec<Layer> = files.iter().map(|text| file(text)).collect();
        assert_eq!(values(&schema, &layers), wanted, "{files:?}");
    }
}

#[test]
fn fills_in_the_defaults_of_keys_where_their_map_is() {
    let text = "limits: { type: object, properties: { cpu: { type: integer, default: 1 }, disk: { type: integer } } }";
    assert_eq!(values(&schema(text), &[]), "{}");
    assert_eq!(values(&schema(text), &[file("limits: {}")]), r#"{"limits":{"cpu":1}}"#);
    let itself = text.replace("type: object,", "type: object, default: {},");
    assert_eq!(values(&schema(&itself), &[]), r#"{"limits":{"cpu":1}}"#);
}

#[test]
fn keeps_a_null_that_the_schema_allows() {
    let nullable =
        good(&with_params("type: object\nrequired: [a]\nproperties: { a: { type: [integer, \"null\"], default: 1 } }"));
    assert_eq!(values(&nullable.params, &[file("a: null")]), r#"{"a":null}"#);
}

#[test]
fn gives_any_number_the_form_of_a_float() {
    let schema = schema("ratio: { type: number }");
    assert_eq!(values(&schema, &[given(&schema, "ratio", &["3"])]), r#"{"ratio":3.0}"#);
}

#[test]
fn remembers_where_every_value_is_from() {
    let schema = schema(LAYERED);
    let layers = [file("limits:\n  disk: 1\n"), given(&schema, "size", &["9"])];
    let params = Params::resolve(&schema, &layers).unwrap();
    let origins: Vec<String> = params.origins().iter().map(|(path, origin)| format!("{path} {origin}")).collect();
    assert_eq!(
        origins,
        [
            "limits.disk values.yaml:2:3",
            "limits.cpu its default",
            "limits.memory its default",
            "size flag `--size`",
            "zones its default"
        ]
    );
}

/// A param, the text of its flag, the value.
#[test]
fn reads_the_texts_of_flags_by_type() {
    for (param, texts, wanted) in [
        ("a: { type: string }", &["1"][..], r#""1""#),
        ("a: { type: string }", &["@file"], r#""@file""#),
        ("a: { type: string }", &["null"], r#""null""#),
        ("a: { type: integer }", &["-7"], "-7"),
        ("a: { type: integer }", &["18446744073709551615"], "18446744073709551615"),
        ("a: { type: number }", &["1.5"], "1.5"),
        ("a: { type: number }", &["1e3"], "1000.0"),
        ("a: { type: boolean }", &["true"], "true"),
        ("a: { type: boolean }", &["false"], "false"),
        ("a: { type: boolean }", &[], "true"),
        ("a: { type: [integer, string] }", &["3"], "3"),
        ("a: { type: [string, integer] }", &["3%"], r#""3%""#),
        ("a: { type: [string, array], items: { type: string } }", &["a"], r#"["a"]"#),
        ("a: { enum: [1, two] }", &["1"], "1"),
        ("a: { type: array, items: { type: string } }", &["a,b", "c"], r#"["a","b","c"]"#),
        ("a: { type: array, items: { type: string } }", &[""], "[]"),
        ("a: { type: array, items: { type: string } }", &["[\"a,b\"]", "c"], r#"["a,b","c"]"#),
        ("a: { type: array, items: { type: integer } }", &["1,2"], "[1,2]"),
        ("a: { type: array, items: { type: string, format: label-selector } }", &["a=1,b=2"], r#"["a=1,b=2"]"#),
        (
            "a: { type: array, items: { type: object, additionalProperties: true } }",
            &["{\"b\": 1}", "{c: 2}"],
            r#"[{"b":1},{"c":2}]"#,
        ),
        ("a: { type: object, additionalProperties: true }", &["{\"b\": [1, true]}"], r#"{"b":[1,true]}"#),
        ("a: { type: object, additionalProperties: true }", &["b: x"], r#"{"b":"x"}"#),
    ] {
        let schema = schema(param);
        assert_eq!(values(&schema, &[given(&schema, "a", texts)]), format!("{{\"a\":{wanted}}}"), "{param} {texts:?}");
    }
}

#[test]
fn refuses_texts_of_flags_that_are_no_value_of_the_type() {
    for (param, texts, wanted) in [
        (
            "a: { type: integer }",
            &["x"][..],
            "wanted an integer, got the text `x` | digits only, with or without a minus sign",
        ),
        (
            "a: { type: integer }",
            &["1_000"],
            "wanted an integer, got the text `1_000` | digits only, with or without a minus sign",
        ),
        (
            "a: { type: integer }",
            &["1.5"],
            "wanted an integer, got the text `1.5` | digits only, with or without a minus sign",
        ),
        (
            "a: { type: integer }",
            &[""],
            "wanted an integer, got an empty text | digits only, with or without a minus sign",
        ),
        ("a: { type: number }", &["NaN"], "wanted a number, got the text `NaN`"),
        ("a: { type: boolean }", &["yes"], "wanted `true` or `false`, got the text `yes`"),
        (
            "a: { type: array, items: { type: integer } }",
            &["1,x"],
            "wanted a list, each item an integer, got the text `1,x` | join items by commas, or write the list as JSON: `'[\"a\", \"b\"]'`",
        ),
        (
            "a: { type: object, additionalProperties: true }",
            &["b"],
            "wanted a map, got the text `b` | write it as JSON: `'{\"cpu\": 1}'`",
        ),
        (
            "a: { type: object, properties: { b: { type: string, format: secret } } }",
            &["hunter2"],
            "wanted a map, got a text that is not shown | write it as JSON: `'{\"cpu\": 1}'`",
        ),
    ] {
        let schema = schema(param);
        let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
        let error = flag(&schema, "a").layer(&texts).unwrap_err();
        assert_eq!(
            told(&[error.diagnostic()]),
            [format!("E0133 param `a` in flag `--a`: {wanted}")],
            "{param} {texts:?}"
        );
    }
}

#[test]
fn merges_flags_of_the_keys_of_a_map() {
    let schema =
        schema("limits: { type: object, properties: { cpu: { type: integer }, max_pods: { type: integer } } }");
    let layers = [given(&schema, "limits", &["{\"cpu\": 1}"]), given(&schema, "limits.max-pods", &["2"])];
    assert_eq!(values(&schema, &layers), r#"{"limits":{"cpu":1,"max_pods":2}}"#);
}

/// A param and a value for it in a file, and what is said about it.
#[test]
fn tells_every_rule_that_a_value_breaks() {
    for (param, value, wanted) in [
        ("{ type: string }", "3", "wanted a text, got the number `3` | put it in quotes, so that it is read as a text"),
        ("{ type: string }", "yes", "wanted a text, got `true` | put it in quotes, so that it is read as a text"),
        (
            "{ type: integer }",
            "'3'",
            "wanted an integer, got the text `3` | remove the quotes, so that it is read as a number",
        ),
        ("{ type: integer }", "1.5", "wanted an integer, got the number `1.5`"),
        (
            "{ type: boolean }",
            "'true'",
            "wanted `true` or `false`, got the text `true` | remove the quotes, so that it is read as true or false",
        ),
        ("{ type: [integer, string] }", "[1]", "wanted an integer or a text, got a list of 1 item"),
        (
            "{ type: array, items: { type: string } }",
            "a",
            "wanted a list, got the text `a` | write it as a list, even of one item",
        ),
        ("{ type: object }", "a", "wanted a map, got the text `a`"),
        ("{ enum: [blue, green] }", "bleu", "wanted `blue` or `green`, got the text `bleu` | did you mean `blue`?"),
        ("{ const: 1 }", "2", "wanted `1`, got the number `2`"),
        ("{ type: string, minLength: 2 }", "é", "wanted at least 2 characters, got the text `é`"),
        ("{ type: string, maxLength: 1 }", "ab", "wanted at most 1 character, got the text `ab`"),
        ("{ type: string, pattern: '^a+$' }", "b", "wanted a text that matches `^a+$`, got the text `b`"),
        ("{ type: integer, minimum: 1 }", "0", "wanted at least 1, got the number `0`"),
        ("{ type: integer, maximum: 1 }", "2", "wanted at most 1, got the number `2`"),
        ("{ type: number, exclusiveMinimum: 1 }", "1.0", "wanted more than 1, got the number `1.0`"),
        ("{ type: number, exclusiveMaximum: 1 }", "1", "wanted less than 1, got the number `1`"),
        ("{ type: integer, multipleOf: 5 }", "7", "wanted a multiple of 5, got the number `7`"),
        (
            "{ type: array, items: { type: string }, minItems: 1 }",
            "[]",
            "wanted at least 1 item, got a list of 0 items",
        ),
        (
            "{ type: array, items: { type: string }, maxItems: 1 }",
            "[a, b]",
            "wanted at most 1 item, got a list of 2 items",
        ),
        ("{ type: string, format: duration }", "1d", "wanted a duration, got the text `1d`"),
        ("{ type: string, format: label-selector }", "a in b", "wanted a label selector, got the text `a in b`"),
    ] {
        let said = refusals(&schema(&format!("a: {param}")), &[file(&format!("a: {value}"))]);
        let wanted = format!("E0133 1:4 param `a` in values.yaml:1:1: {wanted}");
        assert!(said.len() == 1 && said[0].starts_with(&wanted), "{said:?} instead of {wanted}");
    }
}

#[test]
fn names_the_place_of_a_value_deep_inside() {
    let schema = schema(
        "zones: { type: array, uniqueItems: true, items: { type: string, minLength: 1 } }\nlimits: { type: object, properties: { \
         cpu: { type: integer } }, required: [cpu] }\nlabels: { type: object, additionalProperties: { type: string } }",
    );
    let values = file("zones: [a, '', a]\nlimits:\n  cpus: 1\nlabels: { x: 1 }\n");
    assert_eq!(
        refusals(&schema, &[values]),
        [
            "E0133 1:16 param `zones[2]` in values.yaml:1:16: wanted items that differ, got the text `a` | it stands twice",
            "E0133 1:12 param `zones[1]` in values.yaml:1:12: wanted at least 1 character, got an empty text",
            "E0131 3:3 param `limits` has no key `cpus` in values.yaml:3:3 | did you mean `cpu`?",
            "E0132 param `limits.cpu` is missing | give `--limits.cpu <N>`, or `limits.cpu: …` in a values file",
            "E0133 4:14 param `labels.x` in values.yaml:4:11: wanted a text, got the number `1` | put it in quotes, so that it is \
             read as a text",
        ]
    );
}

#[test]
fn tells_unknown_missing_and_invalid_params_at_once() {
    let text = with_params(
        "type: object\nrequired: [selector]\nproperties:\n  selector: { type: string, format: label-selector }\n  at_once: { type: \
         integer, minimum: 1 }",
    );
    let schema = good(&text).params;
    let layers = [file("at_onc: 3\nbanana: 1"), given(&schema, "at-once", &["0"])];
    assert_eq!(
        refusals(&schema, &layers),
        [
            "E0131 1:1 no param `at_onc` in values.yaml:1:1 | did you mean `at_once`?",
            "E0131 2:1 no param `banana` in values.yaml:2:1 | there are `selector`, `at_once`",
            "E0133 param `at_once` in flag `--at-once`: wanted at least 1, got the number `0`",
            "E0132 param `selector` is missing | give `--selector <SELECTOR>`, or `selector: …` in a values file",
        ]
    );
}

#[test]
fn says_who_removed_a_required_param() {
    let text = with_params("type: object\nrequired: [a]\nproperties: { a: { type: integer, default: 1 } }");
    assert_eq!(
        refusals(&good(&text).params, &[file("a: null")]),
        [
            "E0132 param `a` is missing ; values.yaml:1:1 removes it with `null` | give `--a <N>`, or `a: …` in a values file"
        ]
    );
}

#[test]
fn refuses_values_that_are_no_map() {
    assert_eq!(
        refusals(&ParamSchema::default(), &[file("- a\n")]),
        ["E0133 1:1 values.yaml:1:1: wanted a map of params, got a list | write one `name: value` a line"]
    );
    assert_eq!(
        refusals(&ParamSchema::default(), &[file("a: 1")]),
        ["E0131 1:1 no param `a` in values.yaml:1:1 | there are none to choose from"]
    );
}

#[test]
fn never_shows_a_secret() {
    let schema = schema(
        "token: { type: string, format: secret, minLength: 20, pattern: '^tk_' }\nkeys: { type: array, items: { type: string, format: \
         secret, maxLength: 3 } }\nlogin: { type: object, properties: { password: { type: string, format: secret } } }\nother: { type: integer }",
    );
    for values in [
        "token: hunter2",
        "token: [hunter2]",
        "token: { hunter2: hunter2 }\nother: 1",
        "keys: [hunter2]",
        "keys: hunter2",
        "login: hunter2",
        "login: { password: [hunter2] }",
        "{ token: hunter2, other: x }",
    ] {
        let errors = Params::resolve(&schema, &[file(values)]).expect_err(values);
        let told = told(&errors).join("\n");
        assert!(!told.contains("hunter2") && !format!("{errors:?}").contains("hunter2"), "{values}: {told}");
        // An excerpt would show the line.
        assert!(errors.iter().all(|error| error.labels.is_empty()), "{values}");
    }
}

#[test]
fn hides_secrets_in_debug_output_and_lists_them_for_masking() {
    let schema = schema(
        "token: { type: string, format: secret }\nkeys: { type: array, items: { type: string, format: secret } }",
    );
    let layers = [file("keys: ['', hunter3]"), given(&schema, "token", &["hunter2"])];
    let params = Params::resolve(&schema, &layers).unwrap();
    assert!(!format!("{params:?} {layers:?}").contains("hunter"), "{params:?} {layers:?}");
    let secrets: Vec<&str> = params.secrets().iter().map(|secret| &**secret).collect();
    assert_eq!(secrets, ["hunter3", "hunter2"]);
}
