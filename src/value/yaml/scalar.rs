//! What a scalar stands for: the rules of go-yaml v2, which kubectl uses (`resolve.go` of `go.yaml.in/yaml/v2`).
//!
//! YAML 1.1 with its own exceptions: `y`, `on`, `no` are booleans, `014` and `0o14` are twelve, underscores in numbers are
//! ignored, sexagesimal numbers and timestamps are texts. One thing is kept that kubectl loses: integers up to `u64`.

use super::super::Node;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A type that a tag asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    Null,
    Bool,
    Int,
    Float,
    Str,
    Binary,
}

/// The value of a plain scalar, or what is wrong with it.
pub(super) fn resolve(text: &str) -> Result<Node, String> {
    let Some(&first) = text.as_bytes().first() else { return Ok(Node::Null) };
    if let b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~' = first {
        return Ok(word(text).unwrap_or_else(|| Node::text(text)));
    }
    let number = match first {
        b'.' | b'+' | b'-' if is_no_json(text) => return Err(format!("`{text}` is a number that JSON does not have")),
        b'.' => separated(text).filter(|text| is_decimal(text.as_bytes())).and_then(|text| float(&text)),
        b'+' | b'-' | b'0'..=b'9' => number(&text.replace('_', "")),
        _ => None,
    };
    Ok(number.unwrap_or_else(|| Node::text(text)))
}

/// The value of a scalar with a tag, whatever its quotes, or what is wrong with it.
pub(super) fn resolve_as(wanted: Wanted, text: &str) -> Result<Node, String> {
    let node = match wanted {
        Wanted::Str => return Ok(Node::text(text)),
        Wanted::Binary => return binary(text),
        Wanted::Null | Wanted::Bool | Wanted::Int | Wanted::Float => resolve(text)?,
    };
    match (wanted, &node) {
        (Wanted::Null, Node::Null)
        | (Wanted::Bool, Node::Bool(_))
        | (Wanted::Int, Node::Int(_) | Node::UInt(_))
        | (Wanted::Float, Node::Float(_)) => Ok(node),
        (Wanted::Float, Node::Int(_) | Node::UInt(_)) => Ok(node.as_f64().map_or(Node::Null, Node::Float)),
        _ => Err(format!("`{text}` is {}, its tag says otherwise", node.description())),
    }
}

/// The words of `resolve.go` that are no text.
fn word(text: &str) -> Option<Node> {
    Some(match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Node::Bool(true),
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Node::Bool(false),
        "~" | "null" | "Null" | "NULL" => Node::Null,
        _ => return None,
    })
}

fn is_no_json(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN")
}

/// A number that begins with a dot without its underscores, which must stand between digits as in Go.
fn separated(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let separates = |at: usize| at > 0 && is_digit(at - 1) && is_digit(at + 1);
    let well_placed = bytes.iter().enumerate().all(|(at, byte)| *byte != b'_' || separates(at));
    well_placed.then(|| text.replace('_', ""))
}

/// A number without underscores that starts with a digit or a sign.
fn number(text: &str) -> Option<Node> {
    let (negative, unsigned) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    let signed = unsigned.len() < text.len();
    if let Some(magnitude) = integer(unsigned) {
        if negative {
            if let Some(value) = 0_i64.checked_sub_unsigned(magnitude) {
                return Some(Node::Int(value));
            }
        } else if !signed || i64::try_from(magnitude).is_ok() {
            return Some(Node::from(magnitude));
        }
    }
    if is_decimal(unsigned.as_bytes()) {
        return float(text);
    }
    // go-yaml's second look at binary numbers takes a second sign.
    let bits = unsigned.strip_prefix("0b")?;
    let bits = bits.strip_prefix(['+', '-']).map(|digits| (bits.starts_with('-'), digits))?;
    match (signed, bits) {
        (false, (minus, digits)) => {
            let magnitude = radix(digits, 2)?;
            let value = if minus { 0_i64.checked_sub_unsigned(magnitude) } else { i64::try_from(magnitude).ok() };
            value.map(Node::Int)
        }
        (true, _) => None,
    }
}

