//! Reads Rust source as text, without a parser: enough to see paths, names, modules and lengths.
//! It must never need a crate, so that the structure is still checked when nothing compiles but the tests.

use std::ops::Range;

/// The source with every comment, string and character literal blanked out; lines and columns stay.
pub(crate) fn code_only(source: &str) -> String {
    let bytes = source.as_bytes();
    let mut code = String::with_capacity(source.len());
    let mut at = 0;
    while at < bytes.len() {
        let length = literal_or_comment(&source[at..], at > 0 && is_word(bytes[at - 1]));
        if length > 0 {
            code.extend(source[at..at + length].chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
            at += length;
        } else {
            let c = source[at..].chars().next().unwrap();
            code.push(if c.is_ascii() { c } else { ' ' });
            at += c.len_utf8();
        }
    }
    code
}

/// How long the comment or literal is that `text` begins with; 0 for code.
fn literal_or_comment(text: &str, after_word: bool) -> usize {
    if text.starts_with("//") {
        return text.find('\n').unwrap_or(text.len());
    }
    if text.starts_with("/*") {
        return block_comment(text);
    }
    if !after_word {
        let prefix = text.find(|c| !matches!(c, 'b' | 'c' | 'r')).unwrap_or(text.len());
        let hashes = text[prefix..].bytes().take_while(|&b| b == b'#').count();
        if prefix > 0 && prefix < 3 && text[..prefix].contains('r') && text[prefix + hashes..].starts_with('"') {
            let end = format!("\"{}", "#".repeat(hashes));
            let body = prefix + hashes + 1;
            return text[body..].find(&end).map_or(text.len(), |found| body + found + end.len());
        }
    }
    if text.starts_with('"') {
        return quoted(text, '"');
    }
    if text.starts_with('\'') && (text.starts_with("'\\") || text.chars().nth(2) == Some('\'')) {
        return quoted(text, '\'');
    }
    0
}

fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    loop {
        if text[at..].starts_with("/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if text[at..].starts_with("*/") {
            (depth, at) = (depth - 1, at + 2);
        } else {
            at += text[at..].chars().next().map_or(0, char::len_utf8);
        }
        if depth == 0 || at >= text.len() {
            return at;
        }
    }
}

fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Blanks the modules, functions and uses that only tests see: `#[cfg(test)] …`.
pub(crate) fn without_tests(code: &str) -> String {
    const MARK: &str = "#[cfg(test)]";
    let mut kept = code.to_owned();
    let mut from = 0;
    while let Some(found) = kept[from..].find(MARK) {
        let start = from + found;
        let end = item_end(&kept, start + MARK.len());
        let blank: String = kept[start..end].chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
        kept.replace_range(start..end, &blank);
        from = end;
    }
    kept
}

/// Where the item that begins at `from` ends: behind its block, or behind its semicolon.
fn item_end(code: &str, from: usize) -> usize {
    match code[from..].find(['{', ';']) {
        Some(found) if code[from + found..].starts_with('{') => closing_brace(code, from + found) + 1,
        Some(found) => from + found + 1,
        None => code.len(),
    }
}

/// The offset of the brace that closes the one at `open`.
fn closing_brace(code: &str, open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, byte) in code.bytes().enumerate().skip(open) {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 1 => return at,
            b'}' => depth -= 1,
            _ => {}
        }
    }
    code.len().saturating_sub(1)
}

/// Every path in the code with its line, groups taken apart: `use a::{b, c::d};` gives `a::b` and `a::c::d`.
/// A name that stands alone is no path.
pub(crate) fn paths(code: &str) -> Vec<(usize, String)> {
    let (bytes, lines) = (code.as_bytes(), Lines::of(code));
    let (mut found, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        let starts_here = is_word(bytes[at]) && (at == 0 || !is_word(bytes[at - 1])) && !code[..at].ends_with("::");
        if starts_here {
            let line = lines.at(at);
            let mut leaves = Vec::new();
            at = path_tree(code, at, "", &mut leaves);
            found.extend(leaves.into_iter().filter(|path| path.contains("::")).map(|path| (line, path)));
        } else {
            at += 1;
        }
    }
    found
}

/// Reads one path, or one group of a `use`, and adds its leaves. Gives the offset behind it.
fn path_tree(code: &str, from: usize, prefix: &str, leaves: &mut Vec<String>) -> usize {
    let bytes = code.as_bytes();
    let mut at = from;
    let mut path = prefix.to_owned();
    loop {
        let word = at + bytes[at..].iter().take_while(|&&b| is_word(b)).count();
        path.push_str(&code[at..word]);
        at = word;
        if !code[at..].starts_with("::") {
            leaves.push(path);
            return at;
        }
        path.push_str("::");
        at += 2;
        if code[at..].starts_with('{') {
            return path_group(code, at, &path, leaves);
        }
        if !bytes.get(at).is_some_and(|&b| is_word(b)) {
            leaves.push(path);
            return at;
        }
    }
}

fn path_group(code: &str, open: usize, prefix: &str, leaves: &mut Vec<String>) -> usize {
    let bytes = code.as_bytes();
    let close = closing_brace(code, open);
    let mut at = open + 1;
    while at < close {
        if is_word(bytes[at]) {
            at = path_tree(code, at, prefix, leaves);
            at += code[at..close].find(',').unwrap_or(close - at);
        } else {
            at += 1;
        }
    }
    close + 1
}

