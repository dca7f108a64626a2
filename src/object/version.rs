//! [`KubeVersion`]: the versions that API servers call themselves.

use super::ObjectError;
use std::fmt;
use std::str::FromStr;

/// A version of Kubernetes: `v1.37.2`, `1.27+`, `v1.30.4-gke.100`. What follows the numbers is a vendor's and not compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KubeVersion {
    /// The major version.
    pub major: u32,
    /// The minor version.
    pub minor: u32,
    /// The patch; 0 where it was not given.
    pub patch: u32,
}

impl KubeVersion {
    /// Reads a version.
    ///
    /// # Errors
    /// [`ObjectError::Version`] where it has no major and minor number.
    pub fn parse(text: &str) -> Result<Self, ObjectError> {
        read(text).ok_or_else(|| ObjectError::Version { given: text.to_owned() })
    }

    /// Whether it is that minor version or a later one.
    #[must_use]
    pub fn at_least(self, major: u32, minor: u32) -> bool {
        (self.major, self.minor) >= (major, minor)
    }
}

fn read(text: &str) -> Option<KubeVersion> {
    let text = text.strip_prefix('v').unwrap_or(text);
    // Everything from the first `-` or `+` on is the vendor's.
    let numbers = text.split(['-', '+']).next()?;
    let mut parts = numbers.split('.').map(|part| {
        let digits = !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| part.parse::<u32>().ok()).flatten()
    });
    let (major, minor) = (parts.next()??, parts.next()??);
    let patch = match parts.next() {
        Some(patch) => patch?,
        None => 0,
    };
    parts.next().is_none().then_some(KubeVersion { major, minor, patch })
}

impl FromStr for KubeVersion {
    type Err = ObjectError;

    fn from_str(text: &str) -> Result<Self, ObjectError> {
        Self::parse(text)
    }
}

impl fmt::Display for KubeVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

#[cfg(test)]
mod tests {
    use super::KubeVersion;

    #[test]
    fn reads_what_servers_call_themselves() {
        for (text, printed) in [
            ("v1.37.2", "1.37.2"),
            ("1.27+", "1.27.0"),
            ("1.35", "1.35.0"),
            ("v1.30.4-gke.100", "1.30.4"),
            ("v1.31.0+k3s1", "1.31.0"),
            ("v1.37.0-alpha.1.5+abc", "1.37.0"),
        ] {
            assert_eq!(KubeVersion::parse(text).unwrap().to_string(), printed);
        }
        for text in ["", "v", "1", "v1.", "1.x", "one.two", "1.2.3.4", "v1.-2", "1.99999999999", " 1.2"] {
            assert!(KubeVersion::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn compares_numbers_not_texts() {
        let [old, new] = ["v1.9.0", "v1.10.0"].map(|text| KubeVersion::parse(text).unwrap());
        assert!(old < new && new.at_least(1, 10) && !old.at_least(1, 10));
    }
}