/// An unsigned integer with Go's prefixes: `0x`, `0b`, `0o` and the bare `0` for octal.
fn integer(text: &str) -> Option<u64> {
    match text.as_bytes() {
        [b'0', b'x' | b'X', ..] => radix(&text[2..], 16),
        [b'0', b'b' | b'B', ..] => radix(&text[2..], 2),
        [b'0', b'o' | b'O', ..] => radix(&text[2..], 8),
        [b'0', _, ..] => radix(&text[1..], 8),
        _ => radix(text, 10),
    }
}

fn radix(digits: &str, radix: u32) -> Option<u64> {
    // The standard library takes a sign here.
    if digits.starts_with(['+', '-']) { None } else { u64::from_str_radix(digits, radix).ok() }
}

/// `(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
pub(super) fn is_decimal(text: &[u8]) -> bool {
    let digits = |bytes: &[u8]| bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let whole = digits(text);
    let mut rest = &text[whole..];
    if let [b'.', fraction @ ..] = rest {
        let length = digits(fraction);
        if whole + length == 0 {
            return false;
        }
        rest = &fraction[length..];
    } else if whole == 0 {
        return false;
    }
    match rest {
        [] => true,
        [b'e' | b'E', b'+' | b'-', exponent @ ..] | [b'e' | b'E', exponent @ ..] => {
            !exponent.is_empty() && digits(exponent) == exponent.len()
        }
        _ => false,
    }
}

/// A decimal number; one beyond the range of a double stays a text, as in Go.
fn float(text: &str) -> Option<Node> {
    text.parse().ok().filter(|value: &f64| value.is_finite()).map(Node::Float)
}

fn binary(text: &str) -> Result<Node, String> {
    let digits: String = text.chars().filter(|c| !matches!(c, '\r' | '\n')).collect();
    let bytes = STANDARD.decode(digits).map_err(|_| "the value of `!!binary` is not base64".to_owned())?;
    // kubectl puts U+FFFD for what is no UTF-8 and loses the data.
    String::from_utf8(bytes).map(Node::text).map_err(|_| "the value of `!!binary` is not UTF-8".to_owned())
}

/// A scalar as the key of a map, in the form that sigs.k8s.io/yaml gives to keys that are no texts.
pub(super) fn key_text(node: Node) -> Result<std::sync::Arc<str>, String> {
    match node {
        Node::Str(text) => Ok(text),
        Node::Bool(value) => Ok(if value { "true" } else { "false" }.into()),
        Node::Int(value) => Ok(value.to_string().into()),
        Node::Float(value) => Ok(float_key(value).into()),
        Node::UInt(value) => Err(format!("the number {value} is too large for a key")),
        other => Err(format!("{} cannot be a key", other.description())),
    }
}

/// `strconv.FormatFloat(value, 'g', -1, 32)`: the shortest digits of the nearest single, with an exponent from a million on.
fn float_key(value: f64) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "sigs.k8s.io/yaml rounds keys to single precision")]
    let single = value as f32;
    if single.is_infinite() {
        return if single > 0.0 { ".inf" } else { "-.inf" }.to_owned();
    }
    let scientific = format!("{single:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if !(-4..6).contains(&exponent) {
        let sign = if exponent < 0 { '-' } else { '+' };
        format!("{digits}e{sign}{:02}", exponent.unsigned_abs())
    } else {
        format!("{single}")
    }
}

#[cfg(test)]
mod tests {
    use super::float_key;

    #[test]
    fn writes_float_keys_as_go_does() {
        for (value, text) in [
            (1.5, "1.5"),
            (1.0, "1"),
            (0.1, "0.1"),
            (-0.0001, "-0.0001"),
            (0.00001, "1e-05"),
            (123_456_789.0, "1.2345679e+08"),
            (123_456.0, "123456"),
            (1e6, "1e+06"),
            (1e20, "1e+20"),
            (1e21, "1e+21"),
            (1e300, ".inf"),
            (-1e300, "-.inf"),
        ] {
            assert_eq!(float_key(value), text);
        }
    }
}