/// Every function with its line and how many lines it takes.
pub(crate) fn functions(code: &str) -> Vec<(usize, String, usize)> {
    let lines = Lines::of(code);
    words(code)
        .zip(words(code).skip(1))
        .filter(|(word, _)| &code[word.clone()] == "fn")
        .filter_map(|(word, name)| {
            let open = body(code, name.end)?;
            let (first, last) = (lines.at(word.start), lines.at(closing_brace(code, open)));
            Some((first, code[name].to_owned(), last - first + 1))
        })
        .collect()
}

/// The brace that opens the body of the function whose name ends at `from`; `None` for a declaration.
fn body(code: &str, from: usize) -> Option<usize> {
    let mut depth = 0_i32;
    for (at, byte) in code.bytes().enumerate().skip(from) {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth -= 1,
            b';' if depth == 0 => return None,
            b'{' if depth == 0 => return Some(at),
            _ => {}
        }
        // `fn` as a type: `run: fn(u8) -> u8,` has no name and ends with what encloses it.
        if depth < 0 || (depth == 0 && byte == b'}') {
            return None;
        }
    }
    None
}

/// The modules that stand in files of their own: `mod name;`.
pub(crate) fn file_modules(code: &str) -> Vec<String> {
    modules(code).filter(|name| follows(code, name, ';')).map(|name| code[name].to_owned()).collect()
}

/// Whether a module stands inside the file: `mod name { … }`.
pub(crate) fn has_inner_module(code: &str) -> bool {
    modules(code).any(|name| follows(code, &name, '{'))
}

fn modules(code: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    words(code).zip(words(code).skip(1)).filter(|(word, _)| &code[word.clone()] == "mod").map(|(_, name)| name)
}

fn follows(code: &str, name: &Range<usize>, next: char) -> bool {
    code[name.end..].trim_start().starts_with(next)
}

/// The names of all types and modules that the code declares, with their lines.
pub(crate) fn declared(code: &str) -> Vec<(usize, String)> {
    const KEYWORDS: [&str; 6] = ["struct", "enum", "trait", "union", "type", "mod"];
    let lines = Lines::of(code);
    words(code)
        .zip(words(code).skip(1))
        .filter(|(word, _)| KEYWORDS.contains(&&code[word.clone()]))
        .map(|(_, name)| (lines.at(name.start), code[name].to_owned()))
        .collect()
}

fn words(code: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + code[at..].bytes().position(is_word)?;
        at = start + code[start..].bytes().take_while(|&b| is_word(b)).count();
        Some(start..at)
    })
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Where the lines of a text begin.
struct Lines(Vec<usize>);

impl Lines {
    fn of(code: &str) -> Self {
        Self(std::iter::once(0).chain(code.match_indices('\n').map(|(at, _)| at + 1)).collect())
    }

    /// The line, from 1, that holds an offset.
    fn at(&self, offset: usize) -> usize {
        self.0.partition_point(|&start| start <= offset)
    }
}

#[test]
fn comments_and_literals_are_no_code() {
    let source = "a /* x /* y */ z */ b // c\n\"d \\\" e\" f 'g' '\\'' r#\"h\" i\"# j br\"k\\\" l 'life m";
    let code = code_only(source);
    assert_eq!(code.split_whitespace().collect::<Vec<_>>(), ["a", "b", "f", "j", "l", "'life", "m"]);
    assert_eq!(code.lines().count(), source.lines().count());
}

#[test]
fn a_variable_named_like_a_prefix_is_code() {
    assert_eq!(code_only("r + b, for \"x\"").trim_end(), "r + b, for");
}

#[test]
fn code_that_only_tests_see_is_left_out() {
    let code = without_tests("a();\n#[cfg(test)]\nuse crate::x;\n#[cfg(test)]\nmod tests { fn b() {} }\nc();");
    assert_eq!(code.split_whitespace().collect::<Vec<_>>(), ["a();", "c();"]);
}

#[test]
fn groups_of_a_use_are_taken_apart() {
    let found =
        paths("use crate::{diag::{Code, codes}, value::Node as N};\nlet x = std::fs::read(y)?;\nplain + v::<T>();");
    let expected = [
        (1, "crate::diag::Code"),
        (1, "crate::diag::codes"),
        (1, "crate::value::Node"),
        (2, "std::fs::read"),
        (3, "v::"),
    ];
    assert_eq!(found, expected.map(|(line, path)| (line, path.to_owned())));
}

#[test]
fn the_lines_of_a_function_are_counted_from_its_head_to_its_closing_brace() {
    let code = "struct S { run: fn(u8) -> u8 }\nfn long(\n    x: [u8; 3],\n) -> u8 {\n    { 1 }\n}\ntrait T { fn declared(); }\nfn short() {}";
    assert_eq!(functions(code), [(2, "long".to_owned(), 5), (8, "short".to_owned(), 1)]);
}

#[test]
fn only_modules_in_files_of_their_own_are_file_modules() {
    let code = "mod a;\npub(crate) mod b ;\nmod c { }";
    assert_eq!(file_modules(code), ["a", "b"]);
    assert!(has_inner_module(code) && !has_inner_module("mod a;"));
}

#[test]
fn names_of_types_and_modules_are_declared() {
    let names: Vec<_> =
        declared("pub struct A<T>(T);\nmod helpers {}\ntype B = u8;").into_iter().map(|(_, name)| name).collect();
    assert_eq!(names, ["A", "helpers", "B"]);
}
