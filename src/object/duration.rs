//! [`Duration`]: spans of time as Go and kubectl write them (`1h30m`, `1.5s`, `100ms`), never a number without a unit.

use super::ObjectError;
use std::fmt;
use std::str::FromStr;

const UNITS: [(&str, u64); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("μs", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
];

/// A signed span of time in nanoseconds, up to 292 years: what Go's `time.Duration` can hold. Printed as Go prints it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration {
    nanos: i64,
}

impl Duration {
    /// No time at all.
    pub const ZERO: Self = Self { nanos: 0 };

    /// That many nanoseconds.
    #[must_use]
    pub fn from_nanos(nanos: i64) -> Self {
        Self { nanos }
    }

    /// That many seconds; the longest duration where they are more.
    #[must_use]
    pub fn from_secs(seconds: i64) -> Self {
        Self { nanos: seconds.saturating_mul(1_000_000_000) }
    }

    /// From the standard library's; the longest duration where it is longer.
    #[must_use]
    pub fn from_std(duration: std::time::Duration) -> Self {
        Self { nanos: i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX) }
    }

    /// As the standard library's, which knows no negative ones.
    #[must_use]
    pub fn to_std(self) -> Option<std::time::Duration> {
        u64::try_from(self.nanos).ok().map(std::time::Duration::from_nanos)
    }

    /// In nanoseconds.
    #[must_use]
    pub fn as_nanos(self) -> i64 {
        self.nanos
    }

    /// In seconds.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a float is what was asked for")]
    pub fn as_secs_f64(self) -> f64 {
        self.nanos as f64 / 1e9
    }

    /// Whether it is below zero.
    #[must_use]
    pub fn is_negative(self) -> bool {
        self.nanos < 0
    }

    /// Reads Go's form: numbers with units, `1h30m`, `-1.5s`, `0`.
    ///
    /// # Errors
    /// [`ObjectError::Duration`] for a number without a unit, an unknown unit, or more than 292 years.
    pub fn parse(text: &str) -> Result<Self, ObjectError> {
        parse(text).map_err(|problem| ObjectError::Duration {
            given: text.to_owned(),
            hint: advice(text, &problem),
            problem: problem.to_string(),
        })
    }
}

#[derive(thiserror::Error, Debug)]
enum Problem {
    #[error("it is empty")]
    Empty,
    #[error("it has no unit")]
    NoUnit,
    #[error("there is no unit `{}`", super::error::one_line(.0))]
    Unit(String),
    #[error("a number is missing")]
    NoNumber,
    #[error("it is longer than 292 years")]
    TooLong,
}

fn advice(text: &str, problem: &Problem) -> String {
    const FORM: &str = "the units are h, m, s, ms, us and ns, as in `1h30m`, `1.5s` or `100ms`";
    match problem {
        Problem::NoUnit if text.bytes().all(|b| b.is_ascii_digit()) => format!("did you mean `{text}s`? {FORM}"),
        Problem::Unit(unit) if matches!(unit.as_str(), "d" | "day" | "days") => {
            format!("a day is written `24h`; {FORM}")
        }
        _ => FORM.to_owned(),
    }
}

fn parse(text: &str) -> Result<Duration, Problem> {
    let (negative, mut rest) = match text.as_bytes().first() {
        None => return Err(Problem::Empty),
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        Some(_) => (false, text),
    };
    if rest == "0" {
        return Ok(Duration::ZERO);
    }
    if rest.is_empty() {
        return Err(Problem::NoNumber);
    }
    let mut total: i128 = 0;
    while !rest.is_empty() {
        let (nanos, after) = component(rest)?;
        total += nanos;
        if total > i128::from(i64::MAX) + i128::from(negative) {
            return Err(Problem::TooLong);
        }
        rest = after;
    }
    let total = if negative { -total } else { total };
    i64::try_from(total).map(Duration::from_nanos).map_err(|_| Problem::TooLong)
}

/// One number with its unit, in nanoseconds, and what follows. Digits beyond the nanosecond are cut off, as in Go.
fn component(text: &str) -> Result<(i128, &str), Problem> {
    let digits = |text: &str| text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (whole, rest) = text.split_at(digits(text));
    let (fraction, rest) = match rest.strip_prefix('.') {
        Some(after) => after.split_at(digits(after)),
        None => ("", rest),
    };
    if whole.is_empty() && fraction.is_empty() {
        return Err(Problem::NoNumber);
    }
    let end = rest.find(|c: char| c == '.' || c.is_ascii_digit()).unwrap_or(rest.len());
    let (unit, after) = rest.split_at(end);
    if unit.is_empty() {
        return Err(Problem::NoUnit);
    }
    let Some((_, size)) = UNITS.iter().find(|(name, _)| *name == unit) else {
        return Err(Problem::Unit(unit.chars().take(16).collect()));
    };
    let size = i128::from(*size);
    // Whole numbers of more than 20 digits are too long in any unit; 18 digits of a fraction are more than a nanosecond.
    let whole: i128 = match whole {
        "" => 0,
        digits => digits.parse::<u64>().map_err(|_| Problem::TooLong)?.into(),
    };
    let fraction = &fraction[..fraction.len().min(18)];
    let scale = 10_i128.pow(u32::try_from(fraction.len()).unwrap_or(0));
    let part: i128 = if fraction.is_empty() { 0 } else { fraction.parse().unwrap_or(0) };
    Ok((whole * size + part * size / scale, after))
}

