//! [`Quantity`]: amounts of resources, exact, read and printed as Kubernetes does (`k8s.io/apimachinery/pkg/api/resource`).
//!
//! An amount is a whole number of billionths: what is finer is rounded up, away from zero, as Kubernetes rounds it. It is never
//! a float on the way.

use super::ObjectError;
use crate::value::Node;
use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// Billionths in one.
const ONE: i128 = 1_000_000_000;
/// Kubernetes caps amounts with binary suffixes here: 2^63 - 1.
const BINARY_CAP: i128 = i64::MAX as i128 * ONE;
/// Decimals that can be multiplied by 2^60 and 10^9 without loss in 128 bits.
const MOST_BINARY_DECIMALS: usize = 18;

const DECIMAL_SUFFIXES: [(&str, i32); 10] =
    [("n", -9), ("u", -6), ("m", -3), ("", 0), ("k", 3), ("M", 6), ("G", 9), ("T", 12), ("P", 15), ("E", 18)];
const BINARY_SUFFIXES: [&str; 6] = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

/// The family of suffixes a quantity is written in. Arithmetic keeps that of its left side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Format {
    /// `12M`: powers of 1000.
    #[default]
    Decimal,
    /// `12Mi`: powers of 1024.
    Binary,
    /// `12e6`: powers of 1000 as exponents.
    Exponent,
}

/// An amount of a resource. Equality and order look at the amount only: `1Gi == 1024Mi`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Quantity {
    nanos: i128,
    format: Format,
}

impl Quantity {
    /// A whole amount.
    #[must_use]
    pub fn whole(amount: i64, format: Format) -> Self {
        Self { nanos: i128::from(amount) * ONE, format }
    }

    /// A number of thousandths, as CPU is counted.
    #[must_use]
    pub fn milli(amount: i64) -> Self {
        Self { nanos: i128::from(amount) * (ONE / 1000), format: Format::Decimal }
    }

    /// Reads a quantity: `500m`, `1.5Gi`, `12e6`. Binary amounts above 2^63-1 become just that, as in Kubernetes. A suffix
    /// without a number, which Kubernetes takes for zero (`Gi`), is refused.
    ///
    /// # Errors
    /// [`ObjectError::Quantity`] for what is none, and for decimal amounts of more than about 10^29.
    pub fn parse(text: &str) -> Result<Self, ObjectError> {
        parse(text).map_err(|problem| ObjectError::Quantity { given: text.to_owned(), problem })
    }

