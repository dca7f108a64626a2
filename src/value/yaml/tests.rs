//! YAML in and out together: what is read, where it stands, and that what is written reads back.

use super::{read_documents, read_one, write, write_documents};
use crate::diag::{Explain, Place};
use crate::value::{Budget, FieldPath, Map, Node, ValueError};

fn node(text: &str) -> Node {
    match read_one(text, "t", &Budget::default()) {
        Ok(document) => document.into_node(),
        Err(error) => panic!("{text:?}: {error}"),
    }
}

fn json(text: &str) -> String {
    node(text).to_string()
}

fn refusal(text: impl AsRef<[u8]>) -> String {
    refusal_within(text, &Budget::default())
}

fn refusal_within(text: impl AsRef<[u8]>, budget: &Budget) -> String {
    match read_documents(text, "t", budget) {
        Ok(documents) => panic!("read as {:?}", documents.iter().map(|one| one.node().to_string()).collect::<Vec<_>>()),
        Err(error) => {
            let start = error.span().unwrap().start;
            format!("{} {}:{} {error}", error.code(), start.line, start.column)
        }
    }
}

#[test]
fn keeps_the_order_of_keys_and_expands_aliases() {
    assert_eq!(
        json("b: &x {z: 1, a: 2}\na: *x\nl: [*x, &y 3, *y]"),
        r#"{"b":{"z":1,"a":2},"a":{"z":1,"a":2},"l":[{"z":1,"a":2},3,3]}"#
    );
}

