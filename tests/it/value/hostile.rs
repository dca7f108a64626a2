//! Texts that are meant to harm: each ends in a typed error, soon, on a small stack.

use rutter::diag::Explain;
use rutter::value::{Budget, Node, ValueError, json, yaml};

/// The smallest stack that a thread of the host may have.
const STACK: usize = 2 << 20;

fn on_a_small_stack(test: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(STACK).spawn(test).unwrap().join().unwrap();
}

#[track_caller]
fn code<T>(result: Result<T, ValueError>) -> &'static str {
    match result {
        Ok(_) => panic!("it was read"),
        Err(error) => {
            let diagnostic = error.diagnostic();
            assert!(diagnostic.message.len() < 300, "a message of {} bytes", diagnostic.message.len());
            diagnostic.code.name()
        }
    }
}

fn read_json(text: impl AsRef<[u8]>) -> Result<Node, ValueError> {
    json::read(text, "hostile.json", &Budget::default())
}

fn read_yaml(text: impl AsRef<[u8]>) -> Result<Vec<yaml::Document>, ValueError> {
    yaml::read_documents(text, "hostile.yaml", &Budget::default())
}

fn read_list(text: &[u8], piece: usize) -> Result<Node, ValueError> {
    let (mut parser, mut items) = (json::ListParser::new(&json::WireOptions::default()), Vec::new());
    for bytes in text.chunks(piece) {
        parser.feed(bytes, &mut items)?;
    }
    parser.finish()
}

#[test]
fn a_million_open_brackets_overflow_no_stack() {
    on_a_small_stack(|| {
        for open in ["[", "{\"a\":", "[{\"a\":", "{\"items\":[", "{\"metadata\":{\"managedFields\":"] {
            let text = open.repeat(1_000_000);
            assert_eq!(code(read_json(&text)), "E0404", "{open}");
            assert_eq!(code(read_yaml(&text)), "E0404", "{open}");
            assert_eq!(code(read_list(text.as_bytes(), 1 << 14)), "E0404", "{open}");
        }
        for open in ["- ", "? ", "a: [", "!!map {a: ", "&a [", "- - "] {
            assert!(["E0401", "E0404"].contains(&code(read_yaml(open.repeat(1_000_000)))), "{open}");
        }
        let stairs: String = (0..3_000).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
        assert_eq!(code(read_yaml(stairs)), "E0404");
        // Fields that nobody reads are passed over without a stack of their own.
        let managed = format!("{{\"items\":[{{\"metadata\":{{\"managedFields\":{}", "[".repeat(1_000_000));
        assert_eq!(code(read_list(managed.as_bytes(), 1 << 14)), "E0402");
    });
}

#[test]
fn the_deepest_document_allowed_is_read_and_written_on_a_small_stack() {
    on_a_small_stack(|| {
        let text = format!("{}1{}", "[".repeat(128), "]".repeat(128));
        let node = read_json(&text).unwrap();
        assert_eq!(node.to_string(), text);
        assert_eq!(read_yaml(&text).unwrap()[0].node(), &node);
        assert_eq!(read_yaml(yaml::write(&node)).unwrap()[0].node(), &node);
        assert_eq!(node.deserialize_into::<Node>(), Ok(node.clone()));
        assert_eq!(Node::from_serialize(&node), Ok(node));
    });
}

#[test]
fn a_text_of_64_mib_and_one_byte_is_refused() {
    let mut text = vec![b' '; 64 << 20];
    text[0] = b'1';
    assert_eq!(read_json(&text), Ok(Node::Int(1)));
    text.push(b' ');
    assert_eq!(code(read_json(&text)), "E0404");
    assert_eq!(code(read_yaml(&text)), "E0404");
}

#[test]
fn an_item_over_its_budget_is_refused_before_it_is_complete() {
    let mut options = json::WireOptions::default();
    options.budget.bytes = 1 << 20;
    let mut parser = json::ListParser::new(&options);
    let mut items = Vec::new();
    parser.feed(b"{\"items\":[{\"a\":\"", &mut items).unwrap();
    let piece = [b'x'; 1 << 14];
    let fed = (0..1_000).take_while(|_| parser.feed(&piece, &mut items).is_ok()).count();
    assert_eq!(fed, 63);
}

#[test]
fn bombs_end_at_the_budget() {
    let mut aliases = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        aliases += &format!("a{level}: &a{level} [{}]\n", vec![format!("*a{}", level - 1); 10].join(", "));
    }
    assert_eq!(code(read_yaml(aliases)), "E0404");
    let wide = format!("a: &a [{}]\nb: [{}]\n", "1,".repeat(10_000), "*a,".repeat(10_000));
    assert_eq!(code(read_yaml(wide)), "E0404");
    // Each level stays within the depth, all together would not.
    let tower: String = (1..150)
        .map(|level| format!("a{level}: &a{level} {}*a{}{}\n", "[".repeat(100), level - 1, "]".repeat(100)))
        .collect();
    assert_eq!(code(read_yaml(format!("a0: &a0 1\n{tower}"))), "E0404");
    assert_eq!(code(read_json(format!("[{}[]]", "[],".repeat(2_000_000)))), "E0404");
    assert_eq!(code(read_yaml("--- a\n".repeat(10_001))), "E0404");
}