    /// Reads what an object or a script has: a text or a number, `cpu: 0.5`.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn from_node(node: &Node) -> Result<Self, ObjectError> {
        match node {
            Node::Str(text) => Self::parse(text),
            Node::Int(value) => Self::parse(&value.to_string()),
            Node::UInt(value) => Self::parse(&value.to_string()),
            Node::Float(value) => Self::parse(&value.to_string()),
            other => Err(ObjectError::Quantity {
                given: other.description().to_owned(),
                problem: "it is neither a text nor a number".to_owned(),
            }),
        }
    }

    /// The family of suffixes it is written in.
    #[must_use]
    pub fn format(self) -> Format {
        self.format
    }

    /// Whether it is nothing.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.nanos == 0
    }

    /// The sum.
    ///
    /// # Errors
    /// [`ObjectError::Quantity`] where it is beyond what can be counted.
    pub fn plus(self, other: Self) -> Result<Self, ObjectError> {
        self.checked(self.nanos.checked_add(other.nanos), other)
    }

    /// The difference.
    ///
    /// # Errors
    /// [`ObjectError::Quantity`] where it is beyond what can be counted.
    pub fn minus(self, other: Self) -> Result<Self, ObjectError> {
        self.checked(self.nanos.checked_sub(other.nanos), other)
    }

    /// That many times the amount.
    ///
    /// # Errors
    /// [`ObjectError::Quantity`] where it is beyond what can be counted.
    pub fn times(self, factor: i64) -> Result<Self, ObjectError> {
        self.checked(self.nanos.checked_mul(factor.into()), self)
    }

    /// The amount below zero instead of above, or the other way round.
    #[must_use]
    pub fn negated(self) -> Self {
        Self { nanos: -self.nanos, ..self }
    }

    /// How many times the other fits into this one; none for an other of zero.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a float is what was asked for")]
    pub fn ratio(self, other: Self) -> Option<f64> {
        (other.nanos != 0).then(|| self.nanos as f64 / other.nanos as f64)
    }

    /// The amount as a float, which may lose precision.
    #[must_use]
    pub fn to_f64(self) -> f64 {
        self.ratio(Self { nanos: ONE, format: Format::Decimal }).unwrap_or_default()
    }

    /// The amount as a whole number, rounded up away from zero; none where it does not fit.
    #[must_use]
    pub fn to_i64(self) -> Option<i64> {
        i64::try_from(divide_away(self.nanos, ONE)).ok()
    }

    /// The amount in thousandths, rounded up away from zero; none where it does not fit.
    #[must_use]
    pub fn to_milli(self) -> Option<i64> {
        i64::try_from(divide_away(self.nanos, ONE / 1000)).ok()
    }

    /// The amount counted in a unit: `1536Mi` in `Gi` is 1.5. A unit is any suffix, the empty one too.
    ///
    /// # Errors
    /// [`ObjectError::Quantity`] for a unit that is none.
    pub fn in_unit(self, unit: &str) -> Result<f64, ObjectError> {
        let one = Self::parse(&format!("1{unit}")).map_err(|_| ObjectError::Quantity {
            given: unit.to_owned(),
            problem: "there is no such unit".to_owned(),
        })?;
        Ok(self.ratio(one).unwrap_or_default())
    }

    /// Of zero the other side's format is kept, as in Kubernetes: `0 + 1Gi` is `1Gi`.
    fn checked(self, nanos: Option<i128>, other: Self) -> Result<Self, ObjectError> {
        let format = if self.is_zero() { other.format } else { self.format };
        nanos.map(|nanos| Self { nanos, format }).ok_or_else(|| ObjectError::Quantity {
            given: self.to_string(),
            problem: "the result is beyond what can be counted".to_owned(),
        })
    }
}

impl PartialEq for Quantity {
    fn eq(&self, other: &Self) -> bool {
        self.nanos == other.nanos
    }
}

impl Eq for Quantity {}

impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Quantity {
    fn cmp(&self, other: &Self) -> Ordering {
        self.nanos.cmp(&other.nanos)
    }
}

impl FromStr for Quantity {
    type Err = ObjectError;

    fn from_str(text: &str) -> Result<Self, ObjectError> {
        Self::parse(text)
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Small and fractional amounts have no binary form without loss.
        let small = self.nanos.unsigned_abs() < 1024 * ONE.unsigned_abs();
        let text = match self.format {
            Format::Binary if !small && self.nanos % ONE == 0 => binary(self.nanos / ONE),
            Format::Binary | Format::Decimal => decimal(self.nanos, Format::Decimal),
            Format::Exponent => decimal(self.nanos, Format::Exponent),
        };
        f.pad(&text)
    }
}

fn binary(mut amount: i128) -> String {
    let mut suffix = "";
    for larger in BINARY_SUFFIXES {
        if amount % 1024 != 0 {
            break;
        }
        amount /= 1024;
        suffix = larger;
    }
    format!("{amount}{suffix}")
}

fn decimal(nanos: i128, format: Format) -> String {
    if nanos == 0 {
        return "0".to_owned();
    }
    let (mut mantissa, mut exponent) = (nanos, -9);
    // Exponents have no end, but the suffixes do.
    while mantissa % 1000 == 0 && (format == Format::Exponent || exponent < 18) {
        mantissa /= 1000;
        exponent += 3;
    }
    match format {
        Format::Exponent if exponent == 0 => mantissa.to_string(),
        Format::Exponent => format!("{mantissa}e{exponent}"),
        _ => {
            let suffix = DECIMAL_SUFFIXES.iter().find(|(_, power)| *power == exponent).map_or("", |(suffix, _)| suffix);
            format!("{mantissa}{suffix}")
        }
    }
}

