//! The schema of params: every keyword, and every schema that is refused.

use super::{good, refusals, with_params, with_properties};
use rutter::resolve::{FlagKind, flags};

/// One param, and what is said about it.
const MISTAKES: &[(&str, &str)] = &[
    (
        "a: { type: strng }",
        "E0130 10:20 `params.properties.a.type`: wanted a type, got the text `strng` | did you mean `string`?",
    ),
    (
        "a: { type: 1 }",
        "E0130 10:20 `params.properties.a.type`: wanted a type or a list of types, got the number `1` | write `type: string`, or `type: [integer, string]`",
    ),
    ("a: { type: [string, string] }", "E0130 10:29 type `string` stands twice"),
    ("a: { type: [] }", "E0130 10:20 the list of types is empty"),
    ("a: { title: x }", "E0130 10:12 `params.properties.a` has no `type` | add `type: string`, or what else it is"),
    ("a: string", "E0130 10:12 `params.properties.a`: wanted a map, got the text `string`"),
    (
        "a: { type: string, minlength: 1 }",
        "E0130 10:28 unknown key `minlength` in the schema `params.properties.a` | did you mean `minLength`?",
    ),
    (
        "a: { type: string, format: durration }",
        "E0130 10:36 `params.properties.a.format`: wanted a format, got the text `durration` | did you mean `duration`?",
    ),
    (
        "a: { type: string, pattern: '(' }",
        "E0130 10:37 `params.properties.a.pattern`: wanted a regular expression, got the text `(` | unclosed group",
    ),
    (
        "a: { type: string, minLength: -1 }",
        "E0130 10:39 `params.properties.a.minLength`: wanted a count, 0 or more, got the number `-1`",
    ),
    (
        "a: { type: string, minLength: 3, maxLength: 2 }",
        "E0130 10:28 `minLength: 3` is above `maxLength: 2`, so no value is allowed",
    ),
    (
        "a: { type: string, minimum: 1 }",
        "E0130 10:28 `minimum` says nothing about type `string` | it is a rule for type `integer` or `number`",
    ),
    (
        "a: { type: integer, format: duration }",
        "E0130 10:29 `format` says nothing about type `integer` | it is a rule for type `string`",
    ),
    (
        "a: { type: integer, minimum: x }",
        "E0130 10:38 `params.properties.a.minimum`: wanted a number, got the text `x`",
    ),
    (
        "a: { type: integer, minimum: 2, maximum: 1 }",
        "E0130 10:29 `minimum: 2` leaves nothing below `maximum: 1`, so no value is allowed",
    ),
    (
        "a: { type: number, exclusiveMinimum: 1, maximum: 1 }",
        "E0130 10:28 `exclusiveMinimum: 1` leaves nothing below `maximum: 1`, so no value is allowed",
    ),
    (
        "a: { type: integer, multipleOf: 0 }",
        "E0130 10:41 `params.properties.a.multipleOf`: wanted a number above 0, got the number `0`",
    ),
    (
        "a: { type: array, items: { type: string }, uniqueItems: yes please }",
        "E0130 10:65 `params.properties.a.uniqueItems`: wanted `true` or `false`, got the text `yes please`",
    ),
    ("a: { enum: [] }", "E0130 10:20 `enum` is empty, so no value is allowed"),
    ("a: { enum: [x, x] }", "E0130 10:20 \"x\" stands twice in `enum`"),
    (
        "a: { type: integer, enum: [1, x] }",
        "E0130 10:39 `enum` of `params.properties.a`: wanted an integer, got the text `x`",
    ),
    (
        "a: { type: integer, const: x }",
        "E0130 10:36 `const` of `params.properties.a`: wanted an integer, got the text `x`",
    ),
    (
        "a: { type: integer, default: x }",
        "E0130 10:38 `default` of `params.properties.a`: wanted an integer, got the text `x`",
    ),
    (
        "a: { type: string, format: ip, default: x }",
        "E0130 10:49 `default` of `params.properties.a`: wanted an IP address, got the text `x` | write it like `10.0.0.1`",
    ),
    (
        "a: { type: string, format: ip, examples: [10.0.0.1, x] }",
        "E0130 10:61 `examples` of `params.properties.a`: wanted an IP address, got the text `x` | write it like `10.0.0.1`",
    ),
    (
        "a: { type: string, default: 3 }",
        "E0130 10:37 `default` of `params.properties.a`: wanted a text, got the number `3` | put it in quotes, so that it is read as a text",
    ),
    (
        "a: { enum: [blue, green], default: bleu }",
        "E0130 10:44 `default` of `params.properties.a`: wanted `blue` or `green`, got the text `bleu` | did you mean `blue`?",
    ),
    (
        "a: { type: object, properties: { b: { type: string } }, required: [c] }",
        "E0130 10:76 `required` names `c`, which is not in `properties`",
    ),
    (
        "a: { type: object, properties: { b: { type: string } }, default: { c: x } }",
        "E0130 10:79 unknown key `c` in `default` of `params.properties.a` | known are b",
    ),
    (
        "a: { type: string, format: secret, default: hunter2 }",
        "E0130 10:44 `default` of `params.properties.a` would make a secret public | everyone can read the header; leave it out",
    ),
    (
        "a: { type: string, deprecated: 1 }",
        "E0130 10:40 `params.properties.a.deprecated`: wanted `true` or `false`, got the number `1`",
    ),
    (
        "a: { type: string, title: 1 }",
        "E0130 10:35 `params.properties.a.title`: wanted a text, got the number `1` | put it in quotes",
    ),
    (
        "AtOnce: { type: string }",
        "E0130 10:9 param `AtOnce` is not snake_case | write `at_once`; its flag is `--at-once`",
    ),
    (
        "at-once: { type: string }",
        "E0130 10:9 param `at-once` is not snake_case | write `at_once`; its flag is `--at-once`",
    ),
    (
        "dry_run: { type: boolean }",
        "E0134 10:9 param `dry_run` takes the name of the option `--dry-run` | choose another name, such as `target_dry_run`",
    ),
    (
        "import: { type: string }",
        "E0130 10:9 param `import` is a word of the script language | scripts could not read it; choose another name",
    ),
];

