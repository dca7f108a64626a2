//! [`IntOrPercent`]: how many of a total, as a count or a share.

use super::ObjectError;
use crate::value::Node;
use std::fmt;
use std::str::FromStr;

/// `3` or `25%`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IntOrPercent {
    /// A count.
    Int(u32),
    /// A share of the total; may be above 100.
    Percent(u32),
}

impl IntOrPercent {
    /// Reads `3` or `25%`. Neither signs nor fractions.
    ///
    /// # Errors
    /// [`ObjectError::IntOrPercent`].
    pub fn parse(text: &str) -> Result<Self, ObjectError> {
        let refused = |problem| ObjectError::IntOrPercent { given: text.to_owned(), problem };
        let (digits, share) = text.strip_suffix('%').map_or((text, false), |digits| (digits, true));
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(refused("it is no whole number"));
        }
        // 2^31 - 1 is the most Kubernetes takes.
        let value = digits.parse().ok().filter(|value| i32::try_from(*value).is_ok());
        let value: u32 = value.ok_or_else(|| refused("it is larger than 2147483647"))?;
        Ok(if share { Self::Percent(value) } else { Self::Int(value) })
    }

    /// Reads an integer or a text, as objects and scripts have it.
    ///
    /// # Errors
    /// [`ObjectError::IntOrPercent`].
    pub fn from_node(node: &Node) -> Result<Self, ObjectError> {
        match node {
            Node::Int(value) => Self::parse(&value.to_string()),
            Node::Str(text) => Self::parse(text),
            other => Err(ObjectError::IntOrPercent {
                given: other.description().to_owned(),
                problem: "it is neither an integer nor a text",
            }),
        }
    }

    /// How many of `total` to have at work at once: a share is rounded down, but never below 1 (the rule of rollouts in
    /// Open Cluster Management). A count is taken as it is.
    #[must_use]
    pub fn of(self, total: usize) -> usize {
        match self {
            Self::Int(count) => (count as usize).max(1),
            Self::Percent(share) => portion(share, total).max(1),
        }
    }

    /// As [`Self::of`] without the least of 1: what a Deployment's `maxUnavailable` means (`intstr.GetScaledValueFromIntOrPercent`
    /// with `roundUp=false`).
    #[must_use]
    pub fn floor(self, total: usize) -> usize {
        match self {
            Self::Int(count) => count as usize,
            Self::Percent(share) => portion(share, total),
        }
    }

    /// A share rounded up: what disruption budgets mean by both `minAvailable` and `maxUnavailable`
    /// (`getExpectedPodCount` in Kubernetes' `pkg/controller/disruption/disruption.go`), and a Deployment by `maxSurge`.
    #[must_use]
    pub fn ceil(self, total: usize) -> usize {
        match self {
            Self::Int(count) => count as usize,
            Self::Percent(share) => {
                usize::try_from((u128::from(share) * total as u128).div_ceil(100)).unwrap_or(usize::MAX)
            }
        }
    }
}

fn portion(share: u32, total: usize) -> usize {
    usize::try_from(u128::from(share) * total as u128 / 100).unwrap_or(usize::MAX)
}

impl FromStr for IntOrPercent {
    type Err = ObjectError;

    fn from_str(text: &str) -> Result<Self, ObjectError> {
        Self::parse(text)
    }
}

impl fmt::Display for IntOrPercent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(count) => write!(f, "{count}"),
            Self::Percent(share) => write!(f, "{share}%"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::IntOrPercent;
    use crate::diag::{Explain, codes};
    use crate::value::Node;

    #[test]
    fn takes_shares_by_the_rule_of_who_asks() {
        for (text, total, of, floor, ceil) in [
            ("3", 10, 3, 3, 3),
            ("0", 10, 1, 0, 0),
            ("30", 10, 30, 30, 30),
            ("25%", 10, 2, 2, 3),
            ("10%", 3, 1, 0, 1),
            ("0%", 10, 1, 0, 0),
            ("100%", 7, 7, 7, 7),
            ("50%", 0, 1, 0, 0),
            ("200%", 5, 10, 10, 10),
            ("33%", 100, 33, 33, 33),
        ] {
            let value = IntOrPercent::parse(text).unwrap();
            assert_eq!(
                (value.of(total), value.floor(total), value.ceil(total)),
                (of, floor, ceil),
                "{text} of {total}"
            );
            assert_eq!(value.to_string(), text);
        }
        assert_eq!(IntOrPercent::from_node(&Node::Int(3)).unwrap(), IntOrPercent::Int(3));
        assert_eq!(IntOrPercent::from_node(&"7%".into()).unwrap(), IntOrPercent::Percent(7));
    }

    #[test]
    fn refuses_all_else() {
        for text in ["", "%", "-1", "+1", "1.5", "10 %", "%10", "ten", "1e3", "2147483648", "99999999999%", "٣"] {
            assert_eq!(IntOrPercent::parse(text).unwrap_err().code(), codes::INVALID_ARGUMENT, "{text}");
        }
        assert!(IntOrPercent::from_node(&Node::Int(-1)).is_err());
        assert!(IntOrPercent::from_node(&Node::Float(1.0)).is_err());
    }
}