enum Scale {
    Ten(i32),
    Two(u32),
}

fn parse(text: &str) -> Result<Quantity, String> {
    let (negative, unsigned) = match text.as_bytes().first() {
        None => return Err("it is empty".to_owned()),
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        Some(_) => (false, text),
    };
    let count = |text: &str| text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (whole, rest) = unsigned.split_at(count(unsigned));
    let (fraction, suffix) = match rest.strip_prefix('.') {
        Some(after) => after.split_at(count(after)),
        None => ("", rest),
    };
    if whole.is_empty() && fraction.is_empty() {
        return Err("it does not start with a number".to_owned());
    }
    let (scale, mut format) = scale(suffix)?;
    let nanos = match scale {
        Scale::Ten(power) => decimal_nanos(whole, fraction, power)?,
        Scale::Two(power) => binary_nanos(whole, fraction, power)?.min(BINARY_CAP),
    };
    if format == Format::Binary && nanos > 0 && nanos < ONE {
        format = Format::Decimal;
    }
    Ok(Quantity { nanos: if negative { -nanos } else { nanos }, format })
}

fn scale(suffix: &str) -> Result<(Scale, Format), String> {
    if let Some((_, power)) = DECIMAL_SUFFIXES.iter().find(|(name, _)| *name == suffix) {
        return Ok((Scale::Ten(*power), Format::Decimal));
    }
    if let Some(at) = BINARY_SUFFIXES.iter().position(|name| *name == suffix) {
        return Ok((Scale::Two(10 * (u32::try_from(at).unwrap_or(0) + 1)), Format::Binary));
    }
    let unknown = || format!("there is no suffix {}", super::error::shown(suffix));
    let exponent = suffix.strip_prefix(['e', 'E']).ok_or_else(unknown)?;
    let digits = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(unknown());
    }
    let power = exponent.parse().map_err(|_| "its exponent is too large".to_owned())?;
    Ok((Scale::Ten(power), Format::Exponent))
}

/// `whole.fraction × 10^power` in billionths, rounded up.
fn decimal_nanos(whole: &str, fraction: &str, power: i32) -> Result<i128, String> {
    let digits = format!("{whole}{fraction}");
    let digits = digits.trim_start_matches('0');
    if digits.is_empty() {
        return Ok(0);
    }
    let shift = i64::from(power) + 9 - i64::try_from(fraction.len()).unwrap_or(i64::MAX);
    // Digits that stay on the left of the point once it is counted in billionths.
    let kept = i64::try_from(digits.len()).unwrap_or(i64::MAX).saturating_add(shift);
    if kept > 38 {
        return Err("it is larger than can be counted".to_owned());
    }
    if kept <= 0 {
        return Ok(1);
    }
    let kept = usize::try_from(kept).unwrap_or(0);
    let (head, tail) = digits.split_at(kept.min(digits.len()));
    let padded = format!("{head:0<kept$}");
    let value: i128 = padded.parse().map_err(|_| "it is larger than can be counted".to_owned())?;
    Ok(value + i128::from(tail.bytes().any(|digit| digit != b'0')))
}

/// `whole.fraction × 2^power` in billionths, rounded up; at least [`BINARY_CAP`] for anything above it.
fn binary_nanos(whole: &str, fraction: &str, power: u32) -> Result<i128, String> {
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > MOST_BINARY_DECIMALS {
        return Err(format!("it has more than {MOST_BINARY_DECIMALS} decimals"));
    }
    let number = |digits: &str| if digits.is_empty() { Some(0) } else { digits.parse::<i128>().ok() };
    let multiple = 1_i128 << power;
    let part = number(fraction).unwrap_or(0) * multiple;
    let decimals = u32::try_from(fraction.len()).unwrap_or(0);
    let part = match decimals.checked_sub(9) {
        None | Some(0) => part * 10_i128.pow(9 - decimals),
        Some(finer) => divide_away(part, 10_i128.pow(finer)),
    };
    let whole = number(whole.trim_start_matches('0')).and_then(|whole| whole.checked_mul(multiple)?.checked_mul(ONE));
    Ok(whole.and_then(|whole| whole.checked_add(part)).unwrap_or(BINARY_CAP))
}