#[test]
fn tells_every_mistake_of_a_param() {
    for (param, wanted) in MISTAKES {
        assert_eq!(refusals(&with_properties(param)), [*wanted], "{param}");
    }
}

#[test]
fn tells_every_mistake_of_the_whole_schema() {
    for (params, wanted) in [
        (
            "type: array\nitems: { type: string }",
            "E0130 8:7 `params` must have `type: object`, not array | the params are its `properties`",
        ),
        (
            "type: object\nadditionalProperties: true",
            "E0130 9:7 `params` cannot take names that it does not declare | declare a param of type object, and give that one `additionalProperties`",
        ),
        (
            "type: object\nrequired: [selektor]\nproperties: { selector: { type: string } }",
            "E0130 9:18 `required` names `selektor`, which is not in `properties` | did you mean `selector`?",
        ),
        (
            "type: object\n$schema: http://json-schema.org/draft-07/schema",
            "E0130 9:16 `params.$schema`: wanted `https://json-schema.org/draft/2020-12/schema`, got the text `http://json-schema.org/draft-07/schema`",
        ),
        ("[a]", "E0130 8:7 `params`: wanted a map, got a list of 1 item"),
    ] {
        assert_eq!(refusals(&with_params(params)), [wanted], "{params}");
    }
}

/// Words after a dot that Rhai refuses, found by asking it: no param may be called so, and no other name is refused.
#[test]
fn refuses_exactly_the_names_that_scripts_cannot_reach() {
    let engine = rhai::Engine::new_raw();
    let words = "true false let const if else switch do while until loop for in continue break return throw try catch import \
                 export as global private fn this is var static shared goto exit match case public protected new use with \
                 module package super thread spawn go sync async await yield default void null nil print debug type_of eval \
                 call curry is_shared is_def_fn is_def_var selector at_once type name namespace";
    for word in words.split_whitespace() {
        let reachable = engine.compile(format!("params.{word}")).is_ok();
        let text = with_properties(&format!("{word}: {{ type: string }}"));
        let text = text.replace(&format!("{word}: {{"), &format!("\"{word}\": {{"));
        assert_eq!(super::read(&text).is_ok(), reachable, "{word}");
    }
}

const RICH: &str = r#"
name: { type: string, title: What to call it, minLength: 2, examples: [web] }
count: { type: integer, minimum: 1, maximum: 9, default: 3, description: "How many.\nMore." }
force: { type: boolean, default: false, deprecated: true }
zones: { type: array, items: { type: string }, default: [a, b] }
colour: { enum: [blue, green] }
token: { type: string, format: secret }
limits:
  type: object
  default: {}
  properties:
    cpu: { type: string, format: quantity, default: 500m }
    max_pods: { type: [integer, "null"] }
    "odd key": { type: string }
labels: { type: object, additionalProperties: { type: string } }
"#;

#[test]
fn derives_the_flags() {
    let flags = flags(&good(&with_properties(RICH.trim())).params);
    let described: Vec<String> = flags
        .iter()
        .map(|flag| {
            let default = flag.default.as_deref().map(|text| format!(" [{text}]")).unwrap_or_default();
            format!("--{} <{}> {:?}{default}", flag.name, flag.value_name, flag.kind)
        })
        .collect();
    assert_eq!(
        described,
        [
            "--name <TEXT> Value",
            "--count <N> Value [3]",
            "--force <BOOL> Switch [false]",
            "--zones <TEXT> List [[\"a\",\"b\"]]",
            "--colour <TEXT> Value",
            "--token <SECRET> Value",
            "--limits <JSON> Value [{}]",
            "--limits.cpu <QUANTITY> Value [500m]",
            "--limits.max-pods <N> Value",
            "--labels <JSON> Value",
        ]
    );
    assert_eq!((flags[0].help.as_str(), flags[1].help.as_str()), ("What to call it", "How many. More."));
    assert_eq!(flags[4].possible, ["blue", "green"]);
    assert!(flags[2].deprecated && flags[2].kind == FlagKind::Switch);
    assert!(flags[5].secret && !flags[0].secret);
}

#[test]
fn exports_json_schema_with_what_is_taken_for_granted() {
    let runbook = good(&with_properties(
        "limits: { type: object, properties: { cpu: { type: string } } }\ncolour: { enum: [blue, 3] }\ntoken: { type: string, \
         format: secret }\nopen: { type: object, additionalProperties: { type: object } }",
    ));
    assert_eq!(
        runbook.params.to_json_schema().to_string(),
        concat!(
            r#"{"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","properties":{"#,
            r#""limits":{"type":"object","properties":{"cpu":{"type":"string"}},"additionalProperties":false},"#,
            r#""colour":{"enum":["blue",3],"type":["string","integer"]},"#,
            r#""token":{"type":"string","format":"secret","writeOnly":true},"#,
            r#""open":{"type":"object","additionalProperties":{"type":"object","additionalProperties":false}}"#,
            r#"},"additionalProperties":false}"#
        )
    );
}

#[test]
fn exports_an_empty_schema_for_a_script_without_header() {
    assert_eq!(
        good("1").params.to_json_schema().to_string(),
        r#"{"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","additionalProperties":false}"#
    );
}