impl FromStr for Duration {
    type Err = ObjectError;

    fn from_str(text: &str) -> Result<Self, ObjectError> {
        Self::parse(text)
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.nanos < 0 { "-" } else { "" };
        let nanos = self.nanos.unsigned_abs();
        let text = match nanos {
            0 => "0s".to_owned(),
            1..1_000 => format!("{sign}{nanos}ns"),
            1_000..1_000_000 => format!("{sign}{}µs", decimal(nanos, 1_000)),
            1_000_000..1_000_000_000 => format!("{sign}{}ms", decimal(nanos, 1_000_000)),
            _ => {
                let minutes = nanos / 60_000_000_000;
                let seconds = decimal(nanos % 60_000_000_000, 1_000_000_000);
                match (minutes / 60, minutes % 60) {
                    (0, 0) => format!("{sign}{seconds}s"),
                    (0, minutes) => format!("{sign}{minutes}m{seconds}s"),
                    (hours, minutes) => format!("{sign}{hours}h{minutes}m{seconds}s"),
                }
            }
        };
        f.pad(&text)
    }
}

/// `value / unit` with as many decimals as it takes; `unit` is a power of ten.
fn decimal(value: u64, unit: u64) -> String {
    let (whole, part) = (value / unit, value % unit);
    if part == 0 {
        return whole.to_string();
    }
    let width = unit.ilog10() as usize;
    format!("{whole}.{}", format!("{part:0width$}").trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::Duration;
    use crate::diag::{Explain, codes};

    #[test]
    fn reads_and_prints_durations_as_go_does() {
        for (text, nanos, printed) in [
            ("0", 0, "0s"),
            ("0s", 0, "0s"),
            ("-0", 0, "0s"),
            ("5s", 5_000_000_000, "5s"),
            ("+5s", 5_000_000_000, "5s"),
            ("30s", 30_000_000_000, "30s"),
            ("5m", 300_000_000_000, "5m0s"),
            ("1h30m", 5_400_000_000_000, "1h30m0s"),
            ("1478s", 1_478_000_000_000, "24m38s"),
            ("1.5s", 1_500_000_000, "1.5s"),
            (".5s", 500_000_000, "500ms"),
            ("5.s", 5_000_000_000, "5s"),
            ("100ms", 100_000_000, "100ms"),
            ("1.0000001s", 1_000_000_100, "1.0000001s"),
            ("12us", 12_000, "12µs"),
            ("12µs", 12_000, "12µs"),
            ("12μs5ns", 12_005, "12.005µs"),
            ("7ns", 7, "7ns"),
            ("-2m3.4s", -123_400_000_000, "-2m3.4s"),
            ("1h2m3s4ms5us6ns", 3_723_004_005_006, "1h2m3.004005006s"),
            ("39h9m14.425s", 140_954_425_000_000, "39h9m14.425s"),
            ("0.3333333333333333333h", 1_199_999_999_999, "19m59.999999999s"),
            ("9223372036854775807ns", i64::MAX, "2562047h47m16.854775807s"),
            ("-9223372036854775808ns", i64::MIN, "-2562047h47m16.854775808s"),
        ] {
            let duration = Duration::parse(text).unwrap();
            assert_eq!((duration.as_nanos(), duration.to_string().as_str()), (nanos, printed), "{text}");
            assert_eq!(Duration::parse(printed).unwrap(), duration);
        }
    }

    #[test]
    fn refuses_what_is_no_duration_and_lists_the_units() {
        for (text, part) in [
            ("", "it is empty"),
            ("30", "it has no unit"),
            ("1h30", "it has no unit"),
            ("3d", "there is no unit `d`"),
            ("5 m", "there is no unit ` m`"),
            ("1S", "there is no unit `S`"),
            ("s", "a number is missing"),
            ("-", "a number is missing"),
            (".s", "a number is missing"),
            ("1e9s", "there is no unit `e`"),
            ("1h\n", "there is no unit `h\\n`"),
            ("9223372036854775808ns", "longer than 292 years"),
            ("99999999999999999999h", "longer than 292 years"),
            ("3000000h", "longer than 292 years"),
        ] {
            let error = Duration::parse(text).unwrap_err();
            assert_eq!(error.code(), codes::DURATION);
            assert!(error.to_string().contains(part), "{text}: {error}");
            assert!(error.hint().unwrap().contains("h, m, s, ms, us and ns"));
        }
        assert!(Duration::parse("30").unwrap_err().hint().unwrap().starts_with("did you mean `30s`?"));
        assert!(Duration::parse("3d").unwrap_err().hint().unwrap().contains("`24h`"));
    }

    #[test]
    fn converts_to_the_standard_library() {
        assert_eq!(Duration::parse("1.5s").unwrap().to_std(), Some(std::time::Duration::from_millis(1500)));
        assert_eq!(Duration::parse("-1s").unwrap().to_std(), None);
        assert_eq!(Duration::from_std(std::time::Duration::MAX).as_nanos(), i64::MAX);
    }
}
