//! JSON numbers: integers exactly up to `u64`, everything else as the nearest double.

use super::super::Node;

/// A number with more digits than this is an attack or a defect.
pub(super) const LONGEST: usize = 1024;

/// The bytes of a number-like token at the start of `bytes`.
pub(super) fn extent(bytes: &[u8]) -> usize {
    bytes.iter().position(|byte| !matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E')).unwrap_or(bytes.len())
}

/// The value of a number token, or what is wrong with it.
pub(super) fn value(token: &[u8]) -> Result<Node, &'static str> {
    let (negative, digits) = match token {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    let whole = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if whole == 0 || (whole > 1 && digits[0] == b'0') {
        return Err("not a number");
    }
    if whole == digits.len()
        && let Some(node) = integer(digits, negative)
    {
        return Ok(node);
    }
    if !is_rest_of_float(&digits[whole..]) {
        return Err("not a number");
    }
    // Only ASCII digits, signs, dots and `e` are left.
    let float: f64 = std::str::from_utf8(token).ok().and_then(|text| text.parse().ok()).ok_or("not a number")?;
    if float.is_finite() { Ok(Node::Float(float)) } else { Err("number out of range") }
}

fn integer(digits: &[u8], negative: bool) -> Option<Node> {
    let magnitude = match digits.len() {
        // 18 digits cannot overflow.
        ..=18 => digits.iter().fold(0, |value: u64, byte| value * 10 + u64::from(byte - b'0')),
        _ => {
            digits.iter().try_fold(0, |value: u64, byte| value.checked_mul(10)?.checked_add(u64::from(byte - b'0')))?
        }
    };
    if negative { 0_i64.checked_sub_unsigned(magnitude).map(Node::Int) } else { Some(Node::from(magnitude)) }
}

/// Whether this is nothing, a fraction, an exponent or both.
fn is_rest_of_float(mut rest: &[u8]) -> bool {
    if let [b'.', fraction @ ..] = rest {
        let length = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if length == 0 {
            return false;
        }
        rest = &fraction[length..];
    }
    match rest {
        [] => true,
        [b'e' | b'E', b'+' | b'-', digits @ ..] | [b'e' | b'E', digits @ ..] => {
            !digits.is_empty() && digits.iter().all(u8::is_ascii_digit)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::value;
    use crate::value::Node;

    #[test]
    fn keeps_every_integer_that_fits_and_rounds_the_others() {
        for (text, node) in [
            ("0", Node::Int(0)),
            ("-0", Node::Int(0)),
            ("9223372036854775807", Node::Int(i64::MAX)),
            ("-9223372036854775808", Node::Int(i64::MIN)),
            ("9223372036854775808", Node::UInt(1 << 63)),
            ("18446744073709551615", Node::UInt(u64::MAX)),
            ("18446744073709551616", Node::Float(18_446_744_073_709_551_616.0)),
            ("-9223372036854775809", Node::Float(-9_223_372_036_854_775_808.0)),
            ("1.0", Node::Float(1.0)),
            ("1e3", Node::Float(1000.0)),
            ("-1.5E-3", Node::Float(-0.0015)),
        ] {
            assert_eq!(value(text.as_bytes()), Ok(node), "{text}");
        }
    }

    #[test]
    fn refuses_what_only_looks_like_a_number() {
        for text in ["-", "01", "1.", ".5", "1e", "1e+", "+1", "--1", "1.e3", "1-2", "1e5.5", "1e400", "-1e400", "e"] {
            assert!(value(text.as_bytes()).is_err(), "{text}");
        }
    }
}