fn divide_away(value: i128, by: i128) -> i128 {
    value / by + if value % by == 0 { 0 } else { value.signum() }
}

#[cfg(test)]
mod tests {
    use super::{Format, Node, Quantity};
    use crate::diag::{Explain, codes};

    fn quantity(text: &str) -> Quantity {
        Quantity::parse(text).unwrap_or_else(|error| panic!("{error}"))
    }

    /// Every pair is what `resource.MustParse(left).String()` gives.
    const CANONICAL: &[(&str, &str)] = &[
        ("0", "0"),
        ("0n", "0"),
        ("0Ki", "0"),
        ("00", "0"),
        ("-0", "0"),
        ("+0.0", "0"),
        ("0e5", "0"),
        ("1", "1"),
        ("1Ki", "1Ki"),
        ("8Ki", "8Ki"),
        ("7Mi", "7Mi"),
        ("6Gi", "6Gi"),
        ("5Ti", "5Ti"),
        ("4Pi", "4Pi"),
        ("3Ei", "3Ei"),
        ("1024Mi", "1Gi"),
        ("1001Gi", "1001Gi"),
        ("307200Ki", "300Mi"),
        ("1025Ki", "1025Ki"),
        ("1000M", "1G"),
        ("0.001T", "1G"),
        ("5n", "5n"),
        ("4u", "4u"),
        ("3m", "3m"),
        ("50k", "50k"),
        ("300T", "300T"),
        ("2P", "2P"),
        ("1E", "1E"),
        ("12E", "12E"),
        ("1E-3", "1e-3"),
        ("1e3", "1e3"),
        ("1E6", "1e6"),
        ("1E18", "1e18"),
        ("1e14", "100e12"),
        ("1e13", "10e12"),
        ("1.3E+6", "1300e3"),
        ("100.035k", "100035"),
        ("0.001", "1m"),
        ("0.0005k", "500m"),
        ("0.005", "5m"),
        ("0.50000", "500m"),
        ("0.5e0", "500e-3"),
        ("0.5e-1", "50e-3"),
        ("10.035M", "10035k"),
        ("1.2e3", "1200"),
        ("1.40e9", "1400e6"),
        ("1.7E18", "1700e15"),
        ("1.08", "1080m"),
        ("9.01", "9010m"),
        ("8.1k", "8100"),
        ("7.123456M", "7123456"),
        ("6.987654321G", "6987654321"),
        ("1.01E", "1010P"),
        ("3.001n", "4n"),
        ("1.1E-9", "2e-9"),
        ("0.0000000001", "1n"),
        ("0.00000012345", "124n"),
        ("0.9n", "1n"),
        ("1e-30", "1e-9"),
        ("9Ei", "9223372036854775807"),
        ("9223372036854775807Ki", "9223372036854775807"),
        ("1234567M", "1234567M"),
        ("100.035Ki", "102435840m"),
        ("0.5Mi", "512Ki"),
        ("0.05Gi", "53687091200m"),
        ("0.025Ti", "27487790694400m"),
        ("1.5Gi", "1536Mi"),
        (".001Ki", "1024m"),
        (".000001Ki", "1024u"),
        (".000000001Ki", "1024n"),
        (".000000000001Ki", "2n"),
        (".001", "1m"),
        (".0001k", "100m"),
        ("1.", "1"),
        ("1.G", "1G"),
        ("1000e-12", "1e-9"),
        (".001e12", "1e9"),
        ("1500m", "1500m"),
        ("2000m", "2"),
        ("100Mi", "100Mi"),
        ("1000Ki", "1000Ki"),
        ("0.1", "100m"),
        ("1e-3", "1e-3"),
    ];