#[test]
fn merges_maps_where_the_merge_key_stands() {
    assert_eq!(
        json("d: &d {x: 1, w: 2}\nm:\n  a: 0\n  <<: *d\n  w: 3\n  b: 4"),
        r#"{"d":{"x":1,"w":2},"m":{"a":0,"x":1,"w":3,"b":4}}"#
    );
    assert_eq!(json("m: {<<: [{x: 1, w: 1}, {w: 2, z: 2}]}"), r#"{"m":{"x":1,"w":1,"z":2}}"#);
    assert_eq!(json("m: {\"<<\": 1}"), r#"{"m":{"<<":1}}"#);
    assert_eq!(json("m: {!!merge <<: {x: 1}}"), r#"{"m":{"x":1}}"#);
    for (text, wanted) in [
        ("m: {<<: 1}", "E0401 1:9 `<<` merges maps only"),
        ("m: {<<: [{}, 1]}", "E0401 1:9 `<<` merges maps only"),
        ("m: {<<: {}, <<: {}}", "E0403 1:13 key `<<` stands twice in one map"),
        ("m: {x: 1, <<: {x: 2}}", "E0401 1:11 `<<` stands after key `x`, which it holds too"),
    ] {
        assert_eq!(refusal(text), wanted, "{text}");
    }
}

#[test]
fn turns_keys_into_texts_as_kubectl_does() {
    assert_eq!(
        json("{1: a, 0x10: b, yes: c, 1.50: d, 2001-01-01: e, 1e6: f, \"n\": g, !!str 2: h}"),
        r#"{"1":"a","16":"b","true":"c","1.5":"d","2001-01-01":"e","1e+06":"f","n":"g","2":"h"}"#
    );
    for (text, wanted) in [
        ("~: 1", "E0401 1:1 null cannot be a key"),
        ("[a]: 1", "E0401 1:1 a key must be a text, a number or a boolean"),
        ("? {a: b}\n: 1", "E0401 1:3 a key must be a text, a number or a boolean"),
        ("a: {{ x }}", "E0401 1:5 a key must be a text, a number or a boolean"),
        ("18446744073709551615: 1", "E0401 1:1 the number 18446744073709551615 is too large for a key"),
        ("1: a\n\"1\": b", "E0403 2:1 key `1` stands twice in one map"),
    ] {
        assert_eq!(refusal(text), wanted, "{text}");
    }
}

#[test]
fn obeys_the_tags_of_json_types_and_refuses_the_others() {
    assert_eq!(
        json("[!!str 1, !!int \"2\", !!float 3, !!bool \"on\", !!null ~, !!binary aGk=, ! 4, !!map {a: 1}, !!seq [1]]"),
        r#"["1",2,3.0,true,null,"hi","4",{"a":1},[1]]"#
    );
    for text in [
        "!foo 1",
        "!!set {a}",
        "!!omap []",
        "!!timestamp 2001-01-01",
        "!foo [1]",
        "!!int x",
        "!!bool 1",
        "!!null x",
        "!!binary \"/w==\"",
        "!!binary x",
        "!!int 1.5",
        "!!seq 1",
        "!!str {}",
    ] {
        assert!(refusal(format!("a: {text}")).starts_with("E0401 1:4"), "{text}");
    }
}

#[test]
fn leaves_out_empty_documents() {
    let documents = |text: &str| -> Vec<String> {
        let documents = read_documents(text, "t", &Budget::default()).unwrap();
        documents.iter().map(|document| document.node().to_string()).collect()
    };
    assert_eq!(documents("---\n---\n# x\n---\na: 1\n...\n---\nnull\n---\n~\n--- b\n---\n"), [r#"{"a":1}"#, "\"b\""]);
    assert_eq!(documents(""), [""; 0]);
    assert_eq!(documents("# only\n"), [""; 0]);
    assert_eq!(documents("{\"a\":1}\n{\"a\":\"\\ud83d\\ude00\"}"), [r#"{"a":1}"#, r#"{"a":"😀"}"#]);
    assert_eq!(documents("{a: 1}\n---\n{b: 2}"), [r#"{"a":1}"#, r#"{"b":2}"#]);
    assert_eq!(documents("\u{feff}a: 1"), [r#"{"a":1}"#]);
    assert_eq!(documents("a: 1\r\nb: |\r\n  x\r\n  y\r\n"), [r#"{"a":1,"b":"x\ny\n"}"#]);
}

#[test]
fn reads_one_document_only_where_one_is_expected() {
    let message = |text| read_one(text, "t", &Budget::default()).unwrap_err().to_string();
    assert_eq!(message("# nothing\n"), "the text holds no document");
    assert_eq!(message("a: 1\n---\nb: 2\n"), "2 documents, where one is expected");
}

#[test]
fn knows_where_every_value_and_key_stands() {
    let text =
        "# head\nspec:\n  replicas: 3\n  list:\n  - a\n  - b: é\n    ' c': |\n      text\nalias: &x\n  w: 1\nuse: *x\n";
    let document = read_one(text, "web.yaml", &Budget::default()).unwrap();
    for (path, value, key) in [
        (".", (2, 1), (2, 1)),
        ("spec", (3, 3), (2, 1)),
        ("spec.replicas", (3, 13), (3, 3)),
        ("spec.list", (5, 5), (4, 3)),
        ("spec.list[1]", (6, 5), (6, 5)),
        ("spec.list[1].b", (6, 8), (6, 5)),
        ("spec.list[1][' c']", (8, 7), (7, 5)),
        ("alias.w", (10, 6), (10, 3)),
        ("use.w", (11, 6), (11, 6)),
        ("spec.nope.deeper", (3, 3), (2, 1)),
    ] {
        let path = FieldPath::parse(path).unwrap();
        let place = |(line, column)| Place::new(line, column);
        assert_eq!(document.span(&path).start, place(value), "{path}");
        assert_eq!(document.key_span(&path).start, place(key), "{path}");
    }
    assert_eq!(document.span(&FieldPath::root()).file, "web.yaml");
}

#[test]
fn knows_where_merged_and_json_values_stand() {
    let text = "d: {z: 1}\nm:\n  a: 0\n  <<: {x: 1, w: [2, {q: 3}]}\n  w: 4\n  b: 5\nend: 6\n";
    let document = read_one(text, "t", &Budget::default()).unwrap();
    let place = |path: &str| document.span(&FieldPath::parse(path).unwrap()).start;
    for (path, at) in [("m.a", (3, 6)), ("m.x", (4, 11)), ("m.w", (5, 6)), ("m.b", (6, 6)), ("end", (7, 6))] {
        assert_eq!(place(path), Place::new(at.0, at.1), "{path}");
    }
    let text = "{\"a\": [1,\n  {\"é\": 2}]}\n{\"b\":\n3}";
    let documents = read_documents(text, "t.json", &Budget::default()).unwrap();
    assert_eq!(documents[0].span(&FieldPath::parse("a[1].é").unwrap()).start, Place::new(2, 9));
    assert_eq!(documents[1].span(&FieldPath::parse("b").unwrap()).start, Place::new(4, 1));
}

#[test]
fn names_both_places_of_a_repeated_key() {
    let error = read_one("a:\n  b: 1\n  c: 2\n  b: 3\n", "t", &Budget::default()).unwrap_err();
    let diagnostic = error.diagnostic();
    assert_eq!(diagnostic.code.name(), "E0403");
    let places: Vec<Place> = diagnostic.labels.iter().map(|label| label.span.start).collect();
    assert_eq!(places, [Place::new(4, 3), Place::new(2, 3)]);
    let merged = "d: &d {x: 1}\nm:\n  a: 1\n  <<: *d\n  b: 2\n  a: 3\n";
    let ValueError::DuplicateKey { first, span, .. } = read_one(merged, "t", &Budget::default()).unwrap_err() else {
        panic!("read");
    };
    assert_eq!((first, span.unwrap().start), (Some(Place::new(3, 3)), Place::new(6, 3)));
}

#[test]
fn says_where_and_what_is_wrong() {
    for (text, wanted) in [
        ("a:\n\tb: 1", "E0401 2:2 a tab where only spaces may stand"),
        ("a: *x", "E0401 1:4 an alias (`*name`) without an anchor (`&name`) before it"),
        ("a: @x", "E0401 1:4 a text may not begin with `@`"),
        ("a: b: c", "E0401 1:5 `: ` is not allowed here"),
        ("a: .inf", "E0401 1:4 `.inf` is a number that JSON does not have"),
        ("&a [*a]", "E0401 1:5 an anchor that contains itself"),
        ("a: \"x", "E0401 1:4 a quote is not closed"),
    ] {
        assert_eq!(refusal(text), wanted, "{text:?}");
    }
    for text in
        ["a: [1", "a: {b", "- a\nb: 1", "a: 1\n  b: 2", "a\nb: 1", "a: \u{0}", "a: 'x", "a: %x\n%y", "key: \u{1}"]
    {
        assert!(refusal(text).starts_with("E0401"), "{text:?}");
    }
}

#[test]
fn refuses_what_kubectl_reads_in_another_way() {
    for (text, wanted) in [
        ("x: {a: , b:}", "E0401 1:11 a value is missing after `:`"),
        ("x: {b:, c: 1}", "E0401 1:6 a value is missing after `:`"),
        ("x: [?a]", "E0401 1:5 a text in brackets may not begin with `?`"),
        ("x: \"a\\/b\"", "E0401 1:4 `\\/` is no escape of YAML 1.1"),
        ("x: \"\\ud83d\\ude00\"", "E0401 1:4 a surrogate pair is no escape of YAML 1.1"),
        ("x: 'a\u{2028}b'", "E0401 1:6 a line break of Unicode (U+0085, U+2028 or U+2029)"),
        ("a: é # \u{85}b: 1", "E0401 1:8 a line break of Unicode (U+0085, U+2028 or U+2029)"),
        ("\tx: 1", "E0401 1:2 a tab where only spaces may stand"),
        ("x:\n- a\n-\tb", "E0401 3:3 a tab where only spaces may stand"),
    ] {
        assert_eq!(refusal(text), wanted, "{text:?}");
    }
    assert_eq!(json("x: [\"\\\\/\", \"\\\\ud83d\"]\ny:\t1\n'z':\t2"), r#"{"x":["\\/","\\ud83d"],"true":1,"z":2}"#);
    assert_eq!(json("x: |\n  a"), r#"{"x":"a\n"}"#);
}

#[test]
fn refuses_other_encodings() {
    for bytes in [&b"\xff\xfea\0:\0"[..], b"\xfe\xff\0a", b"a\0:\0", b"\0a\0:"] {
        assert_eq!(refusal(bytes), "E0405 1:1 the text is UTF-16, not UTF-8");
    }
    assert_eq!(refusal(b"a: 1\nb: \xc3\xa9\xff"), "E0405 2:5 invalid UTF-8 at byte 10");
    assert_eq!(refusal(b"a: \xed\xa0\x80"), "E0405 1:4 invalid UTF-8 at byte 3");
}

#[test]
fn passes_at_the_edge_of_each_budget_and_fails_one_beyond() {
    let budget = Budget { bytes: 30, documents: 2, nodes: 5, depth: 3 };
    let reads = |text: &str| read_documents(text, "t", &budget).is_ok();
    assert!(reads("a\n---\n---\nb"));
    assert_eq!(refusal_within("a\n---\nb\n---\nc", &budget), "E0404 5:1 more than 2 documents");
    assert!(reads("[1, 2, 3, 4]"));
    assert_eq!(refusal_within("[1, 2, 3, 4, 5]", &budget), "E0404 1:14 more than 5 values");
    assert!(reads("- &x [1]\n- *x"));
    assert_eq!(refusal_within("- &x [1, 2]\n- *x", &budget), "E0404 2:3 more than 5 values");
    assert!(reads("[[[]]]") && reads("a: {b: [1]}") && reads("- - - 1") && reads("{\"a\":[[]]}"));
    assert_eq!(refusal_within("[[[[]]]]", &budget), "E0404 1:4 more than 3 levels of nesting");
    assert_eq!(refusal_within("- - - - 1", &budget), "E0404 1:7 more than 3 levels of nesting");
    assert_eq!(refusal_within("a:\n- b:\n  - 1", &budget), "E0404 3:5 more than 3 levels of nesting");
    assert!(reads(&"#".repeat(30)));
    assert_eq!(refusal_within("#".repeat(31), &budget), "E0404 1:1 more than 30 bytes");
}

#[test]
fn ends_bombs_by_the_budget() {
    let mut laughs = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n".to_owned();
    for level in 1..20 {
        let alias = format!("*a{}", level - 1);
        laughs += &format!("a{level}: &a{level} [{}]\n", vec![alias; 9].join(", "));
    }
    assert!(refusal(laughs).starts_with("E0404"));
    let merges: String = (1..40).map(|n| format!("m{n}: &m{n} {{<<: *m{}, l{n}: *m{}}}\n", n - 1, n - 1)).collect();
    assert!(refusal(format!("m0: &m0 {{x: 1}}\n{merges}")).starts_with("E0404"));
}

#[test]
fn survives_any_depth_on_a_small_stack() {
    let deep = |open: &str, depth: usize| open.repeat(depth);
    let run = move || {
        for open in ["[", "{a: ", "- ", "? ", "{\"a\":", "[{a: "] {
            let message = refusal(deep(open, 1_000_000));
            assert!(message.starts_with("E0404") || message.starts_with("E0401"), "{open}: {message}");
        }
        let lines: String = (0..2_000).map(|n| format!("{}a:\n", " ".repeat(n))).collect();
        assert!(refusal(lines).starts_with("E0404"));
    };
    std::thread::Builder::new().stack_size(2 << 20).spawn(run).unwrap().join().unwrap();
}

#[test]
fn writes_as_kubectl_does() {
    let node = node("{a: {b: [1, [2, 3], {c: d, e: {}}], f: []}, g: null, h: [[], [[x]]]}");
    assert_eq!(
        write(&node),
        "a:\n  b:\n  - 1\n  - - 2\n    - 3\n  - c: d\n    e: {}\n  f: []\ng: null\nh:\n- []\n- - - x\n"
    );
    assert_eq!(write_documents([&Node::from([("a", 1_i64.into())]), &Node::Int(2)]), "a: 1\n---\n2\n");
}

#[test]
fn writes_texts_over_several_lines_as_blocks() {
    for (text, wanted) in [
        ("a\nb", "|-\n  a\n  b\n"),
        ("a\nb\n", "|\n  a\n  b\n"),
        ("a\n\nb\n\n\n", "|+\n  a\n\n  b\n\n\n"),
        ("\na\n", "|\n\n  a\n"),
        ("#!/bin/sh\n\techo\n  x \n", "\"#!/bin/sh\\n\\techo\\n  x \\n\"\n"),
        ("a:\n  - b # c\n", "|\n  a:\n    - b # c\n"),
        (" a\nb", "\" a\\nb\"\n"),
        ("\n\n", "\"\\n\\n\"\n"),
        ("a\r\nb", "\"a\\r\\nb\"\n"),
        ("a\n \nb", "\"a\\n \\nb\"\n"),
    ] {
        assert_eq!(write(&Node::text(text)), wanted);
        assert_eq!(node(wanted), Node::text(text));
    }
}

#[test]
fn quotes_texts_that_some_reader_takes_for_something_else() {
    let quoted = concat!(
        "§~§null§NULL§y§N§yes§On§off§TRUE§1§-1§+1§1.0§.5§1.§1e3§1e400§0x1f§0o14§014§08§0b1§1_000§1,000§",
        "1:30§190:20:30.15§2001-01-01§2001-12-14t21:59:43.10-05:00§.inf§-.INF§.NaN§<<§=§-§--§---§...§- a§",
        "? a§: a§a: b§a:§a #b§#a§&a§*a§!a§|§>§%a§@a§`a§[a§]a§{a§}a§,a§'a§\"a§ a§a §a\tb§\u{85}§\u{2028}§",
        "\u{feff}§\u{7f}§\0",
    );
    for text in quoted.split('§') {
        let written = write(&Node::text(text));
        assert!(written.starts_with(['"', '\'']), "{text:?} is written as {written}");
        assert_eq!(node(&written), Node::text(text));
    }
    let plain = concat!(
        "a§-a§a-b§1.2.3§10.0.0.1§10.0.0.0/8§nginx:1.25§http://x/y?z#w§a,b§a[0]§1m§100Mi§12abc§é§a'b§",
        "no way§v1§5m30s§1-2§deadbeef§a::b§\u{1f600}§1e§e1",
    );
    for text in plain.split('§') {
        assert_eq!(write(&Node::text(text)), format!("{text}\n"));
        assert_eq!(node(text), Node::text(text));
    }
    assert_eq!(write(&Node::text(r#"{"a": "it's \d"}"#)), "'{\"a\": \"it''s \\d\"}'\n");
}

/// A small generator of numbers that look random, from a seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % limit
    }

    fn text(&mut self) -> String {
        const PIECES: [&str; 48] = [
            "a", "b", "yes", "no", "on", "null", "~", "1", "0", "0x", "0o", "e", "E", "+", "-", ".", "_", ":", ": ",
            "#", " #", " ", "  ", "\n", "\n\n", "\t", "\r", "'", "\"", "\\", "[", "]", "{", "}", ",", "&", "*", "!",
            "|", ">", "%", "@", "`", "?", "é", "\u{2028}", "---", "<<",
        ];
        const RARE: [&str; 10] =
            ["\0", "\u{85}", "\u{feff}", "\u{1f600}", "\u{ffff}", "\u{a0}", "...", "=", "\u{7f}", "\u{1b}"];
        (0..self.below(6))
            .map(|_| if self.below(12) == 0 { RARE[self.below(10)] } else { PIECES[self.below(48)] })
            .collect()
    }

    fn node(&mut self, depth: usize) -> Node {
        match self.below(if depth == 0 { 8 } else { 12 }) {
            0 => Node::Null,
            1 => Node::Bool(self.below(2) == 0),
            2 => Node::Int(self.0.cast_signed() >> self.below(64)),
            3 => Node::from(self.0.wrapping_mul(0x9e37_79b9_7f4a_7c15)),
            4 => {
                let float = f64::from_bits(self.0.wrapping_mul(0x2545_f491_4f6c_dd1d));
                Node::Float(if float.is_finite() && self.below(2) == 0 { float } else { self.below(1000) as f64 / 8.0 })
            }
            5..=7 => Node::text(self.text()),
            8 | 9 => Node::list((0..self.below(4)).map(|_| self.node(depth - 1)).collect()),
            _ => {
                let entries = (0..self.below(4)).map(|_| (self.text(), self.node(depth - 1))).collect::<Vec<_>>();
                Node::map(entries.into_iter().collect::<Map>())
            }
        }
    }
}

#[test]
fn reads_back_whatever_it_wrote() {
    let mut dice = Dice(0x5eed);
    for case in 0..20_000 {
        let node = dice.node(4);
        let text = write(&node);
        let back = match node {
            // A document of nothing is left out.
            Node::Null => continue,
            _ => read_one(&text, "t", &Budget::default()),
        };
        match back {
            Ok(document) => assert_eq!(document.node(), &node, "case {case}: {text}"),
            Err(error) => panic!("case {case}: {error:?}\n{text}"),
        }
        let json = crate::value::json::write(&node);
        assert_eq!(crate::value::json::read(&json, "t", &Budget::default()), Ok(node), "case {case}: {json}");
    }
}

#[test]
fn reads_back_a_key_longer_than_readers_look() {
    for length in [998, 999, 1000, 1001, 1020, 1024, 5000] {
        let node = Node::from([(
            "a",
            Node::list(vec![Node::from([(&*"k".repeat(length), Node::from([("b", Node::Int(1))]))])]),
        )]);
        assert_eq!(self::node(&write(&node)), node);
    }
}