#[test]
fn numbers_of_any_length_end_as_a_value_or_an_error() {
    let digits = |count: usize| "9".repeat(count);
    assert!(matches!(read_json(digits(300)), Ok(Node::Float(_))));
    for text in [digits(400), digits(2_000_000), format!("0.{}", digits(2_000)), format!("1e{}", digits(2_000_000))] {
        assert_eq!(code(read_json(&text)), "E0402");
        // YAML has a text for what is no number.
        assert!(read_yaml(format!("a: {text}")).is_ok());
    }
    assert_eq!(code(read_list(format!("{{\"items\":[{}", digits(2_000_000)).as_bytes(), 1 << 12)), "E0402");
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    for bytes in [&b"\xff"[..], b"\xc3", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"\xc0\x80"] {
        assert_eq!(code(read_json([b"[\"", bytes, b"\"]"].concat())), "E0405");
        assert_eq!(code(read_yaml([b"a: ", bytes].concat())), "E0405");
        assert_eq!(code(read_list(&[b"{\"a\":\"", bytes, b"\"}"].concat(), 1)), "E0405");
    }
    for bytes in [&b"\xff\xfea\0"[..], b"\xfe\xff\0a", b"a\0:\0", b"\xff\xfe\0\0a\0\0\0"] {
        assert_eq!(code(read_yaml(bytes)), "E0405");
    }
    for text in ["a: \0", "\0", "a: \u{1b}[31m", "\u{8}: 1", "'\u{7}'"] {
        assert_eq!(code(read_yaml(text)), "E0401", "{text:?}");
    }
    for text in ["\0", "\"\0\"", "[1\0]", "\"\u{1b}\"", "\"a\rb\"", "{\"\n\":1}"] {
        assert_eq!(code(read_json(text)), "E0402", "{text:?}");
    }
}

#[test]
fn a_lone_carriage_return_is_a_line_break_and_nothing_else() {
    let documents = read_yaml("a: 1\rb: |\r  x\r  y\r").unwrap();
    assert_eq!(documents[0].node().to_string(), r#"{"a":1,"b":"x\ny\n"}"#);
    assert_eq!(read_json("[1,\r2]").unwrap().to_string(), "[1,2]");
}

#[test]
fn a_document_that_is_cut_anywhere_is_refused_or_read_and_never_harms() {
    let yaml = concat!(
        "%YAML 1.1\n---\na: &x {b: [1, 'two', \"thr\\u00e9e\"], <<: {c: !!str 4}}\n",
        "é: |+\n  text\n\n? long\n: - *x\n  - >-\n    folded\n...\n--- # end\n[~, 0x1f]\n"
    );
    assert_eq!(read_yaml(yaml).unwrap().len(), 2);
    for length in 0..yaml.len() {
        let _ = read_yaml(&yaml.as_bytes()[..length]);
        let _ = read_yaml(&yaml.as_bytes()[length..]);
    }
    let json = r#"{"a":[1,-2.5e+3,true,null,"\ud83d\ude00é"],"b":{"c":"\\\""}}"#;
    for length in 0..json.len() {
        assert!(read_json(&json.as_bytes()[..length]).is_err(), "{length}");
        let _ = read_yaml(&json.as_bytes()[..length]);
    }
}

#[test]
fn a_byte_changed_anywhere_never_harms() {
    let text = "{\"items\":[{\"metadata\":{\"name\":\"a\",\"managedFields\":[{\"x\":\"]}\"}]},\"n\":[1.5,null]}]}";
    for at in 0..text.len() {
        for byte in [0, b'"', b'\\', b'{', b'}', b'[', b']', b',', b':', b'-', b'9', b' ', 0x80, 0xff] {
            let mut bytes = text.as_bytes().to_vec();
            bytes[at] = byte;
            let _ = read_json(&bytes);
            let _ = read_yaml(&bytes);
            let whole = read_list(&bytes, text.len()).ok();
            assert_eq!(whole, read_list(&bytes, 3).ok(), "byte {byte} at {at}");
        }
    }
}

#[test]
fn keys_that_collide_in_any_hash_cost_no_more_than_others() {
    let text: String = (0..200_000).map(|n| format!("\"k{n}\":0,")).collect();
    let node = read_json(format!("{{{text}\"last\":1}}")).unwrap();
    assert_eq!(node.get("last"), Some(&Node::Int(1)));
    let twice = format!("{{{text}\"k77\":1}}");
    assert_eq!(code(read_json(&twice)), "E0403");
    assert_eq!(code(read_yaml(format!("x: {twice}"))), "E0403");
}