    #[test]
    fn prints_what_kubernetes_prints() {
        for (text, canonical) in CANONICAL {
            let read = quantity(text);
            assert_eq!(read.to_string(), *canonical, "{text}");
            assert_eq!(quantity(canonical), read, "{text}");
            if !read.is_zero() && !text.starts_with(['-', '+']) {
                assert_eq!(quantity(&format!("-{text}")).to_string(), format!("-{canonical}"));
                assert_eq!(quantity(&format!("+{text}")), read);
            }
        }
    }

    #[test]
    fn refuses_what_is_no_quantity() {
        for text in [
            "", "1.1.M", "1+1.0M", "0.1mi", "0.1am", "aoeu", ".5i", "1i", "-3.01i", "-3.01e-", " 1", "1 ", "1Ki1", "-",
            "+", ".", "Gi", "-k", ".n", "e3", "--1", "1K", "1mm", "1e", "1e1.5", "é", "1\0", "0x10", "NaN",
        ] {
            assert_eq!(Quantity::parse(text).unwrap_err().code(), codes::QUANTITY, "{text:?}");
        }
        assert!(Quantity::parse("1e99").unwrap_err().to_string().contains("larger than can be counted"));
        assert!(Quantity::parse(&"9".repeat(100_000)).is_err());
    }

    #[test]
    fn calculates_exactly_and_keeps_the_format_of_the_left_side() {
        let sum = |a: &str, b: &str| quantity(a).plus(quantity(b)).unwrap().to_string();
        assert_eq!(sum("1Gi", "512Mi"), "1536Mi");
        assert_eq!(sum("100m", "0.2"), "300m");
        assert_eq!(sum("0", "1Gi"), "1Gi");
        assert_eq!(sum("1e3", "1k"), "2e3");
        assert_eq!(sum("0.1", "0.2"), "300m");
        assert_eq!(sum("1Gi", "1n"), "1073741824000000001n");
        assert_eq!(quantity("1Gi").minus(quantity("2Gi")).unwrap().to_string(), "-1Gi");
        assert_eq!(quantity("250m").times(8).unwrap().to_string(), "2");
        assert_eq!(quantity("1Mi").negated().to_string(), "-1Mi");
        assert!(quantity("100000000E").times(i64::MAX).is_err());
    }

    #[test]
    fn reads_numbers_of_objects() {
        let read = |node: Node| Quantity::from_node(&node).map(|quantity| quantity.to_string()).ok();
        assert_eq!(read(Node::Float(0.1)).as_deref(), Some("100m"));
        assert_eq!(read(Node::Float(1e21)).as_deref(), Some("1000E"));
        assert_eq!(read(Node::Int(-2)).as_deref(), Some("-2"));
        assert_eq!(read(Node::UInt(u64::MAX)).as_deref(), Some("18446744073709551615"));
        assert_eq!(read(Node::Bool(true)), None);
    }

    #[test]
    fn compares_amounts_whatever_their_format() {
        assert_eq!(quantity("1Gi"), quantity("1024Mi"));
        assert!(
            quantity("1G") < quantity("1Gi") && quantity("-1") < quantity("1n") && quantity("1500m") > quantity("1")
        );
    }

    #[test]
    fn converts_to_numbers() {
        assert_eq!(quantity("1536Mi").in_unit("Gi").unwrap(), 1.5);
        assert_eq!(quantity("1.5").in_unit("m").unwrap(), 1500.0);
        assert_eq!(quantity("2k").in_unit("").unwrap(), 2000.0);
        assert!(quantity("1").in_unit("MB").is_err());
        assert_eq!(quantity("0.1").to_f64(), 0.1);
        assert_eq!((quantity("1.1").to_i64(), quantity("-1.1").to_i64()), (Some(2), Some(-2)));
        assert_eq!((quantity("1.0001").to_milli(), quantity("20E").to_i64()), (Some(1001), None));
        assert_eq!(quantity("1Gi").ratio(quantity("0")), None);
        assert_eq!(Quantity::milli(1500), quantity("1.5"));
        assert_eq!(Quantity::whole(1 << 30, Format::Binary).to_string(), "1Gi");
    }
}
