//! JSON strings: finding the end of one, eight bytes at a time, and resolving its escapes.

/// What a scan for the end of a string found.
pub(super) enum Scan {
    /// The closing quote is at this index; whether there are escapes before it.
    End { at: usize, escaped: bool },
    /// The bytes end before the string does; scanning can go on from this index.
    More { resume: usize, escaped: bool },
    /// A control character stands raw in the string.
    Control { at: usize },
}

/// Looks for the closing quote from `at` on, which is inside the string and not inside an escape.
pub(super) fn scan(bytes: &[u8], mut at: usize, mut escaped: bool) -> Scan {
    loop {
        at = next_special(bytes, at);
        match bytes.get(at) {
            None => return Scan::More { resume: at, escaped },
            Some(b'"') => return Scan::End { at, escaped },
            Some(b'\\') if at + 1 == bytes.len() => return Scan::More { resume: at, escaped: true },
            Some(b'\\') => (at, escaped) = (at + 2, true),
            Some(_) => return Scan::Control { at },
        }
    }
}

/// The next quote, backslash or control character from `at` on, or the end.
fn next_special(bytes: &[u8], at: usize) -> usize {
    const ONES: u64 = u64::MAX / 0xff;
    const HIGH: u64 = ONES << 7;
    let zero_byte = |word: u64| word.wrapping_sub(ONES) & !word & HIGH;
    let (words, tail) = bytes[at..].as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let control = word.wrapping_sub(ONES * 0x20) & !word & HIGH;
        let found = zero_byte(word ^ (ONES * u64::from(b'"'))) | zero_byte(word ^ (ONES * u64::from(b'\\'))) | control;
        // A borrow can mark bytes above the lowest marked one wrongly, never below it.
        if found != 0 {
            return at + index * 8 + found.trailing_zeros() as usize / 8;
        }
    }
    let special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..0x20);
    bytes.len() - tail.len() + tail.iter().position(special).unwrap_or(tail.len())
}

/// Resolves the escapes of a string's content into `out`.
pub(super) fn unescape(mut text: &str, out: &mut String) -> Result<(), &'static str> {
    out.clear();
    while let Some(at) = text.find('\\') {
        out.push_str(&text[..at]);
        let mut rest = text[at + 1..].chars();
        let simple = match rest.next() {
            Some(c @ ('"' | '\\' | '/')) => c,
            Some('n') => '\n',
            Some('t') => '\t',
            Some('r') => '\r',
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('u') => {
                let (c, after) = unicode(rest.as_str())?;
                out.push(c);
                text = after;
                continue;
            }
            _ => return Err("unknown escape in a string"),
        };
        out.push(simple);
        text = rest.as_str();
    }
    out.push_str(text);
    Ok(())
}

/// The character of the digits after `\u`, and what follows it.
fn unicode(text: &str) -> Result<(char, &str), &'static str> {
    const LONE: &str = "half a surrogate pair in a string";
    let (high, rest) = unit(text)?;
    if !(0xd800..0xe000).contains(&high) {
        return char::from_u32(high).map(|c| (c, rest)).ok_or(LONE);
    }
    let low = rest.strip_prefix("\\u").ok_or(LONE)?;
    let (low, rest) = unit(low)?;
    if high >= 0xdc00 || !(0xdc00..0xe000).contains(&low) {
        return Err(LONE);
    }
    char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)).map(|c| (c, rest)).ok_or(LONE)
}

fn unit(text: &str) -> Result<(u32, &str), &'static str> {
    let digits = text.get(..4).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let unit = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
    unit.map(|unit| (unit, &text[4..])).ok_or("`\\u` needs four hexadecimal digits")
}

#[cfg(test)]
mod tests {
    use super::{Scan, next_special, scan, unescape};

    #[test]
    fn finds_the_first_special_byte_wherever_it_stands() {
        for special in [b'"', b'\\', 0, 0x1f, b'\n'] {
            for at in 0..40 {
                let mut bytes = vec![b' '; 40];
                // Neighbours that a careless mask takes for special ones.
                bytes.iter_mut().step_by(3).for_each(|byte| *byte = b'!');
                bytes.iter_mut().skip(1).step_by(3).for_each(|byte| *byte = 0xa2);
                assert_eq!(next_special(&bytes, 0), 40);
                bytes[at] = special;
                assert_eq!(next_special(&bytes, 0), at);
                assert_eq!(next_special(&bytes, at / 2), at);
            }
        }
    }

    #[test]
    fn stops_before_an_escape_that_is_cut() {
        assert!(matches!(scan(b"ab\\", 0, false), Scan::More { resume: 2, escaped: true }));
        assert!(matches!(scan(b"ab\\\"c\"", 0, false), Scan::End { at: 5, escaped: true }));
    }

    #[test]
    fn resolves_escapes_and_refuses_half_a_pair() {
        let mut out = String::new();
        unescape(r#"a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00z"#, &mut out).unwrap();
        assert_eq!(out, "a\"\\/\u{8}\u{c}\n\r\té😀z");
        for text in [r"\ud83d", r"\ud83dx", r"\ud83d\n", r"\ude00", r"\ud83d\ud83d", r"\u12", r"\u+123", r"\x", r"\ué"]
        {
            assert!(unescape(text, &mut out).is_err(), "{text}");
        }
    }
}
